"""The invented programme of ``tests/trial`` as data folders: a newsletter, and the one after it.

``estran-7.trig`` and ``estran-8.trig`` were written from lists of what the texts C and C2 state, by
people who ran no program; ``facts.csv`` is the first one as a table that a curator fills in.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from places import TESTS
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release import building

TRIAL: Final = TESTS / "trial"
FIRST, FOLLOW_UP = "estran-7", "estran-8"
TEXTS: Final = {FIRST: "C.txt", FOLLOW_UP: "C2.txt"}


def lists_alone(folder: Path, *slugs: str) -> None:
    """Write the lists of words and the description of a dataset in French of these documents."""
    folder.mkdir(parents=True)
    shutil.copytree(data_dir() / "curation", folder / "curation")
    for name in ("thesaurus.trig", "places.trig"):
        (folder / "curation" / name).unlink()
    (folder / building.DATASET).write_text(dataset_of(*slugs), "utf-8")


def dataset_of(*slugs: str) -> str:
    """Return the description of a dataset in French that has these documents alone."""
    text = (TRIAL / "dataset.trig").read_text("utf-8")
    return text.replace("<document/estran-7>", ", ".join(f"<document/{slug}>" for slug in slugs))


def alone(folder: Path) -> None:
    """Write the first newsletter into a data folder of its own."""
    lists_alone(folder, FIRST)
    _add(folder, FIRST)
    shutil.copy(TRIAL / "themes.trig", folder / "curation")


def with_follow_up(folder: Path) -> None:
    """Write both newsletters into a data folder, what is the same in both decided."""
    alone(folder)
    _add(folder, FOLLOW_UP)
    (folder / "identity").mkdir()
    shutil.copy(TRIAL / "identity.trig", folder / "identity")
    (folder / building.DATASET).write_text(dataset_of(FIRST, FOLLOW_UP), "utf-8")


def beside_carnet_2(folder: Path) -> None:
    """Write the first newsletter beside the shipped data, with which it shares nothing."""
    shutil.copytree(data_dir(), folder)
    _add(folder, FIRST)


def _add(folder: Path, slug: str) -> None:
    (folder / "carnets" / slug).mkdir(parents=True)
    shutil.copy(TRIAL / f"{slug}.trig", folder / "carnets" / slug)


def facts_of(quads: Iterable[Quad]) -> set[tuple[str, str, str]]:
    """Return what the sets state, whichever set it is."""
    quads = [*quads]
    certain = {quad.subject for quad in quads if quad.predicate.value == f"{RN}certainty"}
    return {
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in quads
        if quad.graph_name in certain
    }
