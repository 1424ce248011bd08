"""The header: six sections, tabs within them, and certainty as a dial that every link keeps."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reading_pages import Page, faults, read

SECTIONS = {
    "fr": ["Le rallye", "Le carnet", "Explorer", "Doutes", "Interroger", "À propos"],
    "en": ["The rally", "The logbook", "Explore", "Doubts", "Query", "About"],
}
PAGES = {
    "/": "Le rallye",
    "/list/stage?view=timeline": "Explorer",
    "/carnet/carnet-2": "Le carnet",
    "/list/person": "Explorer",
    "/page/stage/vesoul": "Explorer",
    "/resource?iri=https://schema.org/Event": "Explorer",
    "/list/organisation?view=matrix": "Explorer",
    "/network": "Explorer",
    "/questions/stages": "Interroger",
    "/builder": "Interroger",
    "/ontology/Stage": "À propos",
    "/downloads": "À propos",
    "/report": "À propos",
    "/accessibility": "À propos",
    "/api": "À propos",
    "/docs/entering": "À propos",
}
"""Pages, and the section that each is in."""


def sections(page: Page) -> dict[str, str]:
    """Return the sections of the header with what they say of the page."""
    links = [a for a in page.all("a") if "header" in a.inside and "nav" in a.inside]
    return {a.text: a.attributes.get("aria-current") or "" for a in links}


def kept(page: Page, name: str) -> set[str]:
    """Return the values of a parameter in the links of a page to other pages of the site."""
    found = set()
    for a in page.all("a"):
        place = urlsplit(a["href"])
        is_page = not place.netloc and "." not in place.path.rpartition("/")[2]
        is_of_frame = a["class"].startswith("dial") or a["class"] == "other-language"
        if place.path and is_page and not is_of_frame and "/cite" not in place.path:
            found |= {*parse_qs(place.query).get(name, [""])}
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_header_names_six_sections(client: FlaskClient, language: str) -> None:
    page = read(client, f"/?lang={language}")
    assert [*sections(page)] == SECTIONS[language]
    assert faults(page, language) == []


@pytest.mark.parametrize(("address", "section"), PAGES.items())
def test_every_page_lies_under_one_of_them(client: FlaskClient, address: str, section: str) -> None:
    current = {name: value for name, value in sections(read(client, address)).items() if value}
    assert [*current] == [section]


def test_each_address_of_the_map_is_in_a_section(client: FlaskClient, app: Flask) -> None:
    paths = {rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule}
    files = {path for path in paths if "." in path or path.startswith(("/api", "/reconcile"))}
    unplaced = {
        path
        for path in paths - files
        if (answer := client.get(path)).mimetype == "text/html"
        and answer.status_code == 200
        and not any(sections(Page(answer.text)).values())
    }
    assert unplaced == set()


def test_tabs_name_the_pages_of_a_section(client: FlaskClient) -> None:
    page = read(client, "/network")
    (nav,) = page.all("nav", **{"class": "section-tabs"})
    tabs = [a for a in page.all("a") if nav.start < a.start and (a.end or 0) <= (nav.end or 0)]  # type: ignore[operator]
    beside = read(client, "/list/person")
    (kinds,) = beside.all("nav", **{"class": "kinds"})
    listed = [
        a["href"]
        for a in beside.all("a")
        if kinds.start < a.start and (a.end or 0) <= (kinds.end or 0)  # type: ignore[operator]
    ]
    assert [a["href"] for a in tabs] == listed, "one list of what can be explored"
    assert [a["href"] for a in tabs if a["aria-current"] == "page"] == ["/network"]
    assert not read(client, "/").all("nav", **{"class": "section-tabs"}), "a page alone has none"
    assert not read(client, "/page/stage/vesoul").all("nav", **{"class": "section-tabs"})


def test_comparing_and_relating_begin_at_a_thing_and_stand_in_no_menu(client: FlaskClient) -> None:
    for path in ("/", "/list/person", "/network", "/compare", "/between"):
        offered = {urlsplit(a["href"]).path for a in read(client, path).all("a", rel="")}
        examples = {path} if path in ("/compare", "/between") else set()
        assert not offered & {"/compare", "/between"} - examples, path
    offered = {a["href"] for a in read(client, "/page/person/bruno-herry").all("a")}
    assert "/compare?a=person%2Fbruno-herry" in offered
    assert "/between?from=person%2Fbruno-herry" in offered


def test_every_link_keeps_the_certainty(client: FlaskClient) -> None:
    for address in (
        "/",
        "/list/person",
        "/page/stage/vesoul",
        "/list/organisation?view=matrix",
        "/questions",
        "/about",
    ):
        joined = "&" if "?" in address else "?"
        page = read(client, f"{address}{joined}certainty=explicit")
        assert kept(page, "certainty") == {"explicit"}, address
        page = read(client, f"{address}{joined}certainty=inferred&lang=en")
        assert kept(page, "certainty") == {"inferred"} and kept(page, "lang") == {"en"}, address
        assert kept(read(client, address), "certainty") == {""}, address


def test_forms_keep_the_certainty(client: FlaskClient) -> None:
    page = read(client, "/between?certainty=explicit&lang=en")
    values = {e["value"] for e in page.all("input", name="certainty")}
    forms = len(page.all("form"))
    assert values == {"explicit"} and len(page.all("input", name="certainty")) == forms > 1


def test_the_dial_is_three_links_that_say_what_goes_away(client: FlaskClient) -> None:
    page = read(client, "/list/passage?sort=name&certainty=inferred&page=2")
    steps = page.all("a", **{"aria-current": "true"})
    (current,) = [a for a in steps if a["class"].startswith("dial-step")]
    assert "déduit" in current.text
    dial = [a for a in page.all("a") if a["class"].startswith("dial-step")]
    assert [a["href"] for a in dial] == [
        "/list/passage?sort=name&certainty=explicit",
        "/list/passage?sort=name&certainty=inferred",
        "/list/passage?sort=name",
    ]
    effect = page.one("span", **{"class": "dial-effect"}).text
    assert effect == "– 11 liens organisation-thème (25 sur 36)"


@pytest.mark.parametrize(
    ("address", "effect"),
    [
        ("/", "36 liens organisation-thème, tous"),
        ("/?lang=en", "36 links of organisations to themes, all"),
        ("/?certainty=inferred&lang=en", "– 11 links of organisations to themes (25 of 36)"),
    ],
)
def test_the_dial_says_which_links_it_counts(
    client: FlaskClient, address: str, effect: str
) -> None:
    assert read(client, address).one("span", **{"class": "dial-effect"}).text == effect


@pytest.mark.parametrize("address", ["/list/person", "/page/stage/vesoul", "/questions/stages"])
def test_the_least_certainty_is_not_written_out(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}?certainty=tentative&lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}?lang=en")


def test_data_at_the_least_certainty_are_not_sent_elsewhere(client: FlaskClient) -> None:
    for address in ("/list/person.csv", "/api/questions/stages", "/questions/stages.csv"):
        assert client.get(f"{address}?certainty=tentative").status_code == 200, address


@pytest.mark.parametrize("address", ["/", "/about", "/page/stage/vesoul", "/list/person"])
def test_a_certainty_that_is_none_is_refused(client: FlaskClient, address: str) -> None:
    page = read(client, f"{address}?certainty=sure", 400)
    assert "explicit, inferred, tentative" in page.text


def test_a_page_in_another_language_is_at_the_same_certainty(client: FlaskClient) -> None:
    page = read(client, "/list/person?certainty=explicit")
    assert page.one("a", **{"class": "other-language"})["href"] == (
        "/list/person?certainty=explicit&lang=en"
    )


def test_a_question_is_asked_at_the_certainty_of_the_dial(client: FlaskClient) -> None:
    page = read(client, "/questions/themes_of_organisation?certainty=explicit")
    (asked,) = [e for e in page.all("input", name="certainty") if "main" in e.inside]
    assert (asked["type"], asked["value"]) == ("hidden", "explicit")
    every = read(client, "/questions/themes_of_organisation")
    assert not [e for e in every.all("input", name="certainty") if "main" in e.inside]
    assert len(page.all("tr")) < len(every.all("tr"))
