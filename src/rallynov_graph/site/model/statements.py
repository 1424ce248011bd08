"""The statements about things, in both directions, each with the graphs that state it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView


@dataclass(frozen=True)
class Statement:
    """A triple seen from one of its ends, with the graphs that state it."""

    path: str
    other_end: Term
    graphs: tuple[str, ...]
    backwards: bool = False
    iri: str = ""
    """The IRI of the other end; empty where that is a literal or a blank node."""


def statements_about(view: GraphView, iris: list[str]) -> dict[str, list[Statement]]:
    """Return the statements whose subject is one of these things, by the thing."""
    found: dict[str, dict[tuple[str, Term], list[str]]] = {}
    for thing, path, value, graph in view.queries.rows("statements", thing=named_nodes(iris)).rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        graphs = found.setdefault(thing.value, {}).setdefault((path.value, value), [])
        if isinstance(graph, NamedNode):
            graphs.append(graph.value)
    return {
        thing: [
            Statement(path, value, tuple(graphs), False, _iri(value))
            for (path, value), graphs in values.items()
        ]
        for thing, values in found.items()
    }


def mentions(view: GraphView, iri: str) -> list[Statement]:
    """Return the statements whose object is a thing, those of the ontology's terms left out."""
    found: dict[tuple[str, Term], list[str]] = {}
    for subject, path, _, graph in view.queries.rows("mentions", thing=NamedNode(iri)).rows:
        assert isinstance(path, NamedNode) and subject is not None
        if isinstance(subject, NamedNode) and (view.foreign or not view.is_term(subject.value)):
            graphs = found.setdefault((path.value, subject), [])
            if isinstance(graph, NamedNode) and graph.value != ONTOLOGY:
                graphs.append(graph.value)
    return [
        Statement(path, subject, tuple(graphs), True, _iri(subject))
        for (path, subject), graphs in found.items()
    ]


def statements_inside(
    view: GraphView, iri: str, statements: list[Statement]
) -> dict[str, list[Statement]]:
    """Return the statements about the blank nodes that a thing points to, by node."""
    if not any(isinstance(s.other_end, BlankNode) for s in statements):
        return {}
    return statements_of_unnamed_nodes(view, "inside", iri)


def statements_of_unnamed_nodes(
    view: GraphView, query: str, iri: str
) -> dict[str, list[Statement]]:
    """Return the statements about blank nodes that a query finds around a thing, by node."""
    found: dict[str, list[Statement]] = {}
    for node, path, value in view.queries.rows(query, thing=NamedNode(iri)).rows:
        assert node is not None and isinstance(path, NamedNode) and value is not None
        found.setdefault(term_key(node), []).append(
            Statement(path.value, value, (), False, _iri(value))
        )
    return found


def named_nodes(iris: Iterable[str]) -> list[NamedNode]:
    """Return the nodes of IRIs."""
    return [NamedNode(iri) for iri in iris]


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def term_key(term: Term) -> str:
    """Return the key of a term: an IRI as it is, any other term as N-Triples writes it."""
    return term.value if isinstance(term, NamedNode) else str(term)
