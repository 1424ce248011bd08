"""A small edition: a tiny release and an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rallynov_graph.edition.publishing import publish
from rallynov_graph.questions import catalogue
from rallynov_graph.release.release import Release

BASE = "https://data.example.org/rally/"
QUESTIONS = ("stages", "open_questions")


@dataclass(frozen=True)
class SmallEdition:
    """An edition of a release, and an earlier release that is not in it."""

    folder: Path
    release: Release
    earlier: Release

    def publish(self, out: Path) -> None:
        """Publish the same again."""
        publish([self.release], out, BASE, catalogue=few_questions(), processes=1)

    def text(self, file: str) -> str:
        """Return what a file says."""
        return (self.folder / file).read_text("utf-8")


def few_questions() -> catalogue.Catalogue:
    """Return a catalogue of few questions: the pages of all take most of the time."""
    return catalogue.Catalogue(
        {name: it for name, it in catalogue.load().items() if name in QUESTIONS}
    )
