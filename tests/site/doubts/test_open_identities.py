"""Things that may be one are among the doubts."""

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

LEFT_OPEN = f"""
<{ID}person/anne-duval> rdfs:label "Anne Duval" . <{ID}person/a-duval> rdfs:label "A. Duval" .
<{ID}decision/duval> a rn:IdentityDecision ; rdfs:label "Duval" ; rn:identity rn:open ;
    rn:kept <{ID}person/anne-duval> ; rn:other <{ID}person/a-duval> ;
    rn:reason "Le prénom manque."@fr, "The first name is missing."@en .
"""


def test_a_pair_that_was_left_open_is_among_the_doubts(tmp_path: Path) -> None:
    client = create_app(store_of(document() + LEFT_OPEN, tmp_path), of_server=True).test_client()
    assert faults(read(client, "/doubts?lang=en"), "en") == []
    page = read(client, "/doubts")
    assert faults(page, "fr") == []
    identities = page.one("section", **{"aria-labelledby": "identities"}).text
    assert "Anne Duval" in identities and "A. Duval" in identities
    assert "laissé ouvert" in identities and "Le prénom manque." in identities


def test_names_that_the_check_found_alike_are_pairs_to_decide(
    release: Release, store: EmbeddedStore, tmp_path: Path
) -> None:
    one, two = (NamedNode(f"{ID}person/{it}") for it in ("bruno-herry", "jose-monteiro"))
    found = Report((Finding(WARNING, ALIKE, one, value=two),))
    folder = tmp_path / release.path.name
    shutil.copytree(release.path, folder)
    other = load(folder)
    other.report_json.write_text(found.json(), "utf-8")
    page = read(create_app(store.pages(), other).test_client(), "/doubts")
    identities = page.one("section", **{"aria-labelledby": "identities"}).text
    assert "Bruno Herry" in identities and "José Monteiro" in identities


def test_one_document_alone_has_none(client: FlaskClient) -> None:
    """No document stands beside the carnet, and no two names of it are nearly alike."""
    sections = {it["aria-labelledby"] for it in read(client, "/doubts").all("section")}
    assert not sections & {"contradictions", "identities"}
