"""Things whose names are no names of files have pages all the same, on every system."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import standin
from edition_links import broken_links
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.edition.addresses_of_files import SiteAddress
from rallynov_graph.edition.publishing import publish
from rallynov_graph.release.building import build
from reading_pages import Page
from small_edition import BASE, few_questions

NAMES: Final = (
    f"{ID}stage/con",
    f"{ID}stage/{'long' * 80}",
    "https://example.org/ONE",
    "https://example.org/One",
    "https://example.org/été",
    "https://example.org/a?b=c&d=%22#e",
    "https://example.org/ends.",
    "urn:isbn:9780000000002",
)
"""What the checks of data let through; ``https://example.org/one`` is there, too."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an edition of stages with those names."""
    place = tmp_path_factory.mktemp("names")
    sources = standin.make(place / "sources")
    stages = "\n".join(
        f'    <{iri}> a rn:Stage ; rdfs:label "Étape {number}"@fr ; schema:location :here .'
        for number, iri in enumerate(NAMES)
    )
    written = sources.stages.read_text("utf-8").replace(":said {", f":said {{\n{stages}", 1)
    sources.stages.write_text(written, "utf-8")
    release = build(place / "releases", data=sources.data, ontology=sources.ontology)
    publish([release], place / "site", BASE, catalogue=few_questions(), processes=1)
    return place / "site"


def test_each_has_a_page_that_the_list_of_its_class_leads_to(folder: Path) -> None:
    listed = SiteAddress("/list", (("class", f"{RN}Stage"),)).file
    links = Page((folder / listed).read_text("utf-8")).all("a")
    for number in range(len(NAMES)):
        [link] = {it["href"] for it in links if it.text == f"Étape {number}"}
        page = (folder / link).resolve()
        assert f"Étape {number}" in Page(page.read_text("utf-8")).one("h1").text
    assert [*broken_links(folder, "/rally/")] == []


def test_no_two_files_have_one_name_where_case_does_not_count(folder: Path) -> None:
    files = [it.relative_to(folder).as_posix() for it in folder.rglob("*")]
    assert len({it.casefold() for it in files}) == len(files)
    assert all(part.isascii() and ":" not in part for it in files for part in it.split("/"))
    assert max(len(it) for it in files) < 250, "a folder with a long path takes it, too"
