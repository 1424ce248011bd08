"""The addresses that gave way to others by a decision, and where each of them leads now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import NamedNode

from rallynov_graph.questions.page_queries import PageQueries

Successors = Mapping[str, tuple[str, ...]]
"""By the IRI that gave way, those that took its place: one where it was merged, several where it
was split."""


def successors(queries: PageQueries) -> Successors:
    """Return what took the place of addresses in a graph; what leads in a circle is left out."""
    found: dict[str, list[str]] = {}
    for former, now in queries.rows("gave_way").rows:
        if isinstance(former, NamedNode) and isinstance(now, NamedNode):
            found.setdefault(former.value, []).append(now.value)
    ends = {former: tuple(sorted({*_ends(former, found)})) for former in found}
    return MappingProxyType({former: now for former, now in ends.items() if now})


def _ends(former: str, found: Mapping[str, list[str]]) -> Iterator[str]:
    pending, passed = [former], set[str]()
    while pending:
        thing = pending.pop()
        if thing in passed:
            continue
        passed.add(thing)
        if thing in found:
            pending += found[thing]
        else:
            yield thing
