"""The certainties: one order, that of the data."""

from __future__ import annotations

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import (
    CERTAINTIES,
    admitted,
)
from rallynov_graph.base.namespaces import RN
from rallynov_graph.sparql.embedded import EmbeddedStore


def test_the_order_is_that_of_the_data(store: EmbeddedStore) -> None:
    told = store.select(f"SELECT ?one ?other {{ ?one <{RN}admits> ?other }}").rows
    expected = {
        (NamedNode(RN + one), NamedNode(RN + other))
        for one in CERTAINTIES
        for other in admitted(one)
    }
    assert {(one, other) for one, other in told} == expected
