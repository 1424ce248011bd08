"""Validate data of any size by all shapes and checks, with one report.

The quick validator handles the shapes that it covers; pySHACL handles the others, as far as the
data fit in its memory.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import RallynovError, ShapesError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, in_prefixes
from rallynov_graph.base.resources import query_text
from rallynov_graph.base.terms import Term
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation import graph_checks, report, shacl, sparql_constraints
from rallynov_graph.validation.graph_checks import Check, FurtherCheck
from rallynov_graph.validation.quick import components
from rallynov_graph.validation.quick.components import property_of
from rallynov_graph.validation.quick.reading import Reading
from rallynov_graph.validation.quick.results import Findings
from rallynov_graph.validation.quick.shapes import SH, TYPE, Constraint, Evaluation, Shape
from rallynov_graph.validation.quick.triples import TripleIndex, TripleTermError
from rallynov_graph.validation.report import WORDS, Finding, Report

MOST_FOR_PYSHACL: Final = 200_000
"""How many triples pySHACL is given: it needs minutes for them, and a gigabyte."""
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_OF_VALUES: Final = frozenset(
    [
        *("In", "NodeKind", "Datatype", "MinLength", "MaxLength", "Pattern", "LanguageIn"),
        *("MinInclusive", "MinExclusive", "MaxInclusive", "MaxExclusive"),
        *("MaxCount", "UniqueLang"),
    ]
)
"""What more values can break, and the loss of others cannot heal."""


def validate(
    data: Iterable[Quad],
    shapes: Iterable[Quad],
    *,
    background: Iterable[Quad] = (),
    checks: Sequence[Check] = (),
    further: Sequence[FurtherCheck] = (),
    first: frozenset[str] = frozenset(),
) -> Report:
    """Return the report on all current data, by the shapes and the checks.

    The background (an ontology) must conform to the same shapes; it also says which classes are
    subclasses. The findings are those of pySHACL, plus the faults of each superseded document taken
    alone. The report holds the first findings of each rule and the number of the others. Raises
    ShapesError if the shapes cannot be used.

    ``further`` checks only run if there are checks. ``first`` are things, as N-Triples, whose
    findings are kept before those of others.
    """
    shape_quads = list(shapes)
    shacl.refuse_unusable(shape_quads)
    store = graph_checks.filled(data, shape_quads, background=background) if checks else None
    everything = (quad for quad in chain(data, background) if is_current(quad.graph_name))
    triples = store.default_graph() if store is not None else everything
    index = index_of(triples)
    reading = _read(shape_quads, index)
    parts = [report.first_of_each_rule(_by_shapes(index, shape_quads, reading), first)]
    del index
    if store is not None:
        of_further = (it for check in further for it in check(store.default_graph()))
        of_checks = chain(graph_checks.findings(checks, store), of_further)
        for found in (of_checks, findings_by_document(store, reading.shapes)):
            parts.append(report.first_of_each_rule(found, first))
    return report.of(
        chain.from_iterable(findings for findings, _ in parts),
        partial(report.drawn, shapes=shape_quads),
        tuple(chain.from_iterable(more for _, more in parts)),
    )


def index_of(triples: Iterable[Quad | Triple]) -> TripleIndex:
    """Return the index of triples; raise RallynovError for triple terms."""
    try:
        return TripleIndex(triples)
    except TripleTermError as error:
        raise RallynovError(str(error)) from None


def _read(shapes: Sequence[Quad], index: TripleIndex) -> Reading:
    """Return the shapes; their queries are read if the engine keeps literals as written."""
    reading = components.read(shapes, sparql_constraints.READERS)
    targets = (term for shape in reading.shapes for term in shape.target_nodes)
    if reading.graph.having("sparql") and not sparql_constraints.keeps(chain(index.terms, targets)):
        return components.read(shapes)
    return reading


def _by_shapes(index: TripleIndex, shapes: Sequence[Quad], reading: Reading) -> Iterator[Finding]:
    made, evaluation = Findings(index, Finding, in_prefixes).made, Evaluation(index)
    for shape in reading.shapes:
        yield from map(made, evaluation.results(shape))
    yield from _left(index, shapes, reading)


def _left(index: TripleIndex, shapes: Sequence[Quad], reading: Reading) -> Iterable[Finding]:
    """Return pySHACL's findings for the remaining shapes; raise ShapesError."""
    if not reading.left:
        return []
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
    """Return the shapes, some of them without their targets."""
    nodes = {shape.node for shape in done}
    return [
        quad
        for quad in shapes
        if quad.subject not in nodes
        or not (quad.predicate.value.startswith(f"{SH}target") or _makes_a_class(quad))
    ]


