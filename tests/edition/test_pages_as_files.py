"""An edition says what the site says, and each of its links leads to one of its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import pytest
from flask import Flask

from edition_links import broken_links, ignored_choices
from edition_texts import Beside
from nu_validator import html_faults
from rallynov_graph.base.namespaces import RN
from rallynov_graph.edition.addresses import Absent, SiteAddress
from rallynov_graph.edition.links import HOST, POLICY_OF_PAGES, ROOT
from rallynov_graph.release import release_set
from rallynov_graph.release.attribution import Publication
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page
from small_edition import BASE, LIKE_A_PLACE, NAMES, SmallEdition, few_questions

ONE: Final = "/resource?iri=https%3A%2F%2Fexample.org%2Fone"
SAMPLE: Final = (
    *("/", "/list/stage?lang=en", "/accessibility?certainty=explicit", "/ontology"),
    *(ONE, f"{ONE}&certainty=explicit&lang=en", "/questions/stages?certainty=explicit"),
    *("/downloads?lang=en", "/changes?certainty=explicit", "/changes?what=removed"),
    "/changes?what=removed&kind=other&lang=en",
    "/changes?what=added&certainty=explicit&lang=en",
)
SERVICE: Final = re.compile(
    r"/api/|\bAPI\b|OpenAPI|OpenRefine|/reconcile|ETag|ce site ne sert"
    r"|this site serves|répondent ici|answer here|certainty=|lang=",
    re.IGNORECASE,
)
"""What pages of a server say alone."""


@pytest.fixture(scope="module")
def server(edition: SmallEdition) -> Flask:
    """The site of both releases, as a server has it at the edition's address."""
    releases = [edition.release, edition.earlier]
    stores = [EmbeddedStore.of_release(it).pages() for it in releases]
    return create_app(
        stores[0],
        edition.release,
        catalogue=few_questions(),
        earlier=release_set.compared(edition.release, (), [edition.earlier]),
        publication=Publication(BASE),
        versions=release_set.versions(zip(releases, stores, strict=True)),
    )


def test_every_link_leads_to_a_file_and_no_form_asks_one_for_what_nothing_reads(
    edition: SmallEdition, some_pages: Path
) -> None:
    assert [*broken_links(edition.folder, "/rally/")] == []
    assert [*ignored_choices(edition.folder, "/rally/")] == []
    assert [*ignored_choices(some_pages)] == []
    links = [it["href"] for it in Page(edition.text("questions/stages.html")).all("a")]
    assert any(it.startswith("../sparql.html?query=") for it in links), "a query is not lost"
    assert "../about.html#release" in links, "nor a part of a page"


def test_the_nu_validator_finds_no_fault(edition: SmallEdition, some_pages: Path) -> None:
    kinds = ("index", "sparql", "search.en", "404.en", "downloads.en", "docs/tutorial", "ontology")
    of_edition = (edition.folder / f"{kind}.html" for kind in kinds)
    assert not html_faults([*some_pages.rglob("*.html"), *of_edition])


def test_a_page_says_what_the_server_says(
    edition: SmallEdition, server: Flask, subtests: pytest.Subtests
) -> None:
    beside = Beside(edition.folder, BASE, lambda path: server.test_client().get(path).text)
    for address in SAMPLE:
        with subtests.test(address):
            assert beside.difference(SiteAddress.of(address)) == []


def test_pages_tell_of_files_and_of_no_service(some_pages: Path) -> None:
    for name in ("about", "api", "releases", "changes"):
        for language in ("", ".en"):
            page = Page((some_pages / f"{name}{language}.html").read_text())
            told = " ".join(text for text, _ in page.spoken)
            assert "SHA256SUMS" in told or name not in ("about", "api")
            assert not SERVICE.search(told), SERVICE.search(told)


def test_a_page_is_cited_at_the_address_of_its_file_and_holds_its_citation(
    edition: SmallEdition,
) -> None:
    assert f"rft_id={quote(BASE, safe='')}ontology.html&" in edition.text("ontology.html")
    page = Page(edition.text("ontology.en.html"))
    links = [link for link in page.all("a") if link["href"].startswith("data:")]
    written = {link["download"].rpartition(".")[2]: link["href"].partition(",") for link in links}
    assert sorted(written) == ["bib", "json", "ris"]
    for head, _, content in written.values():
        assert head.endswith(";charset=utf-8")
        assert f"{BASE}ontology.en.html" in unquote(content)
    assert written["bib"][0].startswith("data:application/x-bibtex")
    assert page.all("ul", id="cite-forms")
    assert not (edition.folder / "cite").exists()


def test_a_page_has_one_file_where_certainty_changes_nothing(edition: SmallEdition) -> None:
    assert not [*edition.folder.glob("accessibility.explicit*")]
    hides = Page(edition.text("index.explicit.en.html")).one("p", **{"class": "hidden-facts"})
    assert hides.text.endswith("show all")
    things = {it.name for it in edition.folder.glob("resource.iri-*.html")}
    assert things and not any(".explicit." in name for name in things)


