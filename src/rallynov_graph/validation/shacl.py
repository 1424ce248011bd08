"""Validation by pySHACL: the reference, also used for shapes that the quick validator leaves.

Unusable shapes are refused with an error that says which one, why, what to do, and where it is
described.
"""

import logging
import re
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Final

import pyoxigraph as ox
from rdflib import OWL, RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.collection import Collection
from rdflib.term import Node

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import RallynovError, ShapesError, SourceError
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.locations import locate
from rallynov_graph.rdf.tokens import calls_out, columns_of
from rallynov_graph.validation import graph_checks, report
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.quick.rdflib_graphs import add_result, as_graph, as_node, as_term
from rallynov_graph.validation.quick.reading import ShapeGraph
from rallynov_graph.validation.quick.triples import TripleTermError, named_around
from rallynov_graph.validation.report import Finding, Report, shortened

_MODIFIERS: Final = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_PATHS: Final = (*_MODIFIERS, SH.inversePath, SH.alternativePath)
_ONE: Final = RdflibLiteral(
    "1", datatype=URIRef("http://www.w3.org/2001/XMLSchema#boolean"), normalize=False
)
_RULES: Final = "https://www.w3.org/TR/shacl/#syntax-rules"
_ADVICE: Final[tuple[tuple[str, str], ...]] = (
    ("unknown namespace prefix", "declare it by sh:declare and name that by sh:prefixes"),
    ("was not defined", "define it there"),
    ("must not contain", "take that out"),
    ("too deep", "let fewer shapes lead to one another"),
    ("too much", "let the path come to an end"),
    ("recursive", "let the list come to an end"),
)
_TERMS: Final = {*SH.__annotations__, *SH._extras, "if", "then", "else"}
"""The names of SHACL and of its advanced features."""
_QUERIES: Final = ("select", "ask", "construct")
"""What has the text of a query in SHACL and its advanced features."""
_SCRIPTS: Final = ("js", "jsFunctionName", "jsLibrary", "jsLibraryURL")
"""What has a script in SHACL's extension for JavaScript."""
_DECLARED: Final = {"prefix": re.compile(r"[\w.-]*"), "namespace": re.compile(r'[^\s<>"{}|^`\\]*')}
"""What a declared prefix is written with; it becomes a part of a query's text."""
_LONGEST: Final = 120
"""How many characters of a line of SPARQL are shown."""


def validate(
    data: Iterable[ox.Quad],
    shapes: Iterable[ox.Quad],
    *,
    background: Iterable[ox.Quad] = (),
    checks: Sequence[Check] = (),
) -> Report:
    """Return the report on all current data, by the shapes and the checks.

    The background (an ontology) must conform to the same shapes; it also says which classes are
    subclasses. The report's graph is pySHACL's own, plus the findings of checks. Raises ShapesError
    if the shapes cannot be used.
    """
    quads, ontology, shape_quads = list(data), list(background), list(shapes)
    refuse_unusable(shape_quads)
    current = (quad for quad in chain(quads, ontology) if is_current(quad.graph_name))
    graph, found = run(current, shape_quads)
    (whole,) = graph.subjects(RDF.type, SH.ValidationReport)
    of_checks = graph_checks.run(checks, chain(quads, ontology), shape_quads)
    for finding in of_checks:
        add_result(graph, whole, finding)
    kept, more = report.first_of_each_rule(chain(found, of_checks))
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
    """Raise ShapesError if shapes break SHACL's syntax rules.

    SHACL does not define the result of such shapes: pySHACL finds faults in correct data, or none
    at all.
    """
    shapes_graph = _shapes_as_graph(shapes)
    _leave_one_path(shapes_graph)
    shapes_of_shapes = Graph().parse(str(files("pyshacl") / "assets" / "shacl-shacl.ttl"))
    result = _run(shapes_graph, shapes_of_shapes, shapes_graph)
    found = [
        _finding(result, node, shapes_of_shapes, shapes_graph)
        for node in result.objects(None, SH.result)
    ]
    if found:
        first = min(
            found, key=lambda f: (not f.path, f.value is None, str(f.path), f.described or "")
        )
        raise _of_finding(first, as_node(first.focus), shapes_graph)


