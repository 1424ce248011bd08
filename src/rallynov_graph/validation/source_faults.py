"""Errors for shapes that cannot be used: which one, why, what to do, and where it is described."""

import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from pyoxigraph import BlankNode, Literal, Quad, Triple
from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from rallynov_graph.base.errors import ShapesError, SourceError
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.locations import locate
from rallynov_graph.rdf.tokens import calls_out, columns_of
from rallynov_graph.validation.quick.reading import ShapeGraph
from rallynov_graph.validation.report import Finding, shortened

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


@contextmanager
def placed(*files: Path) -> Iterator[None]:
    """Raise a ShapesError of the block as a SourceError with the file and the line of the shape.

    Where no file describes the shape, the first is named.
    """
    try:
        yield
    except ShapesError as error:
        shape = error.shape
        place = locate(files, [shape]).get(shape) if shape else None
        name = in_prefixes(shape) if shape else ""
        reasons = {"en": f"{f'the shape {name}' if name else 'the shapes'} cannot be used: "}
        reasons["en"] += error.reason
        if error.french:
            reasons["fr"] = f"{f'la forme {name} ne peut' if name else 'les formes ne peuvent'} "
            reasons["fr"] += f"servir : {error.french}"
        path, line = (place.path, place.line) if place else (files[0], None)
        raise SourceError(str(path), reasons["en"], line, reasons=reasons) from error


def refuse_unusable(shapes: Iterable[Quad | Triple]) -> None:
    """Raise ShapesError where nobody can say what shapes mean.

    They have no SHACL, or a term that SHACL does not have, which would not be looked at; or one of
    them calls itself, and SHACL does not say what that means; or one asks another server, has
    scripts, or a query that finds nothing in any data.
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
            f"it leads to itself{way}, and SHACL does not say what that means; take one step out",
            graph.name(circle[0]),
        )


def _refuse_calls(graph: ShapeGraph) -> None:
    """Raise ShapesError where a query asks another server, or where a prefix may hide one."""
    for name in _QUERIES:
        for query, nodes in graph.having(name).items():
            if isinstance(query, Literal) and calls_out(query.value):
                raise ShapesError(
                    "its SPARQL calls another server (SERVICE), which nothing that is validated "
                    "may; take it out",
                    graph.name(nodes[0]),
                    french="sa requête SPARQL appelle un autre serveur (SERVICE), ce qui n’est "
                    "permis à rien de ce qui est validé ; ôtez-la",
                )
    for name, form in _DECLARED.items():
        for declared, nodes in graph.having(name).items():
            if isinstance(declared, Literal) and not form.fullmatch(declared.value):
                raise ShapesError(
                    f"{shortened(declared.value)} is no {name}; write sh:{name} as {_RULES} says",
                    graph.name(nodes[0]),
                )


def _refuse_scripts(graph: ShapeGraph) -> None:
    """Raise ShapesError where JavaScript would judge: pySHACL passes over it."""
    for name in _SCRIPTS:
        for nodes in graph.having(name).values():
            raise ShapesError(
                f"sh:{name} is JavaScript, which is not run; write it as sh:sparql",
                graph.name(nodes[0]),
                french=f"sh:{name} est du JavaScript, qui n’est pas exécuté ; écrivez-le en "
                "sh:sparql",
            )


def _refuse_without_this(graph: ShapeGraph) -> None:
    """Raise ShapesError where a constraint does not select $this: its rows are passed over."""
    for node in graph.having("sparql"):
        for query in graph.values(node, "select"):
            columns = columns_of(query.value) if isinstance(query, Literal) else None
            if columns is not None and "this" not in columns:
                raise ShapesError(
                    "its SPARQL does not select $this, and so finds nothing; select it",
                    graph.name(node) if not isinstance(node, Literal | Triple) else None,
                    french="sa requête SPARQL ne demande pas $this, et ne trouve donc rien ; "
                    "demandez-le",
                )


def of_error(error: Exception, shapes: Graph) -> ShapesError:
    """Return the error for pySHACL's exception, with the shape that it was working on."""
    return ShapesError(_reason(error), _busy_with(error.__traceback__, shapes))


def of_finding(finding: Finding, focus: Node, shapes: Graph) -> ShapesError:
    """Return the error for a shape that is not as SHACL defines shapes."""
    if (focus, None, None) not in shapes:
        value = shortened(str(finding.focus))
        shape = named(shapes, min(shapes.subjects(None, focus), key=str, default=None))
        return ShapesError(f"it names {value}, which is not described; describe it there", shape)
    value = shortened(finding.path) if finding.path else "it"
    if finding.path and finding.value is not None and not isinstance(finding.value, BlankNode):
        value += f" {shortened(str(finding.value))}"
    message = finding.message("en").partition(". ")[0]
    reason = f"{value} is not as SHACL wants it ({message}); write it as {_RULES} says"
    return ShapesError(reason, named(shapes, focus))


def named(graph: Graph, node: Node | None) -> str | None:
    """Return the IRI of a node, or of the nearest named one that a nameless one is part of."""
    nodes, visited = [node], {node}
    for current in nodes:
        if isinstance(current, URIRef):
            return str(current)
        parents = (
            sorted(graph.subjects(None, current), key=str) if isinstance(current, BNode) else []
        )
        nodes += [parent for parent in parents if parent not in visited]
        visited |= {*parents}
    return None


def _busy_with(raised: TracebackType | None, shapes: Graph) -> str | None:
    """Return the named node of the shapes that pySHACL was working on; its errors do not say it."""
    frames = [frame for frame, _ in traceback.walk_tb(raised)]
    for frame in reversed(frames):
        for value in frame.f_locals.values():
            node = getattr(value, "node", getattr(getattr(value, "shape", None), "node", value))
            if isinstance(node, (URIRef, BNode)) and (node, None, None) in shapes:
                return named(shapes, node)
    return None


def _reason(error: Exception) -> str:
    """Return why shapes cannot be used, and what to do, as part of a sentence."""
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
