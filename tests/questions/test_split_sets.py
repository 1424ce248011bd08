"""What is answered and shown does not depend on how facts are split over assertion sets.

The gate wants some facts of a thing in one set: these, too, are parted here, unchecked.
"""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from expected import short
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import data_dir
from rallynov_graph.questions.catalogue import Question, load
from rallynov_graph.release import building
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from split_sets import PART, split
from trial_corpus import alone, beside_carnet_2, with_follow_up

COUNTS_SETS = {"coverage", "who_concluded"}
"""Questions about the sets themselves, of which there are then more."""


def _beside(folder: Path) -> object:
    lists = os.environ.get("RALLYNOV_TRIAL")
    if not lists:
        pytest.skip("RALLYNOV_TRIAL does not name the folder of the invented documents")
    return beside_carnet_2(folder, Path(lists))


MADE: dict[str, Callable[[Path], object]] = {
    "carnet-2": lambda folder: shutil.copytree(data_dir(), folder),
    "carnet-2 and A": _beside,
    "C": alone,
    "C and C2": with_follow_up,
}


@dataclass(frozen=True)
class Corpora:
    """Documents as they were written, and with a set for each of their statements."""

    whole: EmbeddedStore
    parts: EmbeddedStore


@pytest.fixture(scope="module", params=MADE)
def corpora(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Corpora:
    folder = tmp_path_factory.mktemp("split")
    whole, parts = folder / "whole", folder / "parts"
    MADE[request.param](whole)
    shutil.copytree(whole, parts)
    split(parts)
    return Corpora(*(_store(data) for data in (whole, parts)))


def _store(data: Path) -> EmbeddedStore:
    release = building.build(data.with_suffix(".releases"), data=data, checked=False)
    return EmbeddedStore.of_release(release)


def answer(store: EmbeddedStore, question: Question, least: str) -> set[tuple[str, ...]]:
    """Return the rows of an answer, in which a part of a set has the name of the set."""
    knows = {p.name for p in question.parameters} & {"certainty"}
    rows = store.select(question.bind(dict.fromkeys(knows, NamedNode(RN + least))))
    return {tuple(re.sub(f"{PART}\\d+", "", short(cell)) for cell in row) for row in rows.rows}


@pytest.mark.parametrize("least", ["explicit", "inferred", "tentative"])
def test_facts_in_one_set_or_in_many_have_the_same_answers(corpora: Corpora, least: str) -> None:
    others = {
        question.name: sorted(whole ^ parts)
        for question in load().values()
        if question.name not in COUNTS_SETS
        for whole, parts in [
            (answer(corpora.whole, question, least), answer(corpora.parts, question, least))
        ]
        if whole != parts
    }
    assert others == {}
