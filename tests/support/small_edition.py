"""A small edition: a tiny release and an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import standin
from rallynov_graph.base.namespaces import ID
from rallynov_graph.edition.publishing import publish
from rallynov_graph.questions import catalogue
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release, load

BASE = "https://data.example.org/rally/"
QUESTIONS = ("stages", "open_questions")
LIKE_A_PLACE: Final = "https://edition.invalid/-edition-/about"
"""Words of data that are no address of the site."""
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
"""Stages whose names are no names of files; ``https://example.org/one`` is there, too."""


@dataclass(frozen=True)
class SmallEdition:
    """The folder of an edition of two releases."""

    folder: Path
    release: Release
    earlier: Release

    def text(self, file: str) -> str:
        """Return what a file says."""
        return (self.folder / file).read_text("utf-8")


def few_questions() -> catalogue.Catalogue:
    """Return a catalogue of few questions: the pages of all take most of the time."""
    every = catalogue.load()
    return catalogue.Catalogue(
        {name: it for name, it in every.items() if name in QUESTIONS}, every.aliases
    )


def small_edition(place: Path) -> SmallEdition:
    """Publish an edition of a tiny dataset, and of how it was before."""
    sources = standin.make(place / "sources")
    earlier = build(place / "releases", data=sources.data, ontology=sources.ontology)
    sources.change()
    named = "".join(
        f'\n    <{iri}> a rn:Stage ; rdfs:label "Étape {number}"@fr ; schema:areaServed :here .'
        for number, iri in enumerate(NAMES)
    )
    stages = sources.stages.read_text("utf-8").replace(":said {", f":said {{{named}", 1)
    sources.stages.write_text(stages.replace('"Rallye"', f'"Rallye {LIKE_A_PLACE}"'), "utf-8")
    newest = build(place / "releases", data=sources.data, ontology=sources.ontology)
    publish([newest, earlier], place / "site", BASE, catalogue=few_questions(), processes=1)
    (place / "made").write_text(f"{newest.path}\n{earlier.path}", "utf-8")
    return SmallEdition(place / "site", newest, earlier)


def made_before(place: Path) -> SmallEdition | None:
    """Return the edition that another process has made there."""
    if not (place / "made").exists():
        return None
    newest, earlier = (load(Path(it)) for it in (place / "made").read_text("utf-8").splitlines())
    return SmallEdition(place / "site", newest, earlier)
