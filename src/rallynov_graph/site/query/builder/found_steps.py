"""What can be asked of a graph without shapes: what some things of each class say."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.nodes import Graph
from rallynov_graph.site.query.builder.steps import (
    THING,
    ClassOfThings,
    Kinds,
    PropertyStep,
    subclasses_of_each,
    value_type,
)


def found_kinds(graph: Graph) -> Kinds:
    """Return the classes that a graph uses, the most used first; their steps once asked for."""
    rows = graph.queries.rows("classes").rows
    known = {iri.value: ClassOfThings(iri.value) for iri, _ in rows if isinstance(iri, NamedNode)}
    subclasses = subclasses_of_each(graph.superclasses)

    def steps(iri: str) -> tuple[PropertyStep, ...]:
        classes = [NamedNode(c) for c in (iri, *subclasses.get(iri, ()))]
        steps_forwards, steps_backwards = (
            graph.queries.cached(graph.queries.text(name, **{"class": classes}))
            for name in ("links_of_class", "links_to_class")
        )
        return (*_steps(steps_forwards, backwards=False), *_steps(steps_backwards, backwards=True))

    return Kinds(known, subclasses, steps)


def _steps(found: Solutions, backwards: bool) -> Iterator[PropertyStep]:
    """Yield each property with what its values are."""
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
