"""The invented newsletter entered: its table of facts taken in, and the files written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trial
from rallynov_graph.desk.document_folder import DocumentFolder, folder_of
from rallynov_graph.release import building

READER: Final = "agent/lecteur"
TABLE: Final = trial.TRIAL / "facts.csv"


@dataclass(frozen=True)
class Entered:
    """The folder of a programme with the newsletter, and its text."""

    root: Path
    text: Path = trial.TRIAL / trial.TEXTS[trial.FIRST]
    slug: str = trial.FIRST

    @property
    def folder(self) -> DocumentFolder:
        return folder_of(self.root / "data", self.slug)


def to_enter_alone(root: Path) -> Entered:
    """Return the newsletter, of which nothing is entered yet, and a folder of its own for it."""
    trial.lists_alone(root / "data", trial.FIRST)
    return Entered(root)


def at_desk(it: Entered) -> Entered:
    """Return a document of which nothing is entered, its text where the desk finds it.

    Its programme is the curators', whom the folder knows, and has a list of themes.
    """
    text = it.root / "texts" / f"{it.slug}.txt"
    text.parent.mkdir()
    text.write_bytes(it.text.read_bytes())
    dataset = it.root / "data" / building.DATASET
    dataset.write_text(dataset.read_text("utf-8").replace(READER, "agent/curateurs"), "utf-8")
    themes = (trial.TRIAL / "curators-themes.trig").read_text("utf-8")
    (it.root / "data" / "curation" / "themes.trig").write_text(themes, "utf-8")
    return it
