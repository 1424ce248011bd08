"""Contradictions between documents, and things that may be one, stand among the doubts."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from made_up_carnet import document, store_of
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.checking import ALIKE
from rallynov_graph.release.release import Release, load
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation.report import WARNING, Finding, Report
from reading_pages import faults, read

TWO = (Path(__file__).parent / "two_documents.trig").read_text("utf-8")


def test_what_two_documents_say_differently_stands_side_by_side(tmp_path: Path) -> None:
    client = create_app(store_of(document() + TWO, tmp_path), of_server=True).test_client()
    assert faults(read(client, "/doubts?lang=en"), "en") == []
    page = read(client, "/doubts")
    assert faults(page, "fr") == []
    told = page.one("section", **{"aria-labelledby": "contradictions"}).text
    assert "2 différences" in told
    for one in ("Ici selon Essai", "Là selon Second", "3 selon Essai", "5 selon Second"):
        assert one in told
    identities = page.one("section", **{"aria-labelledby": "identities"}).text
    assert "Anne Duval" in identities and "A. Duval" in identities
    assert "laissé ouvert" in identities and "Le prénom manque." in identities


def test_figures_of_two_dates_and_one_document_do_not_contradict(tmp_path: Path) -> None:
    month = '"2013-0{}"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    dated = TWO + (
        f":first {{ <{ID}figure/1> rn:asOf {month.format(1)} }}\n"
        f":second {{ <{ID}figure/2> rn:asOf {month.format(6)} }}\n"
    )
    one = dated.replace(
        f"<{ID}passage/second> .\n:first {{", f"<{ID}passage/essai-anne> .\n:first {{"
    )
    for name, data, contradictions in (("dated", dated, 1), ("one", one, 0)):
        folder = tmp_path / name
        folder.mkdir()
        page = read(
            create_app(store_of(document() + data, folder), of_server=True).test_client(), "/doubts"
        )
        section = page.all("section", **{"aria-labelledby": "contradictions"})
        assert len(section) == (contradictions > 0)
        assert not section or "1 différence." in section[0].text


def test_names_that_the_check_found_alike_are_pairs_to_decide(
    release: Release, store: EmbeddedStore, tmp_path: Path
) -> None:
    one, two = (NamedNode(f"{ID}person/{it}") for it in ("bruno-herry", "jose-monteiro"))
    found = Report((Finding(WARNING, ALIKE, one, value=two),))
    folder = tmp_path / release.path.name
    shutil.copytree(release.path, folder, ignore=shutil.ignore_patterns("results-*"))
    other = load(folder)
    other.report_json.write_text(found.json(), "utf-8")
    page = read(create_app(store.pages(), other).test_client(), "/doubts")
    identities = page.one("section", **{"aria-labelledby": "identities"}).text
    assert "Bruno Herry" in identities and "José Monteiro" in identities


def test_one_document_alone_has_none(client: FlaskClient) -> None:
    """No document stands beside the carnet, and no two names of it are nearly alike."""
    sections = {it["aria-labelledby"] for it in read(client, "/doubts").all("section")}
    assert not sections & {"contradictions", "identities"}
