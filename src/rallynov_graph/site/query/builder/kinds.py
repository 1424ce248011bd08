"""The properties to ask about in each class: those in its shape.

A property that leads to things is also one of those things, in reverse. If a graph has no known
shapes, some things of each class are used instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.site.model.nodes import Graph
from rallynov_graph.site.model.shapes import SH, Shape, ShapeRule

THING: Final = "thing"
NUMBER: Final = "number"
DAY: Final = "day"
TIME: Final = "time"
TEXT: Final = "text"
BACK: Final = "^"
"""What is before the name of a property that is read from its value, as in SPARQL."""

_XSD: Final = PREFIXES["xsd"]
_HOLDS: Final = {
    **dict.fromkeys((_XSD + n for n in ("date", "dateTime", "gYearMonth", "gYear")), DAY),
    **dict.fromkeys((_XSD + n for n in ("integer", "decimal", "double", "float", "int")), NUMBER),
    _XSD + "time": TIME,
}
_NODES: Final = frozenset({SH + "IRI", SH + "BlankNodeOrIRI", SH + "BlankNode"})


@dataclass(frozen=True)
class PropertyStep:
    """A property of the things of a class, and what its values are."""

    path: str
    """The IRI of the property."""
    backwards: bool = False
    holds: str = TEXT
    """thing, number, day, time or text."""
    classes: tuple[str, ...] = ()
    """Of which its values are, where that is said."""

    @property
    def way(self) -> tuple[str, bool]:
        """The property, and whether it is read from its value."""
        return self.path, self.backwards

    @property
    def name(self) -> str:
        return (BACK if self.backwards else "") + in_prefixes(self.path)


@dataclass(frozen=True)
class ClassOfThings:
    iri: str
    names: tuple[Text, ...] = ()

    @property
    def name(self) -> str:
        return in_prefixes(self.iri)


@dataclass(frozen=True)
class Kinds:
    """All kinds of a graph, by the IRIs of their classes."""

    known: Mapping[str, ClassOfThings]
    subclasses: Mapping[str, tuple[str, ...]]
    """The classes below each class."""
    steps_of: Callable[[str], tuple[PropertyStep, ...]]
    """Tells what can be asked of the things of a class."""

    def steps(self, kind: ClassOfThings | None) -> tuple[PropertyStep, ...]:
        return self.steps_of(kind.iri) if kind else ()

    def step(self, kind: ClassOfThings | None, name: str) -> PropertyStep | None:
        """Return the step from a kind that an address calls so."""
        return next((step for step in self.steps(kind) if step.name == name), None)

    def named(self, name: str) -> ClassOfThings | None:
        """Return the kind that an address calls so, by its short name or its IRI."""
        return next((k for k in self.known.values() if name in (k.name, k.iri)), None)

    def kinds_of_values(self, step: PropertyStep) -> tuple[ClassOfThings, ...]:
        """Return the possible kinds of a step's values: its classes and their subclasses."""
        classes = (c for of in step.classes for c in (of, *self.subclasses.get(of, ())))
        return tuple(self.known[c] for c in dict.fromkeys(classes) if c in self.known)

    def kind_of_values(self, step: PropertyStep) -> ClassOfThings | None:
        """Return the kind of all values of a step; None if there may be several."""
        (*others, last) = step.classes or ("",)
        return None if others else self.known.get(last)


def kinds_of(shapes: Sequence[Shape], superclasses: Mapping[str, tuple[str, ...]]) -> Kinds:
    """Return the kinds that shapes speak of; a class has what the classes above it have."""
    known = {shape.target: ClassOfThings(shape.target, shape.names) for shape in reversed(shapes)}
    steps: dict[str, tuple[PropertyStep, ...]] = {}
    kinds = Kinds(known, subclasses_of_each(superclasses), steps.__getitem__)
    own: dict[str, list[PropertyStep]] = {}
    back: dict[str, list[PropertyStep]] = {}
    for shape in shapes:
        own_steps = [*_steps(shapes, shape.rules)]
        own[shape.target] = [*_merged((*own.get(shape.target, ()), *own_steps))]
        for step in own_steps:
            other_way = PropertyStep(step.path, not step.backwards, THING, (shape.target,))
            for end in kinds.kinds_of_values(step):
                back.setdefault(end.iri, []).append(other_way)
    steps |= {iri: _nearest(own, back, (iri, *superclasses.get(iri, ()))) for iri in known}
    return kinds


