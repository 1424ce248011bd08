"""Two things side by side: what both have, and what only one of them has."""

from __future__ import annotations

from urllib.parse import urlencode

from flask.testing import FlaskClient

from reading_pages import Page, faults, read


def compared(client: FlaskClient, one: str, other: str, **more: str) -> Page:
    return read(client, f"/compare?{urlencode({'a': one, 'b': other, **more})}")


def row(page: Page, label: str) -> list[str]:
    """The cells of a property: in common, only the first, only the second."""
    elements = iter(page.elements)
    for element in elements:
        if element.tag == "th" and element["scope"] == "row" and element.text == label:
            cells = (e for e in elements if e.tag == "td")
            return [next(cells).text for _ in range(3)]
    return []


def test_the_innovations_of_two_stages_stand_apart(client: FlaskClient) -> None:
    # The carnet tells telework, among others, at the MFQ's stage; the electric bicycles at the
    # Mutualité's.
    page = compared(client, "stage/mfq-franche-comte", "stage/mutualite-francaise-franche-comte")
    assert faults(page, "fr") == []
    both, mfq, mutualite = row(page, "innovation présentée")
    assert both == ""
    assert "Télétravail" in mfq
    assert "Vélo électrique pour les salariés" in mutualite and "déduit" in mutualite


def test_a_theme_that_both_are_linked_to_says_how_surely_of_each(client: FlaskClient) -> None:
    page = compared(
        client, "organisation/legeni", "organisation/mutualite-francaise-franche-comte", lang="en"
    )
    assert faults(page, "en") == []
    shared = row(page, "linked to the larger theme")[0]
    assert "Governance and participation" in shared
    assert "Legeni:" in shared and "Mutualité Française Franche-Comté:" in shared
    assert "Legeni: explicit" in shared and "Comté: uncertain" in shared
    assert len([a for a in page.all("a") if a["href"].startswith("/r/")]) > 2
    both = "organisation/legeni", "organisation/mutualite-francaise-franche-comte"
    said = compared(client, *both, certainty="explicit", lang="en")
    assert "inferred" not in "".join(e.text for e in said.all("td"))
    assert len(said.all("td")) < len(page.all("td"))


def test_what_links_the_two_themselves_is_told_before(client: FlaskClient) -> None:
    # Telework is a theme within life at work, by the thesaurus of the curators.
    page = compared(client, "theme/teletravail", "theme/vie-au-travail")
    assert faults(page, "fr") == []
    direct = page.one("section", **{"aria-labelledby": "direct"}).text
    assert "Télétravail thème plus large Vie au travail" in direct
    turned = compared(client, "theme/vie-au-travail", "theme/teletravail")
    assert (
        "Vie au travail thème plus précis Télétravail"
        in turned.one("section", **{"aria-labelledby": "direct"}).text
    )
    labels = [e.text for e in page.all("th", scope="row")]
    assert labels and sorted(labels) == sorted(e.text for e in turned.all("th", scope="row"))
    for label in labels:
        assert row(page, label)[1:] == row(turned, label)[:0:-1]
    apart = compared(client, "organisation/legeni", "organisation/indibat")
    assert not apart.all("section", **{"aria-labelledby": "direct"})


def test_what_only_says_the_same_the_other_way_is_not_repeated(client: FlaskClient) -> None:
    page = compared(client, "organisation/legeni", "organisation/indibat")
    labels = [e.text for e in page.all("th", scope="row")]
    assert labels.count("porte") == 1, "an innovation is carried by an organisation: it carries it"


def test_things_are_asked_for_and_no_position_in_a_text_is_offered(client: FlaskClient) -> None:
    page = read(client, "/compare?lang=en")
    assert [e["name"] for e in page.all("input", type="text")] == ["a", "b"]
    page = read(client, "/compare?a=1", 404)
    offered = [a["href"] for a in page.all("a") if "a=" in a["href"]]
    assert not [it for it in offered if "selector" in it]
    assert "signes" not in page.one("main").text
