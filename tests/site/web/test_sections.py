"""The frame: a menu of six, a path, and a certainty that every link keeps and no page hides."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from rallynov_graph.base.kinds import NAVIGATION
from reading_pages import Page, read

SECTIONS = {
    "fr": ["Le carnet", "Explorer", "Questions", "Doutes", "Télécharger", "Aide"],
    "en": ["Logbook", "Explore", "Questions", "Doubts", "Download", "Help"],
}
PAGES = {
    "Le carnet": ("/carnet/carnet-2",),
    "Explorer": (
        *("/explore", "/list/person", "/page/stage/vesoul", "/network"),
        "/resource?iri=https://schema.org/Event",
    ),
    "Questions": ("/questions/stages", "/builder"),
    "Télécharger": ("/downloads", "/changes"),
    "Aide": ("/ontology/Stage", "/report", "/accessibility", "/api", "/docs/entering"),
}
"""Sections, and pages of each; the walk over all pages finds each of them in one section."""


def sections(page: Page) -> dict[str, str]:
    """Return the sections of the header with what they say of the page."""
    links = [a for a in page.all("a") if {"header", "nav"} <= {*a.inside}]
    return {a.text: a["aria-current"] for a in links}


def kept(page: Page, name: str) -> set[str]:
    """Return the values of a parameter in the links of a page to other pages of the site."""
    found = set()
    for a in page.all("a"):
        place = urlsplit(a["href"])
        is_page = not place.netloc and "." not in place.path.rpartition("/")[2]
        is_of_frame = ("nofollow" in a["rel"] and "main" in a.inside) or a[
            "class"
        ] == "other-language"
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
    assert not any(sections(read(client, "/")).values()), "the home is in none"


def test_a_path_and_three_words_stand_above_the_title(client: FlaskClient) -> None:
    page = read(client, "/page/stage/vesoul")
    title, path = page.one("h1"), page.one("nav", **{"class": "path"})
    assert [a["href"] for a in page.all("a") if a.inside[-3:] == ("nav", "ol", "li")] == [
        "/explore",
        "/list/stage",
    ]
    acts = page.one("ul", **{"class": "acts"})
    assert path.start < acts.start < title.start
    assert [e.text for e in page.all("summary") if acts.start < e.start < (acts.end or 0)] == [
        *("Citer", "BibTeX, RIS, CSL-JSON, Markdown", "Exporter")
    ]


def test_explore_and_help_lead_to_what_they_hold(client: FlaskClient) -> None:
    led = {a["href"] for a in read(client, "/explore").all("a")}
    assert {*(f"/list/{kind}" for kind in NAVIGATION), "/network"} <= led
    led = {a["href"] for a in read(client, "/docs?lang=en").all("a")}
    assert {f"/{it}?lang=en" for it in ("about", "api", "ontology", "accessibility")} <= led


def test_comparing_and_relating_begin_at_a_thing_and_stand_in_no_menu(client: FlaskClient) -> None:
    for path in ("/", "/list/person", "/network", "/compare", "/between"):
        offered = {urlsplit(a["href"]).path for a in read(client, path).all("a", rel="")}
        examples = {path} if path in ("/compare", "/between") else set()
        assert not offered & {"/compare", "/between"} - examples, path
    page = read(client, "/page/person/bruno-herry")
    assert {e["action"] for e in page.all("form")} >= {"/compare", "/between"}
    fields = {e["name"] for e in page.all("input", value="person/bruno-herry")}
    assert fields == {"a", "from"}


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


def test_the_least_certainty_is_not_written_out(client: FlaskClient) -> None:
    for address in ("/list/person", "/page/stage/vesoul", "/questions/stages"):
        answer = client.get(f"{address}?certainty=tentative&lang=en")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}?lang=en")
    for address in ("/list/person.csv", "/api/questions/stages", "/questions/stages.csv"):
        assert client.get(f"{address}?certainty=tentative").status_code == 200, address


def test_a_question_is_asked_at_the_certainty_of_its_address(client: FlaskClient) -> None:
    page = read(client, "/questions/themes_of_organisation?certainty=explicit")
    (asked,) = [e for e in page.all("input", name="certainty") if "main" in e.inside]
    assert (asked["type"], asked["value"]) == ("hidden", "explicit")
    every = read(client, "/questions/themes_of_organisation")
    assert not [e for e in every.all("input", name="certainty") if "main" in e.inside]
    assert len(page.all("tr")) < len(every.all("tr"))
