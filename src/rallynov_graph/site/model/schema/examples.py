"""The uses of a class or property in the data: their number, and examples with their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import LISTED_CLASSES
from rallynov_graph.base.namespaces import ONTOLOGY, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs, has_note
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.list_queries import (
    ANY_CERTAINTY,
    Choices,
    Selection,
    Source,
    source_of_kind,
)

MOST: Final = 100_000
"""Uses are counted up to this number."""


@dataclass(frozen=True)
class Example:
    """A use of the term in the data: a fact with its evidence."""

    thing: Node
    value: Node | None
    """None for an instance of a class."""
    evidence: tuple[Evidence, ...]
    explanation: str | None
    """Where the fact is explained, if its value is a thing."""


@dataclass(frozen=True)
class Use:
    """How often a term is used in the data, and a few of its uses."""

    count: int
    more: bool
    """Whether there are more than were counted."""
    examples: tuple[Example, ...]
    all: str | None
    """The address of the list of all things of a class; None where there are none."""
    query: str


def use_of(
    view: GraphView, term: NamedNode, kind: str, certainty: str = ANY_CERTAINTY
) -> Use | None:
    """Return the uses of a class or a property of at least this certainty; None for other terms."""
    suffix, certainty_term = (
        ("", {})
        if certainty == ANY_CERTAINTY
        else ("_said", {"certainty": _certainty_node(certainty)})
    )
    if kind == "class":
        subclasses = [c for c, higher in view.graph.superclasses.items() if term.value in higher]
        classes = [term, *(NamedNode(c) for c in sorted(subclasses))]
        counted = view.queries.rows(
            f"things_counted{suffix}", **{"class": classes}, **certainty_term
        )
        text = view.queries.text(
            f"examples_of_class{suffix}", **{"class": classes}, **certainty_term
        )
        query = view.queries.text("things_of_class", **{"class": term})
        if suffix:
            source = Source(of_class=term.value)
            query = Selection(view.queries, source, Choices(certainty)).things()
    elif kind == "property":
        counted = view.queries.rows(f"uses_counted{suffix}", property=term, **certainty_term)
        text = view.queries.text(f"examples_of_property{suffix}", property=term, **certainty_term)
        query = view.queries.text(f"values_of_property{suffix}", property=term, **certainty_term)
    else:
        return None
    (number,) = (int(n.value) for (n,) in counted.rows if isinstance(n, Literal))
    rows = view.store.select(text).rows
    examples = tuple(_examples(view, rows, kind))
    return Use(
        min(number, MOST),
        number > MOST,
        examples,
        _list_of_class(view, term.value, number, certainty) if kind == "class" and number else None,
        readable(query),
    )


def _list_of_class(view: GraphView, of_class: str, number: int, certainty: str) -> str:
    """Return the address of the list of so many things of a class.

    Where a kind has them all, it is that of the kind: no list has two addresses. A kind has no
    thing that its class has not.
    """
    asked = ("certainty", certainty if certainty != ANY_CERTAINTY else "")
    kind = LISTED_CLASSES.get(of_class)
    if kind is not None and not view.foreign and number <= MOST:
        of_kind = Selection(view.queries, source_of_kind(kind), Choices(certainty))
        if of_kind.total() == number:
            return view.addresses.path(f"/list/{kind}", [asked])
    return view.addresses.path("/list", [("class", of_class), asked])


def _examples(
    view: GraphView, rows: tuple[tuple[Term | None, ...], ...], kind: str
) -> Iterable[Example]:
    """Yield the facts of some rows, each with the graphs that state it."""
    graphs_by_fact: dict[tuple[Term, str, Term], list[str]] = {}
    for row in rows:
        thing, graph = row[0], row[-1]
        prop, value = (TYPE, row[1]) if kind == "class" else (str(row[1])[1:-1], row[2])
        assert thing is not None and value is not None
        graphs = graphs_by_fact.setdefault((thing, prop, value), [])
        if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
            graphs.append(graph.value)
    evidence = evidence_of_graphs(view, (g for graphs in graphs_by_fact.values() for g in graphs))
    shown = {(p, value): in_carnet_language(view, p, value) for _, p, value in graphs_by_fact}
    nodes = view.nodes([*(thing for thing, *_ in graphs_by_fact), *shown.values()])
    for (thing, prop, value), graphs in graphs_by_fact.items():
        evidence_of_fact = sorted((evidence[g] for g in graphs), key=lambda found: found.rank)
        explanation = None
        if isinstance(thing, NamedNode) and has_note(evidence_of_fact):
            explanation = view.note_address(thing.value, prop, value)
        yield Example(
            nodes[thing],
            None if kind == "class" else nodes[shown[prop, value]],
            tuple(evidence_of_fact),
            explanation,
        )


def _certainty_node(certainty: str) -> NamedNode:
    return NamedNode(RN + certainty)
