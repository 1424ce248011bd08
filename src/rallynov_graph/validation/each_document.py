"""Upper bounds and rules on values, held to what each document says by itself.

Shapes see what is current. A document that gives a stage two titles is at fault all the same where
a later one took the place of both. What must be there, and of which class, is asked of what is
current alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.resources import query_text
from rallynov_graph.base.terms import Term
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation.quick import value_constraints
from rallynov_graph.validation.quick.constraints import Constraint
from rallynov_graph.validation.quick.evaluation import Evaluation
from rallynov_graph.validation.quick.result_findings import Findings
from rallynov_graph.validation.quick.set_constraints import MaxCount, UniqueLang
from rallynov_graph.validation.quick.shape_constraints import And, Or, Property
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.triple_index import TripleIndex
from rallynov_graph.validation.report import Finding

_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_WITHIN: Final = {"fr": "{} Dans : {}.", "en": "{} In: {}."}
_OF_VALUES: Final = (
    value_constraints.In,
    value_constraints.NodeKind,
    value_constraints.Datatype,
    value_constraints.MinLength,
    value_constraints.MaxLength,
    value_constraints.Pattern,
    value_constraints.LanguageIn,
    value_constraints.MinInclusive,
    value_constraints.MinExclusive,
    value_constraints.MaxInclusive,
    value_constraints.MaxExclusive,
    MaxCount,
    UniqueLang,
)
"""What more values can break, and the loss of others cannot heal."""


def findings(store: EmbeddedStore, shapes: Sequence[Shape]) -> Iterator[Finding]:
    """Yield what documents that gave way somewhere break by themselves, each with its document.

    The store holds the data as checks read them.
    """
    statements: dict[Term, list[Triple]] = {}
    for row in store.rows(_query()):
        terms = (row["focus"], row["path"], row["value"])
        statements.setdefault(row["document"], []).append(Triple(*terms))  # type: ignore[arg-type]
    if not statements:
        return
    bounds = [bound for bound in map(_upper_bounds, shapes) if bound.constraints]
    for document, triples in statements.items():
        index = TripleIndex(chain(triples, _types(store, triples)))
        evaluation, found = Evaluation(index), Findings(index)
        names = _names(store, document)
        for bound in bounds:
            for result in evaluation.results(bound, evaluation.targets(bound)):
                yield _within(found.made(result), names)


@cache
def _query() -> str:
    return query_text(Path(__file__).parent / "queries" / "statements_given_way.rq")


def _upper_bounds(shape: Shape) -> Shape:
    """Return a shape without what asks for something to be there, or for its class."""
    kept = (_kept(constraint) for constraint in shape.constraints)
    return replace(shape, constraints=tuple(one for one in kept if one is not None))


def _kept(constraint: Constraint) -> Constraint | None:
    """Return a constraint as far as it bounds values from above; None where it does not."""
    if isinstance(constraint, _OF_VALUES):
        return constraint
    if isinstance(constraint, Property):
        bound = _upper_bounds(constraint.shape)
        return replace(constraint, shape=bound) if bound.constraints else None
    if isinstance(constraint, Or | And):
        whole = all(_upper_bounds(s).constraints == s.constraints for s in constraint.shapes)
        return constraint if whole else None
    return None


def _types(store: EmbeddedStore, triples: Sequence[Triple]) -> Iterator[Quad]:
    for subject in {triple.subject for triple in triples}:
        yield from _of(store, subject, _TYPE)


def _of(store: EmbeddedStore, subject: Term, predicate: NamedNode) -> Iterator[Quad]:
    if isinstance(subject, NamedNode):
        yield from (quad for quad in store.quads(subject) if quad.predicate == predicate)


def _names(store: EmbeddedStore, document: Term) -> Mapping[str, str]:
    """Return the name of a document in each language: its label, else its IRI."""
    labels = [quad.object for quad in _of(store, document, _LABEL)]
    texts = {label.language or "": label.value for label in labels if isinstance(label, Literal)}
    address = document.value if isinstance(document, NamedNode) else str(document)
    return {lang: texts.get(lang) or texts.get("") or address for lang in LANGUAGES}


def _within(finding: Finding, names: Mapping[str, str]) -> Finding:
    messages = {
        lang: _WITHIN[lang].format(text, names[lang]) if lang in names else text
        for lang, text in finding.messages.items()
    }
    return replace(finding, messages=messages)
