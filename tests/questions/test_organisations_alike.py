"""Which organisations are alike, in a graph of more of them than can be compared."""

from collections import Counter
from itertools import combinations

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.catalogue import load
from rallynov_graph.sparql.embedded import EmbeddedStore

COMPARED = 300
MANY = [f"large-{number}" for number in range(5)]
FEW = [f"a-small-{number:03}" for number in range(COMPARED + 50)]
"""They stand in front of the others by name."""


def rn(name: str) -> NamedNode:
    return NamedNode(PREFIXES["rn"] + name)


@pytest.fixture(scope="module")
def answer() -> Solutions:
    said = NamedNode(f"{ID}graph/said")
    quads = [
        Quad(said, rn("certainty"), rn("explicit"), DefaultGraph()),
        Quad(rn("tentative"), rn("admits"), rn("explicit"), DefaultGraph()),
    ]
    for name in [*MANY, *FEW]:
        organisation = NamedNode(f"{ID}organisation/{name}")
        label = NamedNode(PREFIXES["rdfs"] + "label")
        quads.append(Quad(organisation, label, Literal(name), DefaultGraph()))
        for theme in ("a", "b", "c") if name in MANY else ("a",):
            named = NamedNode(f"{ID}theme/{theme}")
            quads.append(Quad(organisation, rn("linkedToTheme"), named, said))
    store = EmbeddedStore.of_quads(quads)
    return store.select(load()["organisations_alike"].bind())


def test_pairs_that_share_more_than_those_left_out_have_are_all_there(answer: Solutions) -> None:
    pairs = {
        (row["organisation_label"].value, row["other_label"].value)
        for row in answer
        if row["shared"].value == "3"
    }
    assert pairs == {*combinations(MANY, 2)}
    assert [row["shared"].value for row in answer][: len(pairs)] == ["3"] * len(pairs)


def test_so_many_organisations_are_compared_and_each_pair_once(answer: Solutions) -> None:
    named = [(row["organisation_label"].value, row["other_label"].value) for row in answer]
    assert len({*named}) == len(named) == COMPARED * (COMPARED - 1) // 2
    times = Counter(name for pair in named for name in pair)
    assert {*times.values()} == {COMPARED - 1}
    assert {*times} == {*MANY, *FEW[: COMPARED - len(MANY)]}
