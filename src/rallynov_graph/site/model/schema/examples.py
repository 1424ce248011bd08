"""How a class or property is used in the data: how often, and a few facts with their evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ONTOLOGY, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.evidence import Evidence, of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.list_queries import ANYHOW, Choices, Selection, Source

MOST: Final = 100_000
"""Further than this, uses are not counted."""


@dataclass(frozen=True)
class Example:
    """A use of the term in the data: a fact with its evidence."""

    thing: Node
    value: Node | None
    """None of an instance of a class."""
    evidence: tuple[Evidence, ...]
    why: str | None
    """Where the fact is explained, if its value is a thing."""


@dataclass(frozen=True)
class Use:
    """How often a term is used in the data, and a few of its uses."""

    count: int
    more: bool
    """Whether there are more than were counted."""
    examples: tuple[Example, ...]
    all: str | None
    """The address of the list of all things of a class."""
    query: str


def use_of(view: GraphView, term: NamedNode, kind: str, certainty: str = ANYHOW) -> Use | None:
    """Return how a class or a property is used, at least so certainly; None of what is neither."""
    said, given = ("", {}) if certainty == ANYHOW else ("_said", {"certainty": _named(certainty)})
    if kind == "class":
        below = [c for c, higher in view.graph.above.items() if term.value in higher]
        classes = [term, *(NamedNode(c) for c in sorted(below))]
        counted = view.queries.rows(f"things_counted{said}", **{"class": classes}, **given)
        text = view.queries.text(f"examples_of_class{said}", **{"class": classes}, **given)
        query = view.queries.text("things_of_class", **{"class": term})
        if said:
            source = Source(of_class=term.value)
            query = Selection(view.queries, source, Choices(certainty)).things()
        asked = [("class", term.value), ("certainty", certainty if said else "")]
        everything = view.addresses.path("/list", asked)
    elif kind == "property":
        counted = view.queries.rows(f"uses_counted{said}", property=term, **given)
        text = view.queries.text(f"examples_of_property{said}", property=term, **given)
        query = view.queries.text(f"values_of_property{said}", property=term, **given)
        everything = None
    else:
        return None
    (number,) = (int(n.value) for (n,) in counted.rows if isinstance(n, Literal))
    rows = view.store.select(text).rows
    examples = tuple(_examples(view, rows, kind))
    return Use(
        min(number, MOST),
        number > MOST,
        examples,
        everything if number else None,
        readable(query),
    )


def _examples(
    view: GraphView, rows: tuple[tuple[Term | None, ...], ...], kind: str
) -> Iterable[Example]:
    """Yield the facts of some rows, each with the graphs that state it."""
    stated: dict[tuple[Term, str, Term], list[str]] = {}
    for row in rows:
        thing, graph = row[0], row[-1]
        prop, value = (TYPE, row[1]) if kind == "class" else (str(row[1])[1:-1], row[2])
        assert thing is not None and value is not None
        graphs = stated.setdefault((thing, prop, worded(view, prop, value)), [])
        if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
            graphs.append(graph.value)
    evidence = of_graphs(view, (g for graphs in stated.values() for g in graphs))
    nodes = view.nodes(term for thing, _, value in stated for term in (thing, value))
    for (thing, prop, value), graphs in stated.items():
        known = sorted((evidence[g] for g in graphs), key=lambda found: found.rank)
        is_thing = isinstance(value, NamedNode) and isinstance(thing, NamedNode) and graphs
        why = view.addresses.why(thing.value, prop, value.value) if is_thing else None  # type: ignore[union-attr]
        yield Example(nodes[thing], None if kind == "class" else nodes[value], tuple(known), why)


def _named(certainty: str) -> NamedNode:
    return NamedNode(RN + certainty)