def test_nothing_tells_of_where_it_was_made_and_words_like_that_stay(
    edition: SmallEdition,
) -> None:
    named = []
    for file in filter(Path.is_file, edition.folder.rglob("*")):
        content = file.read_bytes()
        assert HOST.encode() not in content and ROOT.encode() not in content, file
        if file.suffix in (".html", ".json"):
            named += re.findall(rb"Rallye (https?:[\w/.-]+)", content)
    assert len(named) > 2 and {*named} == {LIKE_A_PLACE.encode()}
    assert f"<{BASE}" in edition.text("void.ttl")
    sitemap = edition.text("sitemap.xml")
    assert f"<loc>{BASE}doubts.html</loc>" in sitemap
    assert f'hreflang="en" href="{BASE}doubts.en.html"' in sitemap


def test_a_page_says_itself_what_a_browser_may_do(edition: SmallEdition) -> None:
    [policy] = Page(edition.text("index.html")).all(
        "meta", **{"http-equiv": "Content-Security-Policy"}
    )
    assert policy["content"] == POLICY_OF_PAGES
    assert "'wasm-unsafe-eval'" in policy["content"] and "unsafe-inline" not in policy["content"]


def test_what_curators_say_of_a_thing_of_a_list_has_its_note_for_files(published: Flask) -> None:
    page = Page(published.test_client().get("/list/place").text)
    said = page.all("div", **{"data-certainty": "curation"})
    assert said and all(it["data-note"].startswith("/r/") for it in said)


def test_what_is_not_there_says_so_and_what_to_use_instead(edition: SmallEdition) -> None:
    for kind in Absent:
        for language in ("", ".en"):
            page = Page(edition.text(f"absent/{kind}{language}.html"))
            assert page.one("h1").text and page.all("a", href="../questions" + language + ".html")
    assert "absent/builder" not in edition.text("questions.html"), "nobody is led to what is not"
    ontology = Page(edition.text("ontology.html"))
    assert not ontology.all("svg", **{"class": "onto"}), "no class is linked to another"
    assert not ontology.all("a", href="#diagram") and ontology.all("a", href="#classes")


def test_the_address_of_a_former_question_leads_to_what_it_became(edition: SmallEdition) -> None:
    for file, became in (
        ("questions_about", "open_questions"),
        ("questions_about.explicit.en", "open_questions.explicit.en"),
        ("agenda", "stages.only-events."),
        ("agenda.inferred", "stages.only-events."),
    ):
        page = Page(edition.text(f"questions/{file}.html"))
        refreshed = page.one("meta", **{"http-equiv": "refresh"})["content"]
        target = page.one("a")["href"].removeprefix("../questions/")
        assert refreshed == f"0; url=../questions/{target}" and target.startswith(became)
        assert 'http-equiv="refresh"' not in edition.text(f"questions/{target}")
    assert edition.text("questions/agenda.csv").startswith("stage,")


def test_pages_offer_the_formats_that_are_there(edition: SmallEdition) -> None:
    thing = Page(edition.text(SiteAddress.of(ONE).file))
    offered = {it.text for it in thing.all("a") if it["rel"] == "alternate"}
    assert offered == {"Turtle", "JSON-LD"}
    heads = {it["type"] for it in thing.all("link", rel="alternate") if it["type"]}
    assert heads == {"text/turtle", "application/ld+json"}
    kinds = {
        it.suffix
        for folder in ("data", "questions")
        for it in (edition.folder / folder).rglob("*.*")
    }
    assert kinds == {".csv", ".html", ".json", ".jsonld", ".rq", ".ttl"}


def test_an_earlier_release_is_a_folder_and_its_changes_have_pages(edition: SmallEdition) -> None:
    place = f"release/{edition.earlier.id[:16]}/"
    address = SiteAddress(f"/{place}resource", (("iri", "https://example.org/one"),))
    said = edition.text(address.file)
    assert "Première étape" in said and "Toute première étape" not in said
    assert 'href="../../resource.iri-' in said, "the same page in the newest"
    assert place in edition.text("releases.html")
    pages = [*edition.folder.glob("changes*.html")]
    assert len(pages) > 3
    for page in pages:
        links = Page(page.read_text("utf-8")).all("a")
        assert not [it for it in links if "absent/choices" in it["href"]], page.name


def test_things_whose_names_are_no_names_of_files_have_pages_on_every_system(
    edition: SmallEdition,
) -> None:
    listed = SiteAddress("/list", (("class", f"{RN}Stage"),)).file
    links = Page(edition.text(listed)).all("a")
    for number in range(len(NAMES)):
        [link] = {it["href"] for it in links if it.text == f"Étape {number}"}
        assert f"Étape {number}" in Page(edition.text(link)).one("h1").text
    files = [it.relative_to(edition.folder).as_posix() for it in edition.folder.rglob("*")]
    assert len({it.casefold() for it in files}) == len(files)
    assert all(part.isascii() and ":" not in part for it in files for part in it.split("/"))
    newest = [it for it in files if not it.startswith("release/")]
    assert max(map(len, newest)) < 250, "a folder with a long path takes it, too"
