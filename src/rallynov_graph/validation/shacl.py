"""Validation by pySHACL: the reference, and whatever the quick validator leaves."""

import logging
import warnings
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import chain
from typing import Final

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ShapeRecursionWarning
from rdflib import OWL, RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.collection import Collection
from rdflib.term import Node

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.validation import graph_checks, report, source_faults
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.quick.rdflib_graphs import add_result, as_graph, as_node, as_term
from rallynov_graph.validation.quick.triples import TripleTermError
from rallynov_graph.validation.report import Finding, Report

_MODIFIERS: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_PATHS: Final = (*_MODIFIERS, SH.inversePath, SH.alternativePath)
_SHAPES_OF_SHAPES: Final = files(pyshacl) / "assets" / "shacl-shacl.ttl"
"""The shapes of the W3C for well-formed shapes."""
_ONE: Final = RdflibLiteral(
    "1", datatype=URIRef("http://www.w3.org/2001/XMLSchema#boolean"), normalize=False
)


def validate(
    data: Iterable[ox.Quad],
    shapes: Iterable[ox.Quad],
    *,
    background: Iterable[ox.Quad] = (),
    checks: Sequence[Check] = (),
) -> Report:
    """Return the report on all that is current in the data, by the shapes and the checks.

    The background (an ontology) must conform to the same shapes, and says which classes are
    subclasses. The report's graph is pySHACL's own, with the findings of checks added. Raises
    ShapesError where the shapes cannot be used.
    """
    quads, ontology, shape_quads = list(data), list(background), list(shapes)
    source_faults.refuse_unusable(shape_quads)
    current = (quad for quad in chain(quads, ontology) if is_current(quad.graph_name))
    graph, found = run(current, shape_quads)
    (whole,) = graph.subjects(RDF.type, SH.ValidationReport)
    of_checks = graph_checks.run(checks, chain(quads, ontology), shape_quads)
    for finding in of_checks:
        add_result(graph, whole, finding)
    kept, more = report.Collection().kept(chain(found, of_checks))
    return report.of(kept, lambda _: graph, more)


def run(
    data: Iterable[ox.Quad | ox.Triple], shapes: Iterable[ox.Quad]
) -> tuple[Graph, list[Finding]]:
    """Return pySHACL's own report on data, and its findings; raise ShapesError."""
    try:
        data_graph, shapes_graph = as_graph(data), _shapes_as_graph(shapes)
    except TripleTermError as error:
        raise RallynovError(str(error)) from None
    result = _run(data_graph, shapes_graph, shapes_graph)
    findings = [
        _finding(result, node, shapes_graph, data_graph) for node in result.objects(None, SH.result)
    ]
    return result, findings


def refuse_ill_formed(shapes: Iterable[ox.Quad]) -> None:
    """Raise ShapesError where shapes are not as SHACL defines them.

    The result of such shapes is not defined: pySHACL finds fault with right data, or with none.
    """
    shapes_graph = _shapes_as_graph(shapes)
    _leave_one_path(shapes_graph)
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
        raise source_faults.of_finding(first, as_node(first.focus), shapes_graph)


def _shapes_as_graph(shapes: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return shapes as pySHACL must have them to do what SHACL says."""
    graph = as_graph(shapes)
    # SHACL: sh:uniqueLang asks something where it is ``true``, and only then.
    graph.remove((None, SH.uniqueLang, _ONE))
    # SHACL: prefixes are also those of the ontologies that are imported; pySHACL does not look.
    for node in {*graph.objects(None, SH.prefixes)}:
        for imported in {*graph.transitive_objects(node, OWL.imports)} - {node}:
            for declaration in graph.objects(imported, SH.declare):
                graph.add((node, SH.declare, declaration))
    return graph


def _leave_one_path(shapes: Graph) -> None:
    """Remove from each list of a path what would make it a path of another kind too.

    The W3C's own tests want such a list to be followed as a list, and pySHACL does.
    """
    for part in {*shapes.subjects(RDF.first, None)}:
        for predicate in _PATHS:
            shapes.remove((part, predicate, None))


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


def _finding(result: Graph, node: Node, shapes: Graph, data: Graph) -> Finding:
    severity = str(result.value(node, SH.resultSeverity))
    focus, path = result.value(node, SH.focusNode), result.value(node, SH.resultPath)
    value, shape = result.value(node, SH.value), result.value(node, SH.sourceShape)
    constraint = result.value(node, SH.sourceConstraint)
    messages = [m for m in result.objects(node, SH.resultMessage) if isinstance(m, RdflibLiteral)]
    assert focus is not None  # SHACL: every result has one
    return Finding(
        severity=severity.removeprefix(str(SH)),
        shape=source_faults.named(shapes, shape),
        focus=as_term(focus),
        path=_path(result, path) if path is not None else None,
        value=as_term(value) if value is not None else None,
        messages={m.language or "": str(m) for m in sorted(messages)},
        within=source_faults.named(data, focus) if isinstance(focus, BNode) else None,
        component=str(result.value(node, SH.sourceConstraintComponent)),
        source=None if shape is None else as_term(shape),
        path_node=None if path is None else as_term(path),
        constraint=None if constraint is None else as_term(constraint),
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
