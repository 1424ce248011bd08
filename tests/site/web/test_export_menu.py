"""One menu for everything that a page is had as, and no other row of formats."""

from __future__ import annotations

from itertools import islice

import pytest
from flask.testing import FlaskClient

from claims import short
from reading_pages import Element, Page, read

NOTE = short("innovation/mamhique", "carriedBy", "organisation/mutualite-francaise-franche-comte")
PAIR = "organisation%2Flegeni", "organisation%2Fbge-franche-comte"
OFFERS = {
    "/": {"CSV", "JSON", "Turtle"},
    "/carnet/carnet-2": {"Couverture, CSV", "Couverture, JSON", "Turtle"},
    "/doubts": {"CSV", "JSON", "Turtle"},
    NOTE: {"CSV", "JSON", "Turtle"},
    f"/compare?a={PAIR[0]}&b={PAIR[1]}": {"CSV", "JSON", "Turtle"},
    f"/between?from={PAIR[0]}&to={PAIR[1]}": {"CSV", "JSON", "Turtle"},
    "/search?q=legeni": {"CSV", "JSON", "Turtle"},
    "/ontology": {"CSV", "JSON", "Turtle"},
    "/ontology/Innovation": {"CSV des emplois", "Turtle", "JSON-LD"},
    "/context": {"JSON-LD"},
    "/shapes": {"Turtle", "N-Triples", "RDF/XML", "JSON-LD"},
    "/report": {"CSV", "JSON", "Turtle"},
    "/about": {"CSV", "JSON"},
}
"""Pages, and some of the files that each offers."""


def inside(page: Page, element: Element) -> list[Element]:
    """Return the links in an element, which follow it until its text ends."""
    after = islice(page.elements, page.elements.index(element) + 1, None)
    assert element.end is not None
    return [e for e in after if e.tag == "a" and e.start < (element.end or 0)]


@pytest.mark.parametrize("address", OFFERS)
def test_a_page_offers_its_files_in_one_menu(client: FlaskClient, address: str) -> None:
    page = read(client, address)
    (menu,) = [e for e in page.all("details") if e["class"] == "export"]
    links = inside(page, menu)
    assert {e.text for e in links} >= OFFERS[address]
    for link in islice(links, 2):
        assert client.get(link["href"]).status_code == 200, link["href"]
    rows = [e for e in page.all("ul") if e["class"] == "pills"]
    formats = {e.text for row in rows for e in inside(page, row)} & {"CSV", "JSON", "Turtle"}
    assert not formats, "another row of formats"
