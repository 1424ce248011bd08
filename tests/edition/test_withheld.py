"""What an edition never has: words of a document that nobody gave, contacts, withdrawn things."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import standin
from decided import rallynov
from rallynov_graph.edition.addresses import SiteAddress
from rallynov_graph.edition.links import page_of_edition
from rallynov_graph.edition.publishing import Sites
from rallynov_graph.release.building import build
from rallynov_graph.release.documents import SourceFile
from rallynov_graph.release.release import Release
from rallynov_graph.release.withdrawals import hash_of, text
from small_edition import SmallEdition

CARNET = SiteAddress("/carnet/carnet-2")
MANY = 12
"""So many words in a row are the document's own, and no name."""
CONTACT = re.compile(r"\b0\d(?:[ .]?\d\d){4}\b|\w@\w")


def said(sites: Sites) -> tuple[str, str]:
    """Return the page of the carnet, and what search engines are told of it."""
    answer = sites.ask(CARNET)
    return b"".join(answer.body).decode(), answer.robots


def words(html: str) -> str:
    """Return the words of the middle of a page."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"<[^>]*>", "", main))


def runs(text: str) -> set[tuple[str, ...]]:
    """Return each run of so many words of a text as makes a sentence."""
    found = re.findall(r"\w+", text.casefold())
    return {tuple(found[start : start + MANY]) for start in range(len(found) - MANY + 1)}


def copied(html: str, text: str) -> bool:
    """Return whether a page has words of a text."""
    return not runs(words(html)).isdisjoint(runs(text))


def test_words_of_a_document_are_there_only_where_its_text_is_given(
    release: Release, source_files: tuple[SourceFile, ...], source_text: str
) -> None:
    without, _ = said(Sites.of([release], ""))
    assert "</main>" in without and not copied(without, source_text)
    given, robots = said(Sites.of([release], "", source_files))
    assert copied(given, source_text)
    assert not CONTACT.search(words(given)), "contacts are masked"
    assert '<meta name="robots" content="noindex, noarchive">' in page_of_edition(given, robots)


def test_a_release_that_names_what_was_withdrawn_is_not_published(
    edition: SmallEdition, tmp_path: Path
) -> None:
    sources = standin.make(tmp_path / "sources")
    sources.stages.write_text(sources.stages.read_text("utf-8").replace(":two", ":deux"), "utf-8")
    (sources.data / "withdrawn.txt").write_text(text([hash_of("https://example.org/two")]), "utf-8")
    newest = build(tmp_path / "releases", data=sources.data, ontology=sources.ontology)
    given = ("--release", newest.path, "--release", edition.earlier.path)
    said = rallynov("publish", tmp_path / "out", *given)
    assert said.status == 2 and "names things that were withdrawn since" in said.err
    assert not (tmp_path / "out").exists()
