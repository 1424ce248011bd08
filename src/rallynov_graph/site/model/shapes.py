"""The SHACL shapes in words, and the uses of the terms of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, SHAPES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import LABEL, Text, last_part
from rallynov_graph.site.model.nodes import XSD, GraphView, Node
from rallynov_graph.validation.report import VIOLATION

SH: Final = PREFIXES["sh"]
_FIRST: Final = PREFIXES["rdf"] + "first"
_REST: Final = PREFIXES["rdf"] + "rest"
_COUNTS: Final = frozenset({"minCount", "maxCount"})
_NOT_CONSTRAINTS: Final = frozenset(
    {"path", "group", "order", "message", "severity", "name", "description", "property"}
    | {"targetClass", "qualifiedValueShape"}
)
"""The properties of a shape that are no constraints, or are read on their own."""
_ALTERNATIVES: Final = frozenset({"or", "xone"})

_Description = Mapping[str, list[Term]]


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape."""

    name: str
    """SHACL's name; ``exactly`` if the minimum and the maximum count are the same."""
    values: tuple[Term, ...] = ()
    alternatives: tuple[tuple[Constraint, ...], ...] = ()
    """Constraints of which one is to hold, or those of the shape that values conform to."""


@dataclass(frozen=True)
class ShapeRule:
    """The constraints of a shape on the values of one property."""

    iri: str
    path: str
    """The IRI of the property; the empty string for a longer path."""
    severity: str
    messages: tuple[Text, ...]
    constraints: tuple[Constraint, ...]
    backwards: str = ""
    """The IRI of the property that is followed from its values; the empty string for others."""

    @property
    def name(self) -> str:
        """Its name in the namespace of the shapes, its anchor on pages."""
        return self.iri.removeprefix(SHAPES)


@dataclass(frozen=True)
class Shape:
    """The constraints on the things of a class."""

    iri: str
    target: str
    names: tuple[Text, ...]
    rules: tuple[ShapeRule, ...]

    @property
    def name(self) -> str:
        """Its name in the namespace of the shapes."""
        return self.iri.removeprefix(SHAPES)


def read(shapes: bytes) -> tuple[Shape, ...]:
    """Return the shapes of classes that a shapes graph in Turtle holds, in the order of names."""
    descriptions: dict[str, dict[str, list[Term]]] = {}
    for quad in parse(shapes, format=RdfFormat.TURTLE):
        description = descriptions.setdefault(str(quad.subject), {})
        description.setdefault(quad.predicate.value, []).append(quad.object)
    found = (
        Shape(
            node.strip("<>"),
            target.value,
            _texts(description, LABEL),
            tuple(_rules(descriptions, node.strip("<>"), description)),
        )
        for node, description in descriptions.items()
        for target in description.get(SH + "targetClass", ())
        if isinstance(target, NamedNode)
    )
    return tuple(sorted(found, key=lambda shape: shape.iri))


def _rules(
    descriptions: Mapping[str, _Description], iri: str, shape: _Description
) -> Iterator[ShapeRule]:
    """Yield the constraints of a shape on a thing itself, then on each property in page order."""

    def place(node: Term) -> tuple[float, str]:
        order = next(iter(descriptions.get(str(node), {}).get(SH + "order", ())), None)
        return float(order.value) if isinstance(order, Literal) else 0.0, str(node)

    own_constraints = tuple(_constraints(descriptions, shape))
    if own_constraints:
        yield ShapeRule(iri, "", _severity(shape), _texts(shape, SH + "message"), own_constraints)
    for node in sorted(shape.get(SH + "property", ()), key=place):
        description = descriptions.get(str(node), {})
        path = next(iter(description.get(SH + "path", ())), None)
        yield ShapeRule(
            node.value if isinstance(node, NamedNode) else "",
            path.value if isinstance(path, NamedNode) else "",
            _severity(description),
            _texts(description, SH + "message"),
            tuple(_constraints(descriptions, description)),
            _inverse(descriptions, path),
        )


