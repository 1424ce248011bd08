"""An edition says what the site says, and each of its links leads to one of its files."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

import pytest
from flask import Flask

from edition_links import broken_links, ignored_choices
from edition_pages import LIKE_A_PLACE
from edition_texts import Beside
from rallynov_graph.edition.addresses_of_files import Absent, SiteAddress
from rallynov_graph.edition.file_links import HOST, POLICY_OF_PAGES, ROOT, LinkedText, Rewriter
from rallynov_graph.edition.opened_sites import OpenedSites
from rallynov_graph.release.publication import Publication
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page
from small_edition import BASE, SmallEdition, few_questions

SAMPLE: Final = (
    "/",
    "/list/stage?lang=en",
    "/accessibility?certainty=explicit",
    "/resource?iri=https%3A%2F%2Fexample.org%2Fone",
    "/resource?iri=https%3A%2F%2Fexample.org%2Fone&certainty=explicit&lang=en",
    "/questions/stages?certainty=explicit",
    "/ontology",
    "/downloads?lang=en",
)


@pytest.fixture(scope="module")
def server(edition: SmallEdition) -> Flask:
    """The site of the newest release alone, as a server has it at the edition's address."""
    newest = edition.release
    return create_app(
        EmbeddedStore.of_release(newest).pages(),
        newest,
        catalogue=few_questions(),
        publication=Publication(BASE),
    )


def test_every_link_leads_to_a_file_in_both_languages(edition: SmallEdition) -> None:
    assert [*broken_links(edition.folder, "/rally/")] == []


def test_no_form_or_link_asks_a_file_for_what_nothing_reads(edition: SmallEdition) -> None:
    assert [*ignored_choices(edition.folder, "/rally/")] == []


@pytest.mark.parametrize("address", SAMPLE)
def test_a_page_says_what_the_server_says(
    edition: SmallEdition, server: Flask, address: str
) -> None:
    def ask(path: str) -> str:
        return server.test_client().get(path).text

    assert Beside(edition.folder, BASE, ask).difference(SiteAddress.of(address)) == []


def test_what_reads_citations_finds_the_address_of_the_file(edition: SmallEdition) -> None:
    assert f"rft_id={quote(BASE, safe='')}ontology.html&" in edition.text("ontology.html")


def test_a_page_holds_its_own_citation_to_be_downloaded(edition: SmallEdition) -> None:
    page = Page(edition.text("index.explicit.en.html"))
    [files] = page.all("ul", id="cite-forms")
    links = [link for link in page.all("a") if link["href"].startswith("data:")]
    written = {link["download"].rpartition(".")[2]: link["href"].partition(",") for link in links}
    assert files and sorted(written) == ["bib", "json", "ris"]
    for head, _, content in written.values():
        assert head.endswith(";charset=utf-8")
        assert f"{BASE}index.explicit.en.html" in unquote(content)
    assert written["bib"][0].startswith("data:application/x-bibtex")
    assert not (edition.folder / "cite").exists()
    assert page.all("a", href="#cite-forms")


def test_the_dial_of_a_page_with_one_file_leads_to_that_file(edition: SmallEdition) -> None:
    steps = Page(edition.text("accessibility.html")).all("a", rel="nofollow")
    dial = {it["href"] for it in steps if "dial-step" in it["class"]}
    assert dial == {"accessibility.html"}
    of_several = Page(edition.text("index.html")).all("a", rel="nofollow")
    assert len({it["href"] for it in of_several if "dial-step" in it["class"]}) == 3


def test_nothing_tells_of_where_the_application_was_asked(edition: SmallEdition) -> None:
    for file in edition.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert HOST.encode() not in content and ROOT.encode() not in content, file


def test_words_that_look_like_an_address_of_the_site_stay_as_they_are(
    edition: SmallEdition,
) -> None:
    said = [it.read_bytes() for it in edition.folder.rglob("*") if it.suffix in (".html", ".json")]
    named = [found for it in said for found in re.findall(rb"Rallye (https?:[\w/.-]+)", it)]
    assert len(named) > 2 and {*named} == {LIKE_A_PLACE.encode()}


def test_a_page_says_itself_what_a_browser_may_do(edition: SmallEdition) -> None:
    [policy] = Page(edition.text("index.html")).all(
        "meta", **{"http-equiv": "Content-Security-Policy"}
    )
    assert policy["content"] == POLICY_OF_PAGES
    assert "'wasm-unsafe-eval'" in policy["content"] and "unsafe-inline" not in policy["content"]


def test_a_page_has_one_file_where_the_dial_changes_nothing(edition: SmallEdition) -> None:
    assert (edition.folder / "accessibility.html").is_file()
    assert not [*edition.folder.glob("accessibility.explicit*")]
    things = {it.name for it in edition.folder.glob("resource.iri-*.html")}
    assert things and not any(".explicit." in name for name in things)
    assert (edition.folder / "index.explicit.en.html").is_file()


def test_what_is_not_there_says_so_and_what_to_use_instead(edition: SmallEdition) -> None:
    for kind in Absent:
        for language in ("", ".en"):
            page = Page(edition.text(f"absent/{kind}{language}.html"))
            assert page.one("h1").text and page.all("a", href="../questions" + language + ".html")
    assert 'href="absent/builder.html"' in edition.text("questions.html")


def test_earlier_releases_are_folders_with_a_list_of_versions(edition: SmallEdition) -> None:
    place = f"release/{edition.earlier.id[:16]}/"
    both = [edition.release, edition.earlier]
    sites = OpenedSites.of(both, BASE, catalogue=few_questions())
    address = SiteAddress(f"/{place}resource", (("iri", "https://example.org/one"),))
    assert address.file.startswith(f"{place}resource.iri-")
    said = b"".join(sites.ask(address).body).decode()
    assert "Première étape" in said and "Toute première étape" not in said
    shown = Rewriter(BASE, lambda _: False).rewritten(LinkedText.of(said), address)
    assert 'href="../../resource.iri-' in shown  # the same page in the newest
    listed = b"".join(sites.ask(SiteAddress("/releases")).body).decode()
    assert place in listed


def test_documents_are_named_under_the_base(edition: SmallEdition) -> None:
    assert f"<{BASE}" in edition.text("void.ttl")
    sitemap = edition.text("sitemap.xml")
    assert f"<loc>{BASE}doubts.html</loc>" in sitemap
    assert f'hreflang="en" href="{BASE}doubts.en.html"' in sitemap


def test_an_ontology_whose_classes_are_not_linked_has_no_drawing(edition: SmallEdition) -> None:
    page = Page(edition.text("ontology.html"))
    assert not page.all("svg", **{"class": "onto"})
    assert not page.all("a", href="#diagram")
    assert page.all("a", href="#classes")
