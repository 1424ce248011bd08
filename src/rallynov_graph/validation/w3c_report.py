"""A report as the W3C defines it, in the form that pySHACL gives it."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf import canonical
from rallynov_graph.validation.rdflib_terms import as_graph, as_node
from rallynov_graph.validation.report import Finding, Report

_MORE: Final = {
    "fr": "{} résultats de plus par cette règle ne sont pas écrits : {}",
    "en": "{} more results by this rule are not written: {}",
}


def draw(report: Report, shapes: Iterable[Quad | Triple]) -> Graph:
    """Return a report as a graph, with what the shapes say of blank nodes that it names."""
    graph, whole, described = Graph(), BNode(), as_graph(shapes)
    graph.add((whole, RDF.type, SH.ValidationReport))
    graph.add((whole, SH.conforms, Literal(not report.results)))
    for finding in _distinct(report.results):
        add(graph, whole, finding)
        if finding.source is not None:
            source = finding.source
            for term in (source.shape, source.path, source.constraint):
                if isinstance(term, BlankNode):
                    _copy(described, as_node(term), graph)
    for more in report.more:
        for language in LANGUAGES:
            text = _MORE[language].format(more.number, more.rule)
            graph.add((whole, RDFS.comment, Literal(text, lang=language)))
    return graph


def turtle(report: Report) -> bytes:
    """Return the report in Turtle, its blank nodes named by what they are, its triples sorted."""
    assert report.graph is not None  # that of a report read from JSON lies beside it
    triples = report.graph.serialize(format="nt", encoding="utf-8")
    dataset = Dataset(parse(triples, format=RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return canonical.turtle((quad.triple for quad in dataset), PREFIXES)


def add(graph: Graph, whole: Node, finding: Finding) -> None:
    """Write a finding into a report, in the same words as SHACL's own."""
    node, source = BNode(), finding.source
    component = URIRef(finding.component)
    shape = as_node(source.shape) if source else URIRef(str(finding.shape))
    graph.add((whole, SH.result, node))
    graph.set((whole, SH.conforms, Literal(False)))
    graph.add((node, RDF.type, SH.ValidationResult))
    graph.add((node, SH.resultSeverity, _severity(finding)))
    graph.add((node, SH.focusNode, as_node(finding.focus)))
    graph.add((node, SH.sourceShape, shape))
    graph.add((node, SH.sourceConstraintComponent, component))
    if source and source.constraint is not None:
        graph.add((node, SH.sourceConstraint, as_node(source.constraint)))
    if source and source.path is not None:
        graph.add((node, SH.resultPath, as_node(source.path)))
    elif finding.path:
        graph.add((node, SH.resultPath, URIRef(finding.path)))
    if finding.value is not None:
        graph.add((node, SH.value, as_node(finding.value)))
    for language, text in finding.messages.items():
        graph.add((node, SH.resultMessage, Literal(text, lang=language or None)))


def _distinct(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Return findings without those that a graph could not tell from another one."""
    return {(f.source, f.shape, f.focus, f.path, f.value, f.severity): f for f in findings}.values()


def _severity(finding: Finding) -> URIRef:
    """Return SHACL's own severity, or one of the user's, which has its whole IRI."""
    own = ":" in finding.severity
    return URIRef(finding.severity if own else str(SH) + finding.severity)


def _copy(source: Graph, node: Node, target: Graph) -> None:
    """Copy what is said of a blank node, and of those that it leads to."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        for triple in source.triples((current, None, None)):
            if triple not in target:
                target.add(triple)
                waiting += [triple[2]] if isinstance(triple[2], BNode) else []