def found_kinds(graph: Graph) -> Kinds:
    """Return the classes that a graph uses, the most used first; their steps once asked for."""
    rows = graph.queries.rows("classes").rows
    known = {iri.value: ClassOfThings(iri.value) for iri, _ in rows if isinstance(iri, NamedNode)}
    subclasses = subclasses_of_each(graph.superclasses)

    def steps(iri: str) -> tuple[PropertyStep, ...]:
        classes = [NamedNode(c) for c in (iri, *subclasses.get(iri, ()))]
        forwards, backwards = (
            graph.queries.cached(graph.queries.text(name, **{"class": classes}))
            for name in ("links_of_class", "links_to_class")
        )
        return (*_found_steps(forwards, backwards=False), *_found_steps(backwards, backwards=True))

    return Kinds(known, subclasses, steps)


def _found_steps(found: Solutions, *, backwards: bool) -> Iterator[PropertyStep]:
    """Yield each property with the type of its values."""
    ends: dict[str, tuple[set[str], set[str]]] = {}
    for row in found:
        iris = {name: term.value for name, term in row.items() if isinstance(term, NamedNode)}
        if iris["property"] != TYPE:
            classes, datatypes = ends.setdefault(iris["property"], (set(), set()))
            classes |= {iris["end"]} if "end" in iris else set()
            datatypes.add(iris.get("datatype", ""))
    for path, (classes, datatypes) in ends.items():
        holds = THING if "" in datatypes else value_type(sorted(datatypes))
        yield PropertyStep(path, backwards, holds, tuple(sorted(classes)))


def subclasses_of_each(superclasses: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the classes below each class, of those above each."""
    subclasses: dict[str, list[str]] = {}
    for of_class, above_it in superclasses.items():
        for superclass in above_it:
            subclasses.setdefault(superclass, []).append(of_class)
    return {of_class: tuple(sorted(lower)) for of_class, lower in subclasses.items()}


def value_type(datatypes: Iterable[str]) -> str:
    """Return the type of values with these datatypes: numbers, days, times, or text."""
    return next((_HOLDS[datatype] for datatype in datatypes if datatype in _HOLDS), TEXT)


def _steps(shapes: Sequence[Shape], rules: Iterable[ShapeRule]) -> Iterator[PropertyStep]:
    for rule in rules:
        if rule.path or rule.backwards:
            classes, holds = _ends(shapes, rule.expected)
            path = rule.path or rule.backwards
            yield PropertyStep(path, not rule.path, THING if rule.backwards else holds, classes)


def _ends(
    shapes: Sequence[Shape], named_iris: Sequence[tuple[str, NamedNode]]
) -> tuple[tuple[str, ...], str]:
    """Return of which classes values are, and what they are."""
    classes = [iri.value for name, iri in named_iris if name == "class"]
    classes += [
        shape.target
        for name, iri in named_iris
        if name == "node"
        for shape in shapes
        if shape.iri == iri.value
    ]
    if classes or any(name == "nodeKind" and iri.value in _NODES for name, iri in named_iris):
        return tuple(dict.fromkeys(classes)), THING
    if any(name in ("in", "hasValue") for name, iri in named_iris):
        return (), THING
    return (), value_type(iri.value for name, iri in named_iris if name == "datatype")


def _merged(steps: Iterable[PropertyStep]) -> tuple[PropertyStep, ...]:
    """Return each step once: shapes may speak of a property several times."""
    found: dict[tuple[str, bool], PropertyStep] = {}
    for step in steps:
        first_found = found.setdefault(step.way, step)
        holds = step.holds if first_found.holds == TEXT else first_found.holds
        classes = tuple(dict.fromkeys((*first_found.classes, *step.classes)))
        found[step.way] = PropertyStep(*step.way, holds, classes)
    return tuple(found.values())


def _nearest(
    own: Mapping[str, list[PropertyStep]],
    back: Mapping[str, list[PropertyStep]],
    classes: Sequence[str],
) -> tuple[PropertyStep, ...]:
    """Return the steps of the first of some classes and their superclasses.

    The constraints of its own shape apply; inverse steps may come from any class.
    """
    found: dict[tuple[str, bool], PropertyStep] = {}
    for step in (step for of in classes for step in own.get(of, ())):
        found.setdefault(step.way, step)
    for step in _merged(step for of in classes for step in back.get(of, ())):
        found.setdefault(step.way, step)
    return tuple(found.values())
