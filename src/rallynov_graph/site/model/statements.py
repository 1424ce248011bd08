"""What a store says of things: statements both ways, each with the graphs that make it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView


@dataclass(frozen=True)
class Statement:
    """A triple as a row tells it, with the graphs that state it; read backwards or not."""

    path: str
    other: Term
    graphs: tuple[str, ...]
    backwards: bool = False
    iri: str = ""
    """That of the other end; empty where it is no thing with a name."""


def about(view: GraphView, iris: list[str]) -> dict[str, list[Statement]]:
    """Return what is said of each thing, with the graphs that say it."""
    found: dict[str, dict[tuple[str, Term], list[str]]] = {}
    for thing, path, value, graph in view.queries.rows("statements", thing=named(iris)).rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        graphs = found.setdefault(thing.value, {}).setdefault((path.value, value), [])
        if isinstance(graph, NamedNode):
            graphs.append(graph.value)
    return {
        thing: [
            Statement(path, value, tuple(graphs), False, _iri(value))
            for (path, value), graphs in told.items()
        ]
        for thing, told in found.items()
    }


def mentions(view: GraphView, iri: str) -> list[Statement]:
    """Return what points to a thing, the ontology's own terms aside, and in which graphs."""
    found: dict[tuple[str, Term], list[str]] = {}
    for subject, path, _, graph in view.queries.rows("mentions", thing=NamedNode(iri)).rows:
        assert isinstance(path, NamedNode) and subject is not None
        if isinstance(subject, NamedNode) and (view.foreign or not view.is_term(subject.value)):
            graphs = found.setdefault((path.value, subject), [])
            if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
                graphs.append(graph.value)
    return [Statement(p, s, tuple(graphs), True, _iri(s)) for (p, s), graphs in found.items()]


def inside(view: GraphView, iri: str, told: list[Statement]) -> dict[str, list[Statement]]:
    """Return what is said of the unnamed nodes that a thing points to."""
    if not any(isinstance(s.other, BlankNode) for s in told):
        return {}
    return unnamed(view, "inside", iri)


def unnamed(view: GraphView, query: str, iri: str) -> dict[str, list[Statement]]:
    """Return what a query around a thing finds said of unnamed nodes."""
    found: dict[str, list[Statement]] = {}
    for node, path, value in view.queries.rows(query, thing=NamedNode(iri)).rows:
        assert node is not None and isinstance(path, NamedNode) and value is not None
        found.setdefault(key(node), []).append(Statement(path.value, value, (), False, _iri(value)))
    return found


def named(iris: Iterable[str]) -> list[NamedNode]:
    """Return the nodes of IRIs."""
    return [NamedNode(iri) for iri in iris]


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def key(term: Term) -> str:
    """Return what a thing is known by: its IRI, or the name that an unnamed node has here."""
    return term.value if isinstance(term, NamedNode) else str(term)
