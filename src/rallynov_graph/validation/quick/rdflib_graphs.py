"""Convert rdflib's terms and graphs to ours and back, and write reports as the W3C defines them."""

import logging
import warnings
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from rallynov_graph.validation.quick.results import Finding
from rallynov_graph.validation.quick.triples import Term, TripleTermError

_STRING: Final = URIRef("http://www.w3.org/2001/XMLSchema#string")

# rdflib logs, or warns of, each value that its datatype does not allow; the shapes judge that.
warnings.filterwarnings("ignore", "Parsing weird boolean")
logging.getLogger("rdflib.term").disabled = True


def as_graph(quads: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return the triples of all graphs together, literals as they were written.

    Raises TripleTermError.
    """
    graph = Graph()
    for quad in quads:
        graph.add((as_node(quad.subject), as_node(quad.predicate), as_node(quad.object)))
    return graph


def as_triples(graph: Graph) -> Iterable[ox.Triple]:
    """Return the triples of a graph, of a dataset those of all graphs."""
    triples = ((s, p, o) for s, p, o, *_ in graph.quads()) if hasattr(graph, "quads") else graph
    return (ox.Triple(*map(as_term, triple)) for triple in triples)  # type: ignore[arg-type]


def as_node(term: Term) -> Node:
    """Return a term for rdflib, a literal as it was written; raise TripleTermError."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            return as_literal(term)
    raise TripleTermError(term)


def as_literal(literal: ox.Literal) -> Literal:
    """Return a literal for rdflib, as it was written."""
    if literal.language:
        return Literal(literal.value, lang=literal.language)
    datatype = URIRef(literal.datatype.value)
    return Literal(
        literal.value, datatype=None if datatype == _STRING else datatype, normalize=False
    )


def as_term(node: Node) -> Term:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _STRING)))
    return ox.BlankNode(str(node))


def report_graph(findings: Iterable[Finding], shapes: Graph) -> tuple[Graph, Node]:
    """Return the W3C's report of findings, and its node; blank nodes of shapes are described."""
    graph, report = Graph(), BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(True)))
    # Two findings that a graph cannot distinguish become one in it.
    distinct = {
        (*_nodes_of(f), f.component, f.shape, f.focus, f.path, f.value, f.severity): f
        for f in findings
    }
    for finding in distinct.values():
        add_result(graph, report, finding)
        for term in _nodes_of(finding):
            if isinstance(term, ox.BlankNode):
                _copy(shapes, as_node(term), graph)
    return graph, report


def add_result(graph: Graph, report: Node, finding: Finding) -> None:
    """Write a finding into a report, in the same words as SHACL's own."""
    node = BNode()
    shape = URIRef(str(finding.shape)) if finding.source is None else as_node(finding.source)
    # A severity of the user's own has its whole IRI.
    severity = finding.severity if ":" in finding.severity else str(SH) + finding.severity
    graph.add((report, SH.result, node))
    graph.set((report, SH.conforms, Literal(False)))
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.resultSeverity, URIRef(severity)))
    graph.add((node, SH.focusNode, as_node(finding.focus)))
    graph.add((node, SH.sourceShape, shape))
    graph.add((node, SH.sourceConstraintComponent, URIRef(finding.component)))
    if finding.constraint is not None:
        graph.add((node, SH.sourceConstraint, as_node(finding.constraint)))
    if finding.path_node is not None:
        graph.add((node, SH.resultPath, as_node(finding.path_node)))
    elif finding.path:
        graph.add((node, SH.resultPath, URIRef(finding.path)))
    if finding.value is not None:
        graph.add((node, SH.value, as_node(finding.value)))
    for language, text in finding.messages.items():
        graph.add((node, SH.resultMessage, Literal(text, lang=language or None)))


def _nodes_of(finding: Finding) -> tuple[Term | None, ...]:
    return finding.source, finding.path_node, finding.constraint


def _copy(source: Graph, node: Node, target: Graph) -> None:
    """Copy what is said of a blank node, and of those that it leads to."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        for triple in source.triples((current, None, None)):
            if triple not in target:
                target.add(triple)
                waiting += [triple[2]] if isinstance(triple[2], BNode) else []
