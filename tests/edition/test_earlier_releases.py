"""An edition of several releases: earlier ones as folders, and what changed since each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from flask import Flask

from edition_links import broken_links, ignored_choices
from edition_texts import Beside
from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.edition.addresses_of_files import SiteAddress
from rallynov_graph.edition.publishing import publish
from rallynov_graph.release import earlier, release_set
from rallynov_graph.release.publication import Publication
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page
from small_edition import BASE, SmallEdition, few_questions

CHANGES: Final = (
    "/changes?certainty=explicit",
    "/changes?what=removed",
    "/changes?what=removed&kind=other&lang=en",
    "/changes?what=added&certainty=explicit&lang=en",
)


@pytest.fixture(scope="module")
def both(edition: SmallEdition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the newest release, published with the earlier one."""
    out = tmp_path_factory.mktemp("both") / "site"
    releases = [edition.release, edition.earlier]
    publish(releases, out, BASE, catalogue=few_questions(), processes=1)
    return out


@pytest.fixture(scope="module")
def server(edition: SmallEdition) -> Flask:
    """The site of both releases, as a server has it at the edition's address."""
    releases = [edition.release, edition.earlier]
    stores = [EmbeddedStore.of_release(it).pages() for it in releases]
    return create_app(
        stores[0],
        edition.release,
        catalogue=few_questions(),
        earlier=earlier.compared(edition.release, (), [edition.earlier]),
        publication=Publication(BASE),
        versions=release_set.versions(zip(releases, stores, strict=True)),
    )


def test_every_link_between_releases_leads_to_a_file(both: Path) -> None:
    assert [*broken_links(both, "/rally/")] == []
    assert [*ignored_choices(both, "/rally/")] == []


@pytest.mark.parametrize("address", CHANGES)
def test_what_changed_is_a_page_for_each_type_kind_and_certainty(
    both: Path, server: Flask, address: str
) -> None:
    def ask(path: str) -> str:
        return server.test_client().get(path).text

    asked = SiteAddress.of(address)
    assert Beside(both, BASE, ask).difference(asked) == []


def test_no_number_of_changes_leads_to_the_page_of_what_is_not_there(both: Path) -> None:
    pages = [*both.glob("changes*.html")]
    assert len(pages) > len(CERTAINTIES)
    for page in pages:
        links = Page(page.read_text("utf-8")).all("a")
        assert not [it for it in links if "absent/choices" in it["href"]], page.name
    at_least = SiteAddress("/changes", certainty=LEAST_SURE)
    assert (both / at_least.file).is_file()