def _makes_a_class(quad: Quad) -> bool:
    return quad.predicate.value == TYPE.value and not (
        isinstance(quad.object, NamedNode) and quad.object.value.startswith(SH)
    )


def findings_by_document(store: EmbeddedStore, shapes: Sequence[Shape]) -> Iterator[Finding]:
    """Yield the faults of each superseded document taken alone, each with its document.

    The store holds the data as checks read them.
    """
    statements: dict[Term, list[Triple]] = {}
    for row in store.rows(
        query_text(Path(__file__).parent / "queries" / "statements_given_way.rq")
    ):
        terms = (row["focus"], row["path"], row["value"])
        statements.setdefault(row["document"], []).append(Triple(*terms))  # type: ignore[arg-type]
    if not statements:
        return
    bounds = [bound for bound in map(_upper_bounds, shapes) if bound.constraints]
    for document, triples in statements.items():
        index = TripleIndex(chain(triples, _types(store, triples)))
        evaluation, found = Evaluation(index), Findings(index, Finding, in_prefixes)
        names = _names(store, document)
        for bound in bounds:
            for result in evaluation.results(bound):
                yield _within(found.made(result), names)


def _upper_bounds(shape: Shape) -> Shape:
    """Return a shape without the constraints that require something to exist, or its class."""
    kept = (_kept(constraint) for constraint in shape.constraints)
    return replace(shape, constraints=tuple(one for one in kept if one is not None))


def _kept(constraint: Constraint) -> Constraint | None:
    """Return the part of a constraint that only bounds values from above; None if there is none."""
    if constraint.name in _OF_VALUES:
        return constraint
    if constraint.name == "Property":
        bound = _upper_bounds(constraint.shapes[0])
        return property_of(bound) if bound.constraints else None
    if constraint.name in ("Or", "And"):
        whole = all(_upper_bounds(s).constraints == s.constraints for s in constraint.shapes)
        return constraint if whole else None
    return None


def _types(store: EmbeddedStore, triples: Sequence[Triple]) -> Iterator[Quad]:
    for subject in {triple.subject for triple in triples}:
        yield from _quads_of(store, subject, TYPE)


def _quads_of(store: EmbeddedStore, subject: Term, predicate: NamedNode) -> Iterator[Quad]:
    if isinstance(subject, NamedNode):
        yield from (quad for quad in store.quads(subject) if quad.predicate == predicate)


def _names(store: EmbeddedStore, document: Term) -> Mapping[str, str]:
    """Return the name of a document in each language: its label, else its IRI."""
    labels = [quad.object for quad in _quads_of(store, document, _LABEL)]
    texts = {label.language or "": label.value for label in labels if isinstance(label, Literal)}
    address = document.value if isinstance(document, NamedNode) else str(document)
    return {lang: texts.get(lang) or texts.get("") or address for lang in LANGUAGES}


def _within(finding: Finding, names: Mapping[str, str]) -> Finding:
    messages = {
        lang: WORDS["in_document"][lang].format(text, names[lang]) if lang in names else text
        for lang, text in finding.messages.items()
    }
    return replace(finding, messages=messages)
