"""The invented newsletter entered: its table of facts taken in, and the files written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trial
from decided import rallynov
from rallynov_graph.desk.document_folder import DocumentFolder, folder_of
from rallynov_graph.release import building

READER: Final = "agent/lecteur"
TABLE: Final = trial.TRIAL / "facts.csv"


@dataclass(frozen=True)
class Entered:
    """A document that was entered, with the folder of its programme and its text."""

    root: Path
    document: trial.Document
    text: Path

    @property
    def folder(self) -> DocumentFolder:
        return folder_of(self.root / "data", self.document.slug)


def alone(root: Path) -> Entered:
    """Return the newsletter after it was entered into a folder of its own, in French alone."""
    it = to_enter_alone(root)
    options = ("--source", it.text, "--document", it.document.slug, "--reader", READER)
    for arguments in (("import", it.root, TABLE, *options), ("write", it.root)):
        said = rallynov(*arguments)
        assert said.status == 0, said
    return it


def to_enter_alone(root: Path) -> Entered:
    """Return the newsletter, of which nothing is entered yet, and a folder of its own for it."""
    trial.lists_alone(root / "data", trial.FIRST)
    return Entered(root, trial.Document.read(), trial.TRIAL / "C.txt")


def at_desk(it: Entered) -> Entered:
    """Return a document of which nothing is entered, its text where the desk finds it.

    Its programme is the curators', whom the folder knows, and has a list of themes.
    """
    text = it.root / "texts" / f"{it.document.slug}.txt"
    text.parent.mkdir()
    text.write_bytes(it.text.read_bytes())
    dataset = it.root / "data" / building.DATASET
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    themes = (trial.TRIAL / "themes.trig").read_text("utf-8")
    named = themes.replace("scheme themes", "thèmes").replace("graph/estran-7", "graph/themes")
    (it.root / "data" / "curation" / "themes.trig").write_text(named + GRAPH, "utf-8")
    return it


GRAPH: Final = """\
GRAPH <graph/themes> {
  <graph/themes> a <https://w3id.org/rallynov/ontology#CurationGraph> ; rdfs:label "thèmes"@fr ;
    <http://www.w3.org/ns/prov#wasAttributedTo> <agent/curateurs> ;
    <http://www.w3.org/ns/prov#generatedAtTime>
      "2026-11-28T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
}
"""
"""What describes the graph of the list of themes."""
