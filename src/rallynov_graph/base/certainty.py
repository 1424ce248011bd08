"""How certain a fact is, and whether it is still current: certainties in order, standings.

In SPARQL, ``rn:admits`` states the same order; ``tests/base/test_certainty.py`` compares both. A
statement that is no longer current is moved from its assertion set to a graph of its own, whose
name begins with ``STANDING``. The default graph of a store leaves those graphs out; ``GRAPH ?g``
reaches them.
"""

from collections.abc import Iterable
from typing import Final

from rallynov_graph.base.namespaces import ID, RN

CERTAINTIES: Final = ("explicit", "inferred", "tentative")
"""The certainties, the surest first; the rank of one is its place here."""
SUREST: Final = CERTAINTIES[0]
LEAST_SURE: Final = CERTAINTIES[-1]
"""The certainty that admits every fact, and the default of pages."""
IRIS: Final = tuple(RN + name for name in CERTAINTIES)
"""Their IRIs, in their order."""

CURRENT: Final = "current"
SUPERSEDED: Final = "superseded"
ALTERNATIVE: Final = "alternative"
RETRACTED: Final = "retracted"
STANDINGS: Final = (CURRENT, SUPERSEDED, ALTERNATIVE, RETRACTED)
"""The standings of a statement: the last three are not current."""
STANDING_IRIS: Final = {RN + name: name for name in STANDINGS}
"""Their names by their IRIs."""
STANDING: Final = f"{ID}standing/"
"""The beginning of the names of graphs with statements that are not current."""

_MARK: Final = f"<{STANDING}".encode()


def rank_of(certainty: str) -> int:
    """Return the rank of a certainty, 0 for the surest; raise ValueError for any other text."""
    return CERTAINTIES.index(certainty)


def admitted(certainty: str) -> tuple[str, ...]:
    """Return the certainties that are at least as sure."""
    return CERTAINTIES[: rank_of(certainty) + 1]


def less_sure(certainty: str) -> tuple[str, ...]:
    return CERTAINTIES[rank_of(certainty) + 1 :]


def surest(certainties: Iterable[str]) -> str | None:
    """Return the surest of the certainties; None without any."""
    return min(certainties, key=rank_of, default=None)


def weakest(certainties: Iterable[str]) -> str | None:
    """Return the least sure of the certainties; None without any."""
    return max(certainties, key=rank_of, default=None)


def certainty_of(iri: str) -> str:
    """Return the certainty that an IRI names, or the empty string."""
    return CERTAINTIES[IRIS.index(iri)] if iri in IRIS else ""


def is_current(graph: object) -> bool:
    """Whether the statements of a graph, named by a term, are current."""
    return not getattr(graph, "value", "").startswith(STANDING)


def is_current_line(graph: bytes | None) -> bool:
    """Whether the statements of a graph, named as in N-Quads, are current."""
    return graph is None or not graph.startswith(_MARK)
