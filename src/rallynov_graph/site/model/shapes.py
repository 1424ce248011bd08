"""The SHACL shapes: the rules of each class, which their own messages say in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, SHAPES
from rallynov_graph.base.programme import in_neutral_words
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import LABEL, Text
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.validation.report import VIOLATION

SH: Final = PREFIXES["sh"]
_FIRST: Final = PREFIXES["rdf"] + "first"
_REST: Final = PREFIXES["rdf"] + "rest"
_NOT_CONSTRAINTS: Final = frozenset(
    {"path", "group", "order", "message", "severity", "name", "description", "property"}
    | {"targetClass"}
)
"""The properties of a shape that are no constraints."""
_OF_SHAPES: Final = frozenset({"or", "xone", "qualifiedValueShape"})
"""The constraints whose values are shapes."""

_Description = Mapping[str, list[Term]]


@dataclass(frozen=True)
class ShapeRule:
    """The constraints of a shape on the values of one property."""

    iri: str
    path: str
    """The IRI of the property; the empty string for a longer path."""
    severity: str
    messages: tuple[Text, ...]
    expected: tuple[tuple[str, NamedNode], ...]
    """SHACL's name of each constraint with an IRI in it, those of alternatives too."""
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

    if messages := _texts(shape, SH + "message"):
        yield ShapeRule(iri, "", _severity(shape), messages, (*_expected(descriptions, shape),))
    for node in sorted(shape.get(SH + "property", ()), key=place):
        description = descriptions.get(str(node), {})
        path = next(iter(description.get(SH + "path", ())), None)
        yield ShapeRule(
            node.value if isinstance(node, NamedNode) else "",
            path.value if isinstance(path, NamedNode) else "",
            _severity(description),
            _texts(description, SH + "message"),
            tuple(_expected(descriptions, description)),
            _inverse(descriptions, path),
        )


def _inverse(descriptions: Mapping[str, _Description], path: Term | None) -> str:
    """Return the property that a path follows backwards, the empty string for other paths."""
    inverse = next(iter(descriptions.get(str(path), {}).get(SH + "inversePath", ())), None)
    return inverse.value if isinstance(inverse, NamedNode) else ""


def _expected(
    descriptions: Mapping[str, _Description], description: _Description
) -> Iterator[tuple[str, NamedNode]]:
    """Yield the constraints of a shape and of those within it, with each IRI in them."""
    for key in sorted(description):
        name = key.removeprefix(SH)
        if key == name or name in _NOT_CONSTRAINTS:
            continue
        for value in chain.from_iterable(
            [*_list(descriptions, it)] or [it] for it in description[key]
        ):
            if name in _OF_SHAPES:
                yield from _expected(descriptions, descriptions.get(str(value), {}))
            elif isinstance(value, NamedNode):
                yield name, value


def _severity(description: _Description) -> str:
    stated = next(iter(description.get(SH + "severity", ())), None)
    return stated.value.removeprefix(SH) if isinstance(stated, NamedNode) else VIOLATION


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
class RuleWords:
    """A rule as a page shows it, its property and its class by their names."""

    name: str
    property: Node | None
    of: Node
    severity: str
    message: Text | None


def rules_in_words(
    view: GraphView, rules: Iterable[tuple[Shape, ShapeRule]]
) -> tuple[RuleWords, ...]:
    """Return rules of shapes as a page shows them; one query reads the names in them."""
    listed = list(rules)
    terms: list[Term] = [NamedNode(shape.target) for shape, _ in listed]
    terms += [NamedNode(rule.path) for _, rule in listed if rule.path]
    nodes = term_nodes(view, terms)
    return tuple(
        RuleWords(
            rule.name,
            nodes[NamedNode(rule.path)] if rule.path else None,
            nodes[NamedNode(shape.target)],
            rule.severity,
            view.best(rule.messages),
        )
        for shape, rule in listed
    )
