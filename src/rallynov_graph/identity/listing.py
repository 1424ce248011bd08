"""The decisions of data, each with who decided it, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN, short_iri
from rallynov_graph.identity.rewriting import DecidedQuads, Lost
from rallynov_graph.identity.written_decisions import Decision

_OWED_TO: Final = f"{PREFIXES['prov']}wasAttributedTo"
_MADE_ON: Final = f"{PREFIXES['prov']}generatedAtTime"
_REASON: Final = f"{RN}reason"


@dataclass(frozen=True)
class Entry:
    """A decision as a list shows it."""

    decision: Decision
    agent: str
    day: str
    reason: str
    """In English, else in another language."""
    lost: tuple[Lost, ...]
    """What curators wrote of the merged thing, which gave way."""


def entries(quads: DecidedQuads) -> Iterator[Entry]:
    """Yield the decisions in the order of their addresses; raise SourceError."""
    values: dict[tuple[object, str], list[NamedNode | Literal]] = {}
    graph_of: dict[object, object] = {}
    for quad in quads.quads:
        if quad.graph_name in quads.decided.graphs and isinstance(quad.object, NamedNode | Literal):
            values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
            graph_of[quad.subject] = quad.graph_name
    lost = quads.curated.lost if quads.decided.decisions and quads.survey else ()
    for decision in quads.decided.decisions:
        node = NamedNode(decision.iri)
        graph = graph_of[node]
        reasons = [it for it in values.get((node, _REASON), []) if isinstance(it, Literal)]
        reasons.sort(key=lambda it: (it.language != "en", it.value))
        days = [it.value for it in values.get((graph, _MADE_ON), [])]
        yield Entry(
            decision,
            ", ".join(sorted(short_iri(it.value) for it in values.get((graph, _OWED_TO), []))),
            min(days, default="").partition("T")[0],
            reasons[0].value if reasons else "",
            tuple(it for it in lost if decision.kind == "same" and it.thing == decision.other),
        )
