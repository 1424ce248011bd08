"""How sure the facts of a graph are: the rank of a graph by what is said of it."""

from collections.abc import Iterable
from functools import reduce
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.namespaces import PREFIXES, RN

_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_RANKS: Final = {iri: rank for rank, iri in enumerate(IRIS)}
_WEAKEST: Final = len(CERTAINTIES) - 1
_NO_CERTAINTY: Final = -1
"""The rank of a set without a certainty: its facts wait for the last run."""


def is_of_rank(quad: Quad) -> bool:
    """Return whether a statement bears upon the rank of the graph that it is about."""
    return (quad.predicate == _CERTAINTY and isinstance(quad.object, NamedNode)) or (
        quad.predicate == _TYPE and quad.object == _SET
    )


def with_statement(rank: int | None, quad: Quad) -> int:
    """Return the rank of a graph after one more of these statements was read about it."""
    known = _NO_CERTAINTY if rank is None else rank
    if quad.predicate == _TYPE:
        return known
    return max(known, _RANKS.get(quad.object.value, _WEAKEST))  # type: ignore[union-attr]


def rank(statements: Iterable[Quad]) -> int:
    """Return the rank of a graph by all that is said of it: 0, the surest, for one that is no set.

    Facts of a set without a certainty are as unsure as any.
    """
    found = reduce(with_statement, filter(is_of_rank, statements), None)
    return 0 if found is None else found % len(CERTAINTIES)
