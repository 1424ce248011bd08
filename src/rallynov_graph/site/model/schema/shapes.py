"""The shapes as a person reads them: what each demands of which things, and how seriously."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, SHAPES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import LABEL, Text
from rallynov_graph.validation.report import VIOLATION

SH: Final = PREFIXES["sh"]
_FIRST: Final = PREFIXES["rdf"] + "first"
_REST: Final = PREFIXES["rdf"] + "rest"
_COUNTS: Final = frozenset({"minCount", "maxCount"})
_SAYS_NOTHING: Final = frozenset(
    {"path", "group", "order", "message", "severity", "name", "description", "property"}
    | {"targetClass", "qualifiedValueShape"}
)
"""What is told apart from the demands of a shape."""
_ALTERNATIVES: Final = frozenset({"or", "xone"})

_Told = Mapping[str, list[Term]]


@dataclass(frozen=True)
class Demand:
    """One thing that a shape demands of a value."""

    name: str
    """As SHACL calls it; ``exactly`` where the least and the most are the same."""
    values: tuple[Term, ...] = ()
    alternatives: tuple[tuple[Demand, ...], ...] = ()
    """Of which one is to hold, or the demands of the shape that a value is to follow."""


@dataclass(frozen=True)
class Rule:
    """What a shape demands of the values of one property."""

    iri: str
    path: str
    """The IRI of the property; the empty string for a longer path."""
    severity: str
    messages: tuple[Text, ...]
    demands: tuple[Demand, ...]
    backwards: str = ""
    """The IRI of the property that is followed from its values; the empty string for others."""

    @property
    def name(self) -> str:
        """Its name in the namespace of the shapes, which pages mark it with."""
        return self.iri.removeprefix(SHAPES)


@dataclass(frozen=True)
class Shape:
    """What is demanded of the things of a class."""

    iri: str
    target: str
    names: tuple[Text, ...]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """Its name in the namespace of the shapes."""
        return self.iri.removeprefix(SHAPES)


def read(shapes: bytes) -> tuple[Shape, ...]:
    """Return the shapes of classes that a shapes graph in Turtle holds, in the order of names."""
    told: dict[str, dict[str, list[Term]]] = {}
    for quad in parse(shapes, format=RdfFormat.TURTLE):
        facts = told.setdefault(str(quad.subject), {})
        facts.setdefault(quad.predicate.value, []).append(quad.object)
    found = (
        Shape(
            node.strip("<>"),
            target.value,
            _texts(facts, LABEL),
            tuple(_rules(told, node.strip("<>"), facts)),
        )
        for node, facts in told.items()
        for target in facts.get(SH + "targetClass", ())
        if isinstance(target, NamedNode)
    )
    return tuple(sorted(found, key=lambda shape: shape.iri))


def _rules(told: Mapping[str, _Told], iri: str, shape: _Told) -> Iterator[Rule]:
    """Yield what a shape demands of a thing itself, then of each property in the pages' order."""

    def place(node: Term) -> tuple[float, str]:
        order = next(iter(told.get(str(node), {}).get(SH + "order", ())), None)
        return float(order.value) if isinstance(order, Literal) else 0.0, str(node)

    own = tuple(_demands(told, shape))
    if own:
        yield Rule(iri, "", _severity(shape), _texts(shape, SH + "message"), own)
    for node in sorted(shape.get(SH + "property", ()), key=place):
        facts = told.get(str(node), {})
        path = next(iter(facts.get(SH + "path", ())), None)
        yield Rule(
            node.value if isinstance(node, NamedNode) else "",
            path.value if isinstance(path, NamedNode) else "",
            _severity(facts),
            _texts(facts, SH + "message"),
            tuple(_demands(told, facts)),
            _inverse(told, path),
        )


def _inverse(told: Mapping[str, _Told], path: Term | None) -> str:
    """Return the property that a path follows backwards, the empty string for other paths."""
    inverse = next(iter(told.get(str(path), {}).get(SH + "inversePath", ())), None)
    return inverse.value if isinstance(inverse, NamedNode) else ""


def _demands(told: Mapping[str, _Told], facts: _Told) -> Iterator[Demand]:
    yield from _counts(facts)
    for key in sorted(facts):
        name = key.removeprefix(SH)
        if key == name or name in _SAYS_NOTHING or name in _COUNTS:
            continue
        for value in facts[key]:
            if name in _ALTERNATIVES:
                choices = (tuple(_nested(told, str(v))) for v in _list(told, value))
                yield Demand(name, (), tuple(choices))
            elif name == "qualifiedMinCount":
                wanted = facts.get(SH + "qualifiedValueShape", ())
                parts = tuple(tuple(_nested(told, str(v))) for v in wanted)
                yield Demand(name, (value,), parts)
            else:
                listed = tuple(_list(told, value))
                yield Demand(name, listed or (value,))


def _nested(told: Mapping[str, _Told], node: str) -> Iterator[Demand]:
    """Yield the demands of a shape within a shape, after the property that they are about."""
    facts = told.get(node, {})
    for path in facts.get(SH + "path", ()):
        yield Demand("path", (path,))
    yield from _demands(told, facts)
    for inner in facts.get(SH + "property", ()):
        yield from _nested(told, str(inner))


def _severity(facts: _Told) -> str:
    told = next(iter(facts.get(SH + "severity", ())), None)
    return told.value.removeprefix(SH) if isinstance(told, NamedNode) else VIOLATION


def _counts(facts: _Told) -> Iterator[Demand]:
    least = next(iter(facts.get(SH + "minCount", ())), None)
    most = next(iter(facts.get(SH + "maxCount", ())), None)
    if least is not None and least == most:
        yield Demand("exactly", (least,))
        return
    if least is not None:
        yield Demand("minCount", (least,))
    if most is not None:
        yield Demand("maxCount", (most,))


def _list(told: Mapping[str, _Told], node: Term) -> Iterator[Term]:
    """Yield the members of an RDF list, none of what is no list."""
    seen: set[str] = set()
    while str(node) not in seen and _FIRST in told.get(str(node), {}):
        seen.add(str(node))
        facts = told[str(node)]
        yield facts[_FIRST][0]
        node = facts[_REST][0]


def _texts(facts: _Told, key: str) -> tuple[Text, ...]:
    return tuple(
        Text(value.value, value.language or "")
        for value in facts.get(key, ())
        if isinstance(value, Literal)
    )
