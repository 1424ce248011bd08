"""The constraints of the shapes as a page words them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.nodes import XSD, GraphView, Node
from rallynov_graph.site.model.schema.class_shapes import SH, Constraint, Shape, ShapeRule
from rallynov_graph.site.model.schema.term_uses import term_nodes

_COUNTED: Final = frozenset({"exactly", "minCount", "maxCount", "qualifiedMinCount"})
_NAMED: Final = frozenset({"path", "class", "lessThan", "lessThanOrEquals", "equals", "disjoint"})
_DATATYPES: Final = (XSD, PREFIXES["rdf"])


@dataclass(frozen=True)
class ConstraintWords:
    """A constraint as a page words it, with the words under its name."""

    name: str
    number: int | None = None
    nodes: tuple[Node, ...] = ()
    words: tuple[str, ...] = ()
    """Names of datatypes and node kinds, for which the page has words."""
    code: str = ""
    """A pattern, a bound, or any other value, as code."""
    parts: tuple[tuple[ConstraintWords, ...], ...] = ()


@dataclass(frozen=True)
class RuleWords:
    """The constraints on a property as a page words them."""

    name: str
    property: Node | None
    of: Node
    severity: str
    message: Text | None
    constraints: tuple[ConstraintWords, ...]


def rules_in_words(
    view: GraphView, rules: Iterable[tuple[Shape, ShapeRule]]
) -> tuple[RuleWords, ...]:
    """Return rules of shapes as a page words them; one query reads the names in them."""
    listed = list(rules)
    terms: list[Term] = [NamedNode(shape.target) for shape, _ in listed]
    terms += [NamedNode(rule.path) for _, rule in listed if rule.path]
    terms += [term for _, rule in listed for term in _terms(rule.constraints)]
    nodes = term_nodes(view, terms)
    return tuple(
        RuleWords(
            rule.name,
            nodes[NamedNode(rule.path)] if rule.path else None,
            nodes[NamedNode(shape.target)],
            rule.severity,
            view.best(rule.messages),
            tuple(_constraint_words(constraint, nodes) for constraint in rule.constraints),
        )
        for shape, rule in listed
    )


def _terms(constraints: Iterable[Constraint]) -> Iterator[Term]:
    for constraint in constraints:
        yield from constraint.values
        for part in constraint.alternatives:
            yield from _terms(part)


def _constraint_words(constraint: Constraint, nodes: dict[Term, Node]) -> ConstraintWords:
    name, values = constraint.name, constraint.values
    parts = tuple(
        tuple(_constraint_words(nested, nodes) for nested in part)
        for part in constraint.alternatives
    )
    if name in _COUNTED:
        number = next((int(v.value) for v in values if isinstance(v, Literal)), None)
        return ConstraintWords(name, number, parts=parts)
    if name in ("or", "xone"):
        return ConstraintWords(name, parts=parts)
    if name in ("datatype", "nodeKind"):
        return ConstraintWords(name, words=tuple(_word(value) for value in values))
    if name in _NAMED or (name in ("in", "hasValue") and _all_things(values)):
        return ConstraintWords(name, nodes=tuple(nodes[value] for value in values))
    return ConstraintWords(name, code=", ".join(_code(value) for value in values))


def _all_things(values: tuple[Term, ...]) -> bool:
    return all(isinstance(value, NamedNode) for value in values)


def _word(value: Term) -> str:
    """Return the last part of a datatype's or a node kind's name; others in prefixes."""
    iri = value.value if isinstance(value, NamedNode) else str(value)
    for namespace in (*_DATATYPES, SH):
        if iri.startswith(namespace):
            return iri.removeprefix(namespace)
    return last_part(iri)


def _code(value: Term) -> str:
    if isinstance(value, Literal):
        return value.value
    return last_part(value.value) if isinstance(value, NamedNode) else "…"
