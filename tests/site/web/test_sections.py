"""The header: six sections, tabs within them, and certainty as a dial that every link keeps."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from reading_pages import Element, Page, read

SECTIONS = {
    "fr": ["Le rallye", "Le carnet", "Explorer", "Doutes", "Interroger", "À propos"],
    "en": ["The rally", "The logbook", "Explore", "Doubts", "Query", "About"],
}
PAGES = {
    "Le rallye": ("/",),
    "Le carnet": ("/carnet/carnet-2",),
    "Explorer": (
        *("/list/stage?view=timeline", "/list/person", "/page/stage/vesoul", "/network"),
        "/resource?iri=https://schema.org/Event",
    ),
    "Interroger": ("/questions/stages", "/builder"),
    "À propos": (
        *("/ontology/Stage", "/downloads", "/report", "/accessibility", "/api", "/docs/entering"),
    ),
}
"""Sections, and pages of each; the walk over all pages finds each of them in one section."""


def sections(page: Page) -> dict[str, str]:
    """Return the sections of the header with what they say of the page."""
    links = [a for a in page.all("a") if {"header", "nav"} <= {*a.inside}]
    return {a.text: a["aria-current"] for a in links}


def within(page: Page, element: Element) -> list[Element]:
    """Return the links in an element."""
    links = page.all("a")
    return [a for a in links if element.start < a.start and (a.end or 0) <= (element.end or 0)]


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


def test_the_header_names_six_sections_and_each_page_is_in_one(client: FlaskClient) -> None:
    for language, names in SECTIONS.items():
        assert [*sections(read(client, f"/?lang={language}"))] == names
    for section, addresses in PAGES.items():
        for address in addresses:
            told = sections(read(client, address))
            assert [name for name, current in told.items() if current] == [section], address


def test_tabs_name_the_pages_of_a_section(client: FlaskClient) -> None:
    page, beside = read(client, "/network"), read(client, "/list/person")
    tabs = within(page, page.one("nav", **{"class": "section-tabs"}))
    listed = within(beside, beside.one("nav", **{"class": "kinds"}))
    assert [a["href"] for a in tabs] == [a["href"] for a in listed], "one list for both"
    assert [a["href"] for a in tabs if a["aria-current"] == "page"] == ["/network"]
    for alone in ("/", "/page/stage/vesoul"):
        assert not read(client, alone).all("nav", **{"class": "section-tabs"})


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
    dial = [a for a in page.all("a") if a["class"].startswith("dial-step")]
    assert [a["href"] for a in dial] == [
        "/list/passage?sort=name&certainty=explicit",
        "/list/passage?sort=name&certainty=inferred",
        "/list/passage?sort=name",
    ]
    assert ["déduit" in a.text for a in dial if a["aria-current"] == "true"] == [True]
    for address, effect in (
        ("/?certainty=inferred", "– 11 liens organisation-thème (25 sur 36)"),
        ("/?certainty=inferred&lang=en", "– 11 links of organisations to themes (25 of 36)"),
        ("/", "36 liens organisation-thème, tous"),
        ("/?lang=en", "36 links of organisations to themes, all"),
    ):
        assert read(client, address).one("span", **{"class": "dial-effect"}).text == effect


def test_the_least_certainty_is_not_written_out(client: FlaskClient) -> None:
    for address in ("/list/person", "/page/stage/vesoul", "/questions/stages"):
        answer = client.get(f"{address}?certainty=tentative&lang=en")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}?lang=en")
    for address in ("/list/person.csv", "/api/questions/stages", "/questions/stages.csv"):
        assert client.get(f"{address}?certainty=tentative").status_code == 200, address


def test_a_question_is_asked_at_the_certainty_of_the_dial(client: FlaskClient) -> None:
    page = read(client, "/questions/themes_of_organisation?certainty=explicit")
    (asked,) = [e for e in page.all("input", name="certainty") if "main" in e.inside]
    assert (asked["type"], asked["value"]) == ("hidden", "explicit")
    every = read(client, "/questions/themes_of_organisation")
    assert not [e for e in every.all("input", name="certainty") if "main" in e.inside]
    assert len(page.all("tr")) < len(every.all("tr"))
