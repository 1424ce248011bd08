"""Shapes that cannot be used: which one is at fault, why, what to do, and where it is described."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from pyoxigraph import BlankNode
from pyparsing import ParseBaseException
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from rallynov_graph.base.errors import ShapesError, SourceError
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.rdf.locations import locate
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
_LONGEST: Final = 120
"""How many characters of a line of SPARQL are shown."""


@contextmanager
def placed(file: Path) -> Iterator[None]:
    """Make of a ShapesError in the block a SourceError: the file, and the line of the shape."""
    try:
        yield
    except ShapesError as error:
        shape = error.shape
        place = locate([file], [shape]).get(shape) if shape else None
        what = f"the shape {in_prefixes(shape)}" if shape else "the shapes"
        reason = f"{what} cannot be used: {error.reason}"
        raise SourceError(str(file), reason, place.line if place else None) from error


def of_error(error: Exception, shapes: Graph) -> ShapesError:
    """Return what made pySHACL give up, told of the shape that it was busy with."""
    return ShapesError(_reason(error), _busy_with(error.__traceback__, shapes))


def of_finding(finding: Finding, focus: Node, shapes: Graph) -> ShapesError:
    """Return in what a shape is not as SHACL defines shapes."""
    if (focus, None, None) not in shapes:
        what = shortened(str(finding.focus))
        shape = named(shapes, min(shapes.subjects(None, focus), key=str, default=None))
        return ShapesError(f"it names {what}, which is not described; describe it there", shape)
    what = shortened(finding.path) if finding.path else "it"
    if finding.path and finding.value is not None and not isinstance(finding.value, BlankNode):
        what += f" {shortened(str(finding.value))}"
    told = finding.message("en").partition(". ")[0]
    reason = f"{what} is not as SHACL wants it ({told}); write it as {_RULES} says"
    return ShapesError(reason, named(shapes, focus))


def named(graph: Graph, node: Node | None) -> str | None:
    """Return the IRI of a node, or of the nearest named one that a nameless one is part of."""
    around, seen = [node], {node}
    for one in around:
        if isinstance(one, URIRef):
            return str(one)
        whole = sorted(graph.subjects(None, one), key=str) if isinstance(one, BNode) else []
        around += [part for part in whole if part not in seen]
        seen |= {*whole}
    return None


def _busy_with(raised: TracebackType | None, shapes: Graph) -> str | None:
    """Return the named node of the shapes that was last at work; pySHACL's errors do not tell."""
    frames = [frame for frame, _ in traceback.walk_tb(raised)]
    for frame in reversed(frames):
        for held in frame.f_locals.values():
            node = getattr(held, "node", getattr(getattr(held, "shape", None), "node", held))
            if isinstance(node, (URIRef, BNode)) and (node, None, None) in shapes:
                return named(shapes, node)
    return None


def _reason(error: Exception) -> str:
    """Return why shapes cannot be used, and what to do, as part of a sentence."""
    if isinstance(error, ParseBaseException):
        told = re.sub(r"\s+\(at char \d+\).*", "", str(error))
        near = error.line.strip()[:_LONGEST]
        return f"its SPARQL is not valid ({told}), near {near!r}; correct it"
    told = next(filter(None, str(error).splitlines()), "").rstrip(".!")
    if isinstance(error, re.error):
        return f"sh:pattern {error.pattern!r} is not a regular expression ({told}); correct it"
    if isinstance(error, (TypeError, AttributeError, AssertionError)):
        told = f"pySHACL cannot make sense of it ({type(error).__name__}: {told})"
    for sign, advice in _ADVICE:
        if sign in told.lower():
            return f"{told}; {advice}"
    return f"{told}; see {getattr(error, 'link', _RULES)}"