def _shapes_as_graph(shapes: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return shapes in the form in which pySHACL does what SHACL says."""
    graph = as_graph(shapes)
    # SHACL: sh:uniqueLang only has an effect if it is ``true``.
    graph.remove((None, SH.uniqueLang, _ONE))
    # SHACL: prefixes are also those of the ontologies that are imported; pySHACL does not look.
    for node in {*graph.objects(None, SH.prefixes)}:
        for imported in {*graph.transitive_objects(node, OWL.imports)} - {node}:
            for declaration in graph.objects(imported, SH.declare):
                graph.add((node, SH.declare, declaration))
    return graph


def _leave_one_path(shapes: Graph) -> None:
    """Remove from each list that is a path the statements that would make it another kind of path.

    The W3C's tests want such a list to be followed as a list, as pySHACL does.
    """
    for part in {*shapes.subjects(RDF.first, None)}:
        for predicate in _PATHS:
            shapes.remove((part, predicate, None))


def _run(data: Graph, shapes: Graph, user_shapes: Graph) -> Graph:
    """Return pySHACL's report; raise ShapesError if it fails on the user's shapes."""
    import pyshacl  # it takes longer to load than to check small data
    from pyshacl.errors import ShapeRecursionWarning

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
        raise _of_error(error, user_shapes) from error
    if isinstance(result, Exception):
        raise _of_error(result, user_shapes) from result
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
        shape=_named(shapes, shape),
        focus=as_term(focus),
        path=_path(result, path) if path is not None else None,
        value=as_term(value) if value is not None else None,
        messages={m.language or "": str(m) for m in sorted(messages)},
        within=_named(data, focus) if isinstance(focus, BNode) else None,
        component=str(result.value(node, SH.sourceConstraintComponent)),
        source=None if shape is None else as_term(shape),
        path_node=None if path is None else as_term(path),
        constraint=None if constraint is None else as_term(constraint),
    )


def _path(graph: Graph, path: Node) -> str:
    """Return an IRI as it is, a longer path in SPARQL syntax."""
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


@contextmanager
def placed(*files: Path) -> Iterator[None]:
    """Turn a ShapesError of the block into a SourceError with the file and line of the shape.

    If no file describes the shape, the first file is named.
    """
    try:
        yield
    except ShapesError as error:
        shape = error.shape
        place = locate(files, [shape]).get(shape) if shape else None
        name = in_prefixes(shape) if shape else ""
        reason = f"{f'the shape {name}' if name else 'the shapes'} cannot be used: {error.reason}"
        path, line = (place.path, place.line) if place else (files[0], None)
        raise SourceError(str(path), reason, line) from error


def refuse_unusable(shapes: Iterable[ox.Quad | ox.Triple]) -> None:
    """Raise ShapesError for shapes without a defined meaning.

    This covers: no SHACL at all; a term that SHACL does not have and that would be ignored; a shape
    that refers to itself, for which SHACL defines no meaning; a query to another server; scripts; a
    query that can find nothing in any data.
    """
    graph = ShapeGraph(shapes)
    if not any(predicate.startswith(str(SH)) for predicate in graph.predicates()):
        raise ShapesError("there is no SHACL in them; name a file of shapes")
    for node in graph.shapes():
        for name in sorted(graph.parameters(node) - _TERMS):
            close = near(name, sorted(_TERMS), 1)
            advice = f"is sh:{close[0]} meant?" if close else f"see {_RULES}"
            raise ShapesError(f"SHACL has no sh:{name}; {advice}", graph.name(node))
    _refuse_calls(graph)
    _refuse_scripts(graph)
    _refuse_without_this(graph)
    if graph.having("entailment"):
        raise ShapesError("sh:entailment asks for conclusions; draw them, then take it out")
    if circle := graph.circle():
        _, *others = (in_prefixes(graph.name(node) or str(node)) for node in circle)
        way = f" by way of {', '.join(others)}" if others else ""
        raise ShapesError(
            f"it leads to itself{way}, and SHACL does not define that; remove one reference",
            graph.name(circle[0]),
        )


def _refuse_calls(graph: ShapeGraph) -> None:
    """Raise ShapesError if a query calls another server, or if a prefix may hide such a call."""
    for name in _QUERIES:
        for query, nodes in graph.having(name).items():
            if isinstance(query, ox.Literal) and calls_out(query.value):
                raise ShapesError(
                    "its SPARQL calls another server (SERVICE), which nothing that is validated "
                    "may; take it out",
                    graph.name(nodes[0]),
                )
    for name, form in _DECLARED.items():
        for declared, nodes in graph.having(name).items():
            if isinstance(declared, ox.Literal) and not form.fullmatch(declared.value):
                raise ShapesError(
                    f"{shortened(declared.value)} is not a {name}; write sh:{name} "
                    f"as {_RULES} says",
                    graph.name(nodes[0]),
                )


def _refuse_scripts(graph: ShapeGraph) -> None:
    """Raise ShapesError for JavaScript constraints, which pySHACL ignores."""
    for name in _SCRIPTS:
        for nodes in graph.having(name).values():
            raise ShapesError(
                f"sh:{name} is JavaScript, which is not run; write it as sh:sparql",
                graph.name(nodes[0]),
            )


def _refuse_without_this(graph: ShapeGraph) -> None:
    """Raise ShapesError if a constraint does not select $this: its rows would be ignored."""
    for node in graph.having("sparql"):
        for query in graph.values(node, "select"):
            columns = columns_of(query.value) if isinstance(query, ox.Literal) else None
            if columns is not None and "this" not in columns:
                raise ShapesError(
                    "its SPARQL does not select $this, and so finds nothing; select it",
                    graph.name(node) if not isinstance(node, ox.Literal | ox.Triple) else None,
                )


def _of_error(error: Exception, shapes: Graph) -> ShapesError:
    """Return the error for pySHACL's exception, with the shape that it was working on."""
    return ShapesError(_reason(error), _busy_with(error.__traceback__, shapes))


def _of_finding(finding: Finding, focus: Node, shapes: Graph) -> ShapesError:
    """Return the error for a shape that breaks SHACL's syntax rules."""
    if (focus, None, None) not in shapes:
        value = shortened(str(finding.focus))
        shape = _named(shapes, min(shapes.subjects(None, focus), key=str, default=None))
        return ShapesError(f"it names {value}, which is not described; describe it there", shape)
    value = shortened(finding.path) if finding.path else "it"
    if finding.path and finding.value is not None and not isinstance(finding.value, ox.BlankNode):
        value += f" {shortened(str(finding.value))}"
    message = finding.message("en").partition(". ")[0]
    reason = f"{value} is not as SHACL wants it ({message}); write it as {_RULES} says"
    return ShapesError(reason, _named(shapes, focus))


def _named(graph: Graph, node: Node | None) -> str | None:
    """Return the IRI of a node, or of the nearest named node that contains it."""
    if node is None or isinstance(node, RdflibLiteral):
        return None
    return named_around(as_term(node), lambda it: map(as_term, graph.subjects(None, as_node(it))))


def _busy_with(raised: TracebackType | None, shapes: Graph) -> str | None:
    """Return the named node that pySHACL was working on; its errors do not say it."""
    frames = [frame for frame, _ in traceback.walk_tb(raised)]
    for frame in reversed(frames):
        for value in frame.f_locals.values():
            node = getattr(value, "node", getattr(getattr(value, "shape", None), "node", value))
            if isinstance(node, (URIRef, BNode)) and (node, None, None) in shapes:
                return _named(shapes, node)
    return None


def _reason(error: Exception) -> str:
    """Return why shapes cannot be used and what to do, as part of a sentence."""
    from pyparsing import ParseBaseException  # shapes without a fault do without it

    if isinstance(error, ParseBaseException):
        message = re.sub(r"\s+\(at char \d+\).*", "", str(error))
        near = error.line.strip()[:_LONGEST]
        return f"its SPARQL is not valid ({message}), near {near!r}; correct it"
    message = next(filter(None, str(error).splitlines()), "").rstrip(".!")
    if isinstance(error, re.error):
        return f"sh:pattern {error.pattern!r} is not a regular expression ({message}); correct it"
    if isinstance(error, (TypeError, AttributeError, AssertionError)):
        message = f"pySHACL cannot make sense of it ({type(error).__name__}: {message})"
    for phrase, advice in _ADVICE:
        if phrase in message.lower():
            return f"{message}; {advice}"
    return f"{message}; see {getattr(error, 'link', _RULES)}"
