"""The decisions about whether a thing is the same as others, with who decided, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day_of
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.layout import AUTHOR, MADE_AT, REASON
from rallynov_graph.site.model.nodes import GraphView, Node

_EVIDENCE: Final = f"{RN}evidence"


@dataclass(frozen=True)
class DecisionBeside:
    """A decision about the identity of a thing, as the page of the thing shows it."""

    node: Node
    conclusion: str
    """``same``, ``different``, ``open`` or ``split``."""
    other: Node
    """The other thing; of a merge or a split, the address that gave way, as text."""
    agents: tuple[Node, ...]
    day: str
    reason: Text | None
    evidence: tuple[Node, ...]


def decisions_about(view: GraphView, iri: str) -> tuple[DecisionBeside, ...]:
    """Return the decisions about a thing, and those that led former addresses to it."""
    if NamedNode(iri) not in view.queries.once("decided", "things", lambda: _decided(view)):
        return ()
    ends: dict[NamedNode, tuple[NamedNode, NamedNode, NamedNode | None]] = {}
    values: dict[tuple[NamedNode, str], list[Term]] = {}
    for decision, conclusion, kept, other, prop, value in view.queries.rows(
        "decisions_about", thing=NamedNode(iri)
    ).rows:
        assert isinstance(decision, NamedNode) and isinstance(conclusion, NamedNode)
        assert isinstance(other, NamedNode) and isinstance(prop, NamedNode) and value is not None
        ends[decision] = (conclusion, other, kept if isinstance(kept, NamedNode) else None)
        values.setdefault((decision, prop.value), []).append(value)
    return tuple(
        _decision(view, iri, decision, *ends[decision], values)
        for decision in sorted(ends, key=lambda it: it.value)
    )


def _decided(view: GraphView) -> frozenset[Term | None]:
    """Return the things that decisions are about: mostly none, and then no page asks further."""
    return frozenset(thing for (thing,) in view.queries.rows("decided_things").rows)


def _decision(
    view: GraphView,
    iri: str,
    decision: NamedNode,
    conclusion: NamedNode,
    other: NamedNode,
    kept: NamedNode | None,
    values: dict[tuple[NamedNode, str], list[Term]],
) -> DecisionBeside:
    def found(prop: str) -> list[Term]:
        return values.get((decision, prop), [])

    name = conclusion.value.removeprefix(RN)
    gave_way = name in ("same", "split")
    beside = kept if not gave_way and kept is not None and kept.value != iri else other
    reasons = [it for it in found(REASON) if isinstance(it, Literal)]
    times = sorted(it.value for it in found(MADE_AT) if isinstance(it, Literal))
    return DecisionBeside(
        _node(view, decision),
        name,
        Node(view.addresses.short_or_iri(other.value)) if gave_way else _node(view, beside),
        _nodes(view, found(AUTHOR)),
        day_of(times[-1], view.language) if times else "",
        view.best([Text(it.value, it.language or "") for it in reasons]),
        _nodes(view, found(_EVIDENCE)),
    )


def _nodes(view: GraphView, terms: Iterable[Term]) -> tuple[Node, ...]:
    return tuple(_node(view, term) for term in terms if isinstance(term, NamedNode))


def _node(view: GraphView, term: NamedNode) -> Node:
    return view.nodes([term])[term]
