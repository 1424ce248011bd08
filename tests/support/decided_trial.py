"""The invented documents entered from their lists: a table taken in, and the files written."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trial_table
from decided import rallynov
from rallynov_graph.base.resources import data_dir
from rallynov_graph.desk.document_folder import DocumentFolder, folder_of
from rallynov_graph.release import building
from trial_corpus import TRIAL, dataset_alone, known_addresses
from trial_documents import Document
from trial_lists import read

READER: Final = "agent/lecteur"
_THEMES: Final = """\
@base <https://w3id.org/rallynov/id/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

GRAPH <graph/themes> {
  <graph/themes> a rn:CurationGraph ; rdfs:label "thèmes"@fr ;
    prov:wasAttributedTo <agent/curateurs> ;
    prov:generatedAtTime "2026-11-28T00:00:00Z"^^xsd:dateTime .
  <scheme/themes> a skos:ConceptScheme ; rdfs:label "thèmes"@fr .
}
"""
"""The list of themes of a programme that has none yet."""


@dataclass(frozen=True)
class Entered:
    """A document that was entered, with the folder of its programme and its text."""

    root: Path
    document: Document
    text: Path

    @property
    def folder(self) -> DocumentFolder:
        return folder_of(self.root / "data", self.document.slug)


def beside_carnet_2(root: Path, lists: Path) -> Entered:
    """Return document A after it was entered beside the shipped data."""
    return _entered(to_enter_beside_carnet_2(root, lists), ("fr", "en"))


def to_enter_beside_carnet_2(root: Path, lists: Path) -> Entered:
    """Return document A, of which nothing is entered yet, beside the shipped data."""
    shutil.copytree(data_dir(), root / "data")
    known = known_addresses(root / "data")
    document = read(lists, "A", "carnet-3", known, "<series/carnets-de-route>")
    return Entered(root, document, lists / "A.txt")


def alone(root: Path) -> Entered:
    """Return document C after it was entered into a folder of its own, in French alone."""
    return _entered(to_enter_alone(root), ("fr",))


def to_enter_alone(root: Path) -> Entered:
    """Return document C, of which nothing is entered yet, and a folder of its own for it."""
    data = root / "data"
    shutil.copytree(data_dir() / "curation", data / "curation")
    for name in ("thesaurus.trig", "places.trig"):
        (data / "curation" / name).unlink()
    (data / building.DATASET).write_text(dataset_alone(), "utf-8")
    document = read(TRIAL, "C", "estran-7", known_addresses(data))
    return Entered(root, document, TRIAL / "C.txt")


def at_desk(it: Entered) -> Entered:
    """Return a document of which nothing is entered, its text where the desk finds it.

    Its programme is the curators', whom the folder knows.
    """
    text = it.root / "texts" / f"{it.document.slug}.txt"
    text.parent.mkdir()
    text.write_bytes(it.text.read_bytes())
    dataset = it.root / "data" / building.DATASET
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    if "scheme/themes" not in it.document.known:
        (it.root / "data" / "curation" / "themes.trig").write_text(_THEMES, "utf-8")
    return it


def _entered(it: Entered, languages: tuple[str, ...]) -> Entered:
    table = trial_table.write(it.root / "facts.csv", it.document, languages)
    options = ("--source", it.text, "--document", it.document.slug, "--reader", READER)
    said = rallynov("import", it.root, table, *options)
    assert said.status == 0, said
    said = rallynov("write", it.root)
    assert said.status == 0, said
    return it
