"""Every page and every answer that an open question touches says so."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask.testing import FlaskClient

from reading_pages import Page, read

MUTUALITE = "organisation/mutualite-francaise-franche-comte"


def marks(page: Page) -> dict[str, str]:
    """The marks of open questions on a page, by their addresses."""
    return {unquote(a["href"]): a.text for a in page.all("a") if "open-mark" in a["class"]}


def related(client: FlaskClient, address: str) -> set[str]:
    """The open questions that the header of a file names."""
    response = client.get(address)
    assert response.status_code == 200
    links = [link for link in response.headers.getlist("Link") if 'rel="related"' in link]
    return {link.partition("/question/carnet-2-")[2].partition(">")[0] for link in links}


def test_a_thing_in_a_list_leads_to_the_questions_that_touch_it(client: FlaskClient) -> None:
    found = marks(read(client, "/list/organisation"))
    assert found[f"/doubts?touches={MUTUALITE}"].startswith("4 questions ouvertes")
    assert found["/doubts#carnet-2-passeport-de-qui"].startswith("question ouverte")
    assert not any("legeni" in href for href in found)
    assert not marks(read(client, "/list/agent"))
    assert "/doubts?touches=theme/innovation-technologique" in marks(read(client, "/list/theme"))
    found = marks(read(client, "/list/organisation?certainty=inferred&lang=en"))
    kept = f"/doubts?touches={MUTUALITE}&certainty=inferred&lang=en"
    assert found[kept].startswith("4 open questions")
    for way in ("timeline", "map"):
        page = read(client, f"/list/stage?view={way}")
        assert "/doubts?touches=stage/mfq-franche-comte" in marks(page)


RELATED = {
    "/list/organisation.csv": ("quelle-mutualite", "temoins-du-pole", "passeport-de-qui"),
    "/list/organisation.json": ("quelle-mutualite", "temoins-du-pole", "passeport-de-qui"),
    "/list/organisation.ttl": ("quelle-mutualite", "temoins-du-pole", "passeport-de-qui"),
    "/list/stage.ttl?view=timeline": ("rang-bge-mfq",),
    "/questions/themes_of_organisation.csv": ("porteur-mamhique",),
    f"/questions/themes_of_organisation.csv?organisation={MUTUALITE}": ("porteur-dents",),
    "/questions/who_met_whom.csv": ("presence-ginsbourger",),
    f"/compare.csv?a={MUTUALITE}&b=organisation/legeni": ("quelle-mutualite",),
    f"/between.csv?from={MUTUALITE}&to=theme/accueil-des-enfants": ("porteur-mamhique",),
    f"/network.csv?centre={MUTUALITE}": ("porteur-dents",),
    f"/network.ttl?centre={MUTUALITE}": ("porteur-mamhique",),
}
"""Files, and open questions that touch what they hold."""


def test_the_header_of_a_file_names_the_questions_that_touch_it(client: FlaskClient) -> None:
    for address, touched in RELATED.items():
        found = related(client, address)
        assert {*touched} <= found and "mots-en-gras" not in found, address
    assert related(client, "/list/agent.csv") == set()


def test_a_view_lists_the_questions_that_touch_it(client: FlaskClient) -> None:
    def listed(address: str) -> str:
        return read(client, address).one("aside", **{"class": "open"}).text

    matrix = listed("/list/organisation?view=matrix")
    assert "Qui porte Mamhique" in matrix and "Au nom de qui parlent" in matrix
    assert "Que couvre" not in matrix
    said = listed("/list/organisation?view=matrix&certainty=explicit")
    assert "Qui porte Mamhique" not in said, "said in so many words, it hangs on no reading"
    assert "Au nom de qui parlent" in said, "by another reading there are more"
    for address in (
        f"/compare?a={MUTUALITE}&b=organisation/legeni",
        f"/between?from={MUTUALITE}&to=theme/accueil-des-enfants",
        f"/network?centre={MUTUALITE}",
    ):
        assert re.match(r"Une question ouverte|\d+ questions ouvertes", listed(address)), address
    links = [a["href"] for a in read(client, "/questions/who_met_whom").all("a")]
    assert "/page/question/carnet-2-presence-ginsbourger" in links
    page = read(client, "/compare?a=organisation/legeni&b=organisation/cress")
    assert not page.all("aside", **{"class": "open"})


def test_of_many_questions_a_page_names_the_first_and_leads_to_the_others(
    client: FlaskClient,
) -> None:
    aside = read(client, "/network").one("aside", **{"class": "open"})
    page = read(client, "/network")
    links = [a for a in page.all("a") if a["href"].startswith("/doubts")]
    named = [a for a in links if "#" in a["href"]]
    assert len(named) == 8 and "11 questions ouvertes" in aside.text
    assert "et 3 autres" in aside.text
    assert "/doubts" in [a["href"] for a in links]
