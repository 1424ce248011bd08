"""The certainties that a fact may have, and their order.

In SPARQL ``rn:admits`` says the same; ``tests/base/test_certainty.py`` compares the two.
"""

from collections.abc import Iterable
from typing import Final

from rallynov_graph.base.namespaces import RN

CERTAINTIES: Final = ("explicit", "inferred", "tentative")
"""The certainties, the surest first; the rank of one is its place here."""
SUREST: Final = CERTAINTIES[0]
LEAST_SURE: Final = CERTAINTIES[-1]
"""The one that admits every fact: what a page shows unless a visitor chooses otherwise."""
IRIS: Final = tuple(RN + name for name in CERTAINTIES)
"""Their IRIs, in their order."""


def rank_of(certainty: str) -> int:
    """Return the place of a certainty, 0 for the surest; raise ValueError for any other text."""
    return CERTAINTIES.index(certainty)


def admitted(certainty: str) -> tuple[str, ...]:
    """Return the certainties that are at least as sure."""
    return CERTAINTIES[: rank_of(certainty) + 1]


def less_sure(certainty: str) -> tuple[str, ...]:
    """Return the certainties that are less sure."""
    return CERTAINTIES[rank_of(certainty) + 1 :]


def surest(certainties: Iterable[str]) -> str | None:
    """Return the surest of the certainties; None without any."""
    return min(certainties, key=rank_of, default=None)


def weakest(certainties: Iterable[str]) -> str | None:
    """Return the least sure of the certainties; None without any."""
    return max(certainties, key=rank_of, default=None)


def certainty_of(iri: str) -> str:
    """Return the certainty that an IRI names, the empty string where it names none."""
    return CERTAINTIES[IRIS.index(iri)] if iri in IRIS else ""
