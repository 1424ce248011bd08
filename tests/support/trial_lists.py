"""The reading of the lists of the invented documents: each section, and what it becomes."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import yaml

from trial_documents import Document
from trial_events import Events
from trial_relations import Relations
from trial_themes import Themes
from trial_things import Things

_SECTIONS = {
    "organisations": "_organisations",
    "unnamed_organisations": "_unnamed_organisations",
    "persons": "_persons",
    "places": "_places",
    "statements": "_testimony",
    "stages": "_stage",
    "events": "_event",
    "relays": "_relay",
    "innovations": "_innovation",
    "figures": "_figure",
    "relations": "_relation",
    "ambiguities": "_ambiguity",
}
"""The sections, and what reads an entry of each, in the order in which they need each other."""


def read(
    folder: Path, name: str, slug: str, known: Container[str] = (), series: str = ""
) -> Document:
    """Return the document of a list; addresses that are known already get a number.

    The series is a new one unless its address is given.
    """
    text = (folder / f"{name}.txt").read_bytes().decode("utf-8")
    entries = yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
    return _Reader(Document(name, slug, text, entries, known), known, series).read()


class _Reader(Things, Events, Relations, Themes):
    def read(self) -> Document:
        self._addresses()
        self._of_document()
        self._of_series()
        for section, reader in _SECTIONS.items():
            for entry in self._list[section]:
                getattr(self, reader)(entry, f"{section}/{entry['id']}")
        self._themes()
        for one in self._list.get("identity", {}).get("contradictions", ()):
            if "entry" in one:
                self._doc.not_taken.append(f"events/{one['this']}/{one['entry']}")
        return self._doc
