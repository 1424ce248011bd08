"""The certainties: one order, that of the data."""

from __future__ import annotations

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import (
    CERTAINTIES,
    IRIS,
    LEAST_SURE,
    SUREST,
    admitted,
    certainty_of,
    less_sure,
    surest,
    weakest,
)
from rallynov_graph.base.namespaces import RN
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore


def test_the_order_is_that_of_the_data(store: EmbeddedStore) -> None:
    told = store.select(f"SELECT ?one ?other {{ ?one <{RN}admits> ?other }}").rows
    expected = {
        (NamedNode(RN + one), NamedNode(RN + other))
        for one in CERTAINTIES
        for other in admitted(one)
    }
    assert {(one, other) for one, other in told} == expected


def test_each_certainty_admits_itself_and_what_is_surer() -> None:
    assert admitted(SUREST) == (SUREST,) and admitted(LEAST_SURE) == CERTAINTIES
    for name in CERTAINTIES:
        assert (*admitted(name), *less_sure(name)) == CERTAINTIES


def test_the_surest_and_the_weakest_of_none_is_none() -> None:
    assert surest(CERTAINTIES) == SUREST and weakest(CERTAINTIES) == LEAST_SURE
    assert surest(()) is None and weakest(()) is None


def test_a_certainty_is_known_by_its_iri_alone() -> None:
    assert [*map(certainty_of, IRIS)] == [*CERTAINTIES]
    assert certainty_of(f"{RN}certain") == certainty_of(SUREST) == ""
