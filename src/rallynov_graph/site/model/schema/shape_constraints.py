"""What the shapes demand, as a page says it: each demand with its number, its things, its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.nodes import XSD, GraphView, Node
from rallynov_graph.site.model.schema.shapes import SH, Demand, Rule, Shape
from rallynov_graph.site.model.schema.term_uses import term_nodes

_COUNTED: Final = frozenset({"exactly", "minCount", "maxCount", "qualifiedMinCount"})
_NAMED: Final = frozenset({"path", "class", "lessThan", "lessThanOrEquals", "equals", "disjoint"})
_DATATYPES: Final = (XSD, PREFIXES["rdf"])


@dataclass(frozen=True)
class ConstraintWords:
    """A demand as a page says it, in words that its name finds."""

    name: str
    number: int | None = None
    nodes: tuple[Node, ...] = ()
    words: tuple[str, ...] = ()
    """Names of datatypes and kinds of node, which the page's words say better."""
    code: str = ""
    """A pattern, a bound, or what no words of ours say."""
    parts: tuple[tuple[ConstraintWords, ...], ...] = ()


@dataclass(frozen=True)
class SaidRule:
    """What a shape demands of a property, as a page says it."""

    name: str
    property: Node | None
    of: Node
    severity: str
    message: Text | None
    demands: tuple[ConstraintWords, ...]


def said(view: GraphView, rules: Iterable[tuple[Shape, Rule]]) -> tuple[SaidRule, ...]:
    """Return rules of shapes as a page says them; the names in them are asked for at once."""
    listed = list(rules)
    terms: list[Term] = [NamedNode(shape.target) for shape, _ in listed]
    terms += [NamedNode(rule.path) for _, rule in listed if rule.path]
    terms += [term for _, rule in listed for term in _terms(rule.demands)]
    nodes = term_nodes(view, terms)
    return tuple(
        SaidRule(
            rule.name,
            nodes[NamedNode(rule.path)] if rule.path else None,
            nodes[NamedNode(shape.target)],
            rule.severity,
            view.best(rule.messages),
            tuple(_said(demand, nodes) for demand in rule.demands),
        )
        for shape, rule in listed
    )


def _terms(demands: Iterable[Demand]) -> Iterator[Term]:
    for demand in demands:
        yield from demand.values
        for part in demand.alternatives:
            yield from _terms(part)


def _said(demand: Demand, nodes: dict[Term, Node]) -> ConstraintWords:
    name, values = demand.name, demand.values
    parts = tuple(tuple(_said(d, nodes) for d in part) for part in demand.alternatives)
    if name in _COUNTED:
        number = next((int(v.value) for v in values if isinstance(v, Literal)), None)
        return ConstraintWords(name, number, parts=parts)
    if name in ("or", "xone"):
        return ConstraintWords(name, parts=parts)
    if name in ("datatype", "nodeKind"):
        return ConstraintWords(name, words=tuple(_word(value) for value in values))
    if name in _NAMED or (name in ("in", "hasValue") and _all_things(values)):
        return ConstraintWords(name, nodes=tuple(nodes[value] for value in values))
    return ConstraintWords(name, code=", ".join(_written(value) for value in values))


def _all_things(values: tuple[Term, ...]) -> bool:
    return all(isinstance(value, NamedNode) for value in values)


def _word(value: Term) -> str:
    """Return the last part of a datatype's or a node kind's name; others in prefixes."""
    iri = value.value if isinstance(value, NamedNode) else str(value)
    for namespace in (*_DATATYPES, SH):
        if iri.startswith(namespace):
            return iri.removeprefix(namespace)
    return last_part(iri)


def _written(value: Term) -> str:
    if isinstance(value, Literal):
        return value.value
    return last_part(value.value) if isinstance(value, NamedNode) else "…"
