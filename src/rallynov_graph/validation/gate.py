"""The gate of a release: data of any size, held to all shapes and checks, in one report.

The quick validator does what it has read; what it leaves is done by pySHACL, for as many data as
that can hold.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.standings import is_current
from rallynov_graph.validation import each_document, graph_checks, report, source_faults, w3c_report
from rallynov_graph.validation.collecting import Collection
from rallynov_graph.validation.further_checks import FurtherCheck
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.quick import shape_reading
from rallynov_graph.validation.quick.evaluation import Evaluation
from rallynov_graph.validation.quick.prebinding import keeps
from rallynov_graph.validation.quick.result_findings import Findings
from rallynov_graph.validation.quick.shape_graph import SH
from rallynov_graph.validation.quick.shape_reading import Reading
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.triple_index import TripleIndex
from rallynov_graph.validation.report import Finding, Report

MOST_FOR_PYSHACL: Final = 200_000
"""How many triples pySHACL is given: it needs minutes for them, and a gigabyte."""
_TYPE: Final = f"{PREFIXES['rdf']}type"


def validate(
    data: Iterable[Quad],
    shapes: Iterable[Quad],
    *,
    background: Iterable[Quad] = (),
    checks: Sequence[Check] = (),
    further: Sequence[FurtherCheck] = (),
    first: frozenset[str] = frozenset(),
) -> Report:
    """Return the report on all that is current in the data, by the shapes and the checks.

    The background (an ontology) must conform to the same shapes, and says which classes are
    subclasses. The findings are those of pySHACL, and what a document that gave way
    breaks by itself; of each rule the report holds the first ones, and the number of the
    others. Raises ShapesError where the shapes cannot be used.

    ``further`` checks are made where there are checks. ``first`` are things, as N-Triples write
    them, of which findings are kept before those of others.
    """
    shape_quads = list(shapes)
    source_faults.refuse_unusable(shape_quads)
    store = graph_checks.filled(data, shape_quads, background=background) if checks else None
    everything = (quad for quad in chain(data, background) if is_current(quad.graph_name))
    triples = store.default_graph() if store is not None else everything
    index = TripleIndex(triples)
    reading = _read(shape_quads, index)
    of_shapes = _by_shapes(index, shape_quads, reading, Collection(first=first))
    del index
    of_checks, of_documents = Collection(first=first), Collection(first=first)
    if store is not None:
        of_further = (it for check in further for it in check.findings(store.default_graph()))
        for finding in chain(graph_checks.findings(checks, store), of_further):
            of_checks.add_finding(finding)
        for finding in each_document.findings(store, reading.shapes):
            of_documents.add_finding(finding)
    parts = (of_shapes, of_checks, of_documents)
    return report.of(
        chain.from_iterable(it.findings() for it in parts),
        partial(w3c_report.draw, shapes=shape_quads),
        tuple(chain.from_iterable(it.more() for it in parts)),
    )


def _read(shapes: Sequence[Quad], index: TripleIndex) -> Reading:
    """Return the shapes, with their queries where the engine has each literal as it is written."""
    reading = shape_reading.read(shapes, with_queries=True)
    targets = (term for shape in reading.shapes for term in shape.targets.nodes)
    if reading.graph.having("sparql") and not keeps(chain(index.terms, targets)):
        return shape_reading.read(shapes)
    return reading


def _by_shapes(
    index: TripleIndex, shapes: Sequence[Quad], reading: Reading, collected: Collection
) -> Collection:
    """Return what shapes find; its findings need the index no longer."""
    found, evaluation = Findings(index), Evaluation(index)
    for shape in reading.shapes:
        for result in evaluation.results(shape, evaluation.targets(shape)):
            collected.add(*found.identified(result), partial(found.made, result))
    for finding in _left(index, shapes, reading):
        collected.add_finding(finding)
    return collected.settled()


def _left(index: TripleIndex, shapes: Sequence[Quad], reading: Reading) -> Iterable[Finding]:
    """Return what pySHACL finds by the shapes that were left; raise ShapesError."""
    if not reading.left:
        return []
    from rallynov_graph.validation import shacl  # it takes longer to load than small data

    shacl.refuse_ill_formed(shapes)
    if len(index) > MOST_FOR_PYSHACL:
        (node, reason), *_ = reading.left.items()
        raise ShapesError(
            f"{reason} is done by pySHACL, which takes {MOST_FOR_PYSHACL} triples at most, "
            f"and there are {len(index)}; take it out, or give it fewer data",
            reading.graph.name(node),
        )
    _, findings = shacl.run(index.triples(), without_targets(shapes, reading.shapes))
    return findings


def without_targets(shapes: Iterable[Quad], done: Iterable[Shape]) -> list[Quad]:
    """Return shapes of which some are about nothing by themselves any more."""
    nodes = {shape.node for shape in done}
    return [
        quad
        for quad in shapes
        if quad.subject not in nodes
        or not (quad.predicate.value.startswith(f"{SH}target") or _makes_a_class(quad))
    ]


def _makes_a_class(quad: Quad) -> bool:
    return quad.predicate.value == _TYPE and not (
        isinstance(quad.object, NamedNode) and quad.object.value.startswith(SH)
    )
