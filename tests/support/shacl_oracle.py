"""What pySHACL and the quick validator find, in one form that can be compared."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pyoxigraph import Quad, Triple
from rdflib import SH

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.validation import shacl, sparql_constraints
from rallynov_graph.validation.quick import components
from rallynov_graph.validation.quick.results import Finding, Findings
from rallynov_graph.validation.quick.shapes import Evaluation
from rallynov_graph.validation.quick.triples import TripleIndex

Found = Counter[tuple[str, ...]]
"""How often each result comes: its focus, path, value, component, severity and source shape."""


def by_pyshacl(data: Iterable[Quad | Triple], shapes: Sequence[Quad]) -> Found:
    """Return what pySHACL finds."""
    _, findings = shacl.run(data, shapes)
    return Counter(map(_compared, findings))


def quickly(data: Iterable[Quad | Triple], shapes: Sequence[Quad]) -> Found:
    """Return what the quick validator finds by the shapes that it does itself, queries too."""
    index = TripleIndex(data)
    found, evaluation = Findings(index, Finding), Evaluation(index)
    return Counter(
        _compared(found.made(result))
        for shape in components.read(shapes, sparql_constraints.READERS).shapes
        for result in evaluation.results(shape)
    )


def difference(data: Sequence[Quad | Triple], shapes: Sequence[Quad]) -> list[str]:
    """Return each result that only one of the two has, and how often.

    There is none to compare where pySHACL gives up: where sh:lessThan meets a blank node.
    """
    ours = quickly(data, shapes)
    try:
        theirs = by_pyshacl(data, shapes)
    except ShapesError as error:
        if "Cannot use sh:lessThan to compare a BlankNode" not in error.reason:
            raise
        return []
    return [
        *(f"{number} more here: {result}" for result, number in (ours - theirs).items()),
        *(f"{number} more in pySHACL: {result}" for result, number in (theirs - ours).items()),
    ]


def _compared(finding: Finding) -> tuple[str, ...]:
    return (
        str(finding.focus),
        finding.path or "",
        str(finding.value),
        finding.component.removeprefix(str(SH)),
        finding.severity,
        str(finding.source),
    )