def _inverse(descriptions: Mapping[str, _Description], path: Term | None) -> str:
    """Return the property that a path follows backwards, the empty string for other paths."""
    inverse = next(iter(descriptions.get(str(path), {}).get(SH + "inversePath", ())), None)
    return inverse.value if isinstance(inverse, NamedNode) else ""


def _constraints(
    descriptions: Mapping[str, _Description], description: _Description
) -> Iterator[Constraint]:
    yield from _counts(description)
    for key in sorted(description):
        name = key.removeprefix(SH)
        if key == name or name in _NOT_CONSTRAINTS or name in _COUNTS:
            continue
        for value in description[key]:
            if name in _ALTERNATIVES:
                choices = (tuple(_nested(descriptions, str(v))) for v in _list(descriptions, value))
                yield Constraint(name, (), tuple(choices))
            elif name == "qualifiedMinCount":
                wanted = description.get(SH + "qualifiedValueShape", ())
                parts = tuple(tuple(_nested(descriptions, str(v))) for v in wanted)
                yield Constraint(name, (value,), parts)
            else:
                listed = tuple(_list(descriptions, value))
                yield Constraint(name, listed or (value,))


def _nested(descriptions: Mapping[str, _Description], node: str) -> Iterator[Constraint]:
    """Yield the constraints of a shape within a shape, after the property that they concern."""
    description = descriptions.get(node, {})
    for path in description.get(SH + "path", ()):
        yield Constraint("path", (path,))
    yield from _constraints(descriptions, description)
    for inner in description.get(SH + "property", ()):
        yield from _nested(descriptions, str(inner))


def _severity(description: _Description) -> str:
    stated = next(iter(description.get(SH + "severity", ())), None)
    return stated.value.removeprefix(SH) if isinstance(stated, NamedNode) else VIOLATION


def _counts(description: _Description) -> Iterator[Constraint]:
    least = next(iter(description.get(SH + "minCount", ())), None)
    most = next(iter(description.get(SH + "maxCount", ())), None)
    if least is not None and least == most:
        yield Constraint("exactly", (least,))
        return
    if least is not None:
        yield Constraint("minCount", (least,))
    if most is not None:
        yield Constraint("maxCount", (most,))


def _list(descriptions: Mapping[str, _Description], node: Term) -> Iterator[Term]:
    """Yield the members of an RDF list; none if the node is not a list."""
    visited: set[str] = set()
    while str(node) not in visited and _FIRST in descriptions.get(str(node), {}):
        visited.add(str(node))
        description = descriptions[str(node)]
        yield description[_FIRST][0]
        node = description[_REST][0]


def _texts(description: _Description, key: str) -> tuple[Text, ...]:
    return tuple(
        Text(in_neutral_words(value.value), value.language or "")
        for value in description.get(key, ())
        if isinstance(value, Literal)
    )


MOST_COUNTED: Final = 100_000
"""The things of a class and the uses of a property are counted up to this number."""
_COUNTED: Final = frozenset({"exactly", "minCount", "maxCount", "qualifiedMinCount"})
_NAMED: Final = frozenset({"path", "class", "lessThan", "lessThanOrEquals", "equals", "disjoint"})
_DATATYPES: Final = (XSD, PREFIXES["rdf"])


def term_nodes(view: GraphView, terms: Iterable[Term | None]) -> dict[Term, Node]:
    """Return the node of each term; those that the ontology names lead to their own pages."""
    wanted = [*terms]
    described = view.described(t.value for t in wanted if isinstance(t, NamedNode))
    return {
        term: replace(node, href=view.addresses.term(term.value), external=False)
        if isinstance(term, NamedNode)
        and described[term.value].labelled
        and view.addresses.short(term.value) is None
        else node
        for term, node in view.nodes(wanted).items()
    }


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
