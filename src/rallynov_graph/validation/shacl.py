"""Validation of data by pySHACL, and by the checks that concern graphs."""

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import chain
from typing import Final

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ShapeRecursionWarning
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.collection import Collection
from rdflib.term import Node

from rallynov_graph.base.errors import RallynovError, ShapesError
from rallynov_graph.base.terms import Term
from rallynov_graph.validation import graph_checks, report, source_faults
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.report import Finding, Report

_MODIFIERS: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_SHAPES_OF_SHAPES: Final = files(pyshacl) / "assets" / "shacl-shacl.ttl"
"""The shapes of the W3C for well-formed shapes."""


def validate(
    data: Iterable[ox.Quad],
    shapes: Iterable[ox.Quad],
    *,
    background: Iterable[ox.Quad] = (),
    checks: Sequence[Check] = (),
) -> Report:
    """Return the report on all graphs of the data together, by the shapes and the checks.

    The background (an ontology) must conform to the same shapes, and says which classes are
    subclasses. The report's graph is pySHACL's own, with the findings of checks added. Raises
    ShapesError where the shapes cannot be used.
    """
    quads, ontology, shape_quads = list(data), list(background), list(shapes)
    shapes_graph = as_graph(shape_quads)
    if not any(
        str(predicate).startswith(str(SH)) for predicate in shapes_graph.predicates(unique=True)
    ):
        raise ShapesError("there is no SHACL in them; name a file of shapes")
    graph = as_graph(chain(quads, ontology))
    result = _run(graph, shapes_graph, shapes_graph)
    findings = [
        _finding(result, node, shapes_graph, graph) for node in result.objects(None, SH.result)
    ]
    found = graph_checks.run(checks, chain(quads, ontology), shape_quads)
    for finding in found:
        _add(result, finding)
    return report.of(chain(findings, found), result)


def refuse_ill_formed(shapes: Iterable[ox.Quad]) -> None:
    """Raise ShapesError where shapes are not as SHACL defines them.

    The result of such shapes is not defined: pySHACL finds fault with right data, or with none.
    """
    shapes_graph = as_graph(shapes)
    shapes_of_shapes = Graph().parse(str(_SHAPES_OF_SHAPES))
    result = _run(shapes_graph, shapes_of_shapes, shapes_graph)
    found = [
        _finding(result, node, shapes_of_shapes, shapes_graph)
        for node in result.objects(None, SH.result)
    ]
    if found:
        first = min(
            found, key=lambda f: (not f.path, f.value is None, str(f.path), f.described or "")
        )
        raise source_faults.of_finding(first, _node(first.focus), shapes_graph)


def as_graph(quads: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return the triples of all graphs together for rdflib, literals as they were written."""
    # rdflib logs each value that its datatype does not allow; the shapes judge that.
    logging.getLogger("rdflib.term").disabled = True
    graph = Graph()
    for quad in quads:
        graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return graph


def _run(data: Graph, shapes: Graph, user_shapes: Graph) -> Graph:
    """Return pySHACL's report; raise ShapesError, about the user's shapes, where it gives up."""
    logging.getLogger("pyshacl-validate").disabled = True  # its errors have the same text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ShapeRecursionWarning)
            warnings.simplefilter("ignore", UserWarning)
            _, result, _ = pyshacl.validate(
                data, shacl_graph=shapes, advanced=True, inference="none", inplace=True
            )
    except MemoryError:
        raise
    except Exception as error:  # rdflib raises just that for a prefix that is not declared
        raise source_faults.of_error(error, user_shapes) from error
    if isinstance(result, Exception):
        raise source_faults.of_error(result, user_shapes) from result
    assert isinstance(result, Graph)
    return result


def _node(term: Term) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return RdflibLiteral(term.value, lang=term.language)
            datatype = URIRef(term.datatype.value)
            return RdflibLiteral(
                term.value, datatype=None if datatype == _STRING else datatype, normalize=False
            )
    raise RallynovError(f"SHACL checking does not read triple terms (RDF 1.2): {term}")


_STRING: Final = URIRef("http://www.w3.org/2001/XMLSchema#string")


def _term(node: Node) -> Term:
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, RdflibLiteral):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or _STRING)))
    return ox.BlankNode(str(node))


def _finding(result: Graph, node: Node, shapes: Graph, data: Graph) -> Finding:
    severity = str(result.value(node, SH.resultSeverity))
    focus, path = result.value(node, SH.focusNode), result.value(node, SH.resultPath)
    value, shape = result.value(node, SH.value), result.value(node, SH.sourceShape)
    messages = [m for m in result.objects(node, SH.resultMessage) if isinstance(m, RdflibLiteral)]
    assert focus is not None  # SHACL: every result has one
    return Finding(
        severity=severity.removeprefix(str(SH)),
        shape=source_faults.named(shapes, shape),
        focus=_term(focus),
        path=_path(result, path) if path is not None else None,
        value=_term(value) if value is not None else None,
        messages={m.language or "": str(m) for m in sorted(messages)},
        within=source_faults.named(data, focus) if isinstance(focus, BNode) else None,
    )


def _path(graph: Graph, path: Node) -> str:
    """Return an IRI as it is, a longer path as SPARQL writes it."""
    return str(path) if isinstance(path, URIRef) else _steps(graph, path)


def _steps(graph: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if graph.value(path, RDF.first) is not None:
        return "/".join(_steps(graph, step) for step in Collection(graph, path))
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return f"^{_steps(graph, inverse)}"
    if (choices := graph.value(path, SH.alternativePath)) is not None:
        return f"({'|'.join(_steps(graph, choice) for choice in Collection(graph, choices))})"
    return next(
        (
            f"({_steps(graph, inner)}){sign}"
            for predicate, sign in _MODIFIERS.items()
            if (inner := graph.value(path, predicate)) is not None
        ),
        "?",
    )


def _add(result: Graph, finding: Finding) -> None:
    """Write a check's finding into the W3C report, in the same words as SHACL's own."""
    node = BNode()
    whole_report = next(iter(result.subjects(RDF.type, SH.ValidationReport)))
    result.add((whole_report, SH.result, node))
    result.set((whole_report, SH.conforms, RdflibLiteral(False)))
    result.add((node, RDF.type, SH.ValidationResult))
    result.add((node, SH.resultSeverity, SH[finding.severity]))
    result.add((node, SH.focusNode, _node(finding.focus)))
    result.add((node, SH.sourceShape, URIRef(str(finding.shape))))
    result.add((node, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent))
    for triple in _details(node, finding):
        result.add(triple)


def _details(node: BNode, finding: Finding) -> Iterator[tuple[Node, Node, Node]]:
    if finding.path:
        yield node, SH.resultPath, URIRef(finding.path)
    if finding.value is not None:
        yield node, SH.value, _node(finding.value)
    for language, text in finding.messages.items():
        yield node, SH.resultMessage, RdflibLiteral(text, lang=language)
