"""What each row of an answer rests on: how sure it is, in which passages, how it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.claim_ids import id_of
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims.claim_report import WORDS, ClaimReport
from rallynov_graph.rules.answer_facts import HOW, deciding_fact, facts_of_rows
from rallynov_graph.rules.explanation import ExplainedFact, GraphEvidence, explain_all
from rallynov_graph.sparql.store import Store

COLUMNS: Final = ("certainty", "evidence", "passages", "citation")
"""What a table of texts has beside the columns of such an answer."""


@dataclass(frozen=True)
class RowEvidence:
    """The evidence of a row: that of its weakest fact."""

    certainty: str
    """explicit, inferred or tentative."""
    claim: str
    """The id of the fact, which ``/r/`` leads to."""
    address: str
    """The address of the page that shows its evidence."""
    passages: tuple[str, ...]
    """The addresses of those that carry it, or what it is concluded from."""
    reasons: tuple[str, ...]
    """Why it is not explicit, in the words of who concluded it."""
    citation: str

    def texts(self) -> tuple[str, str, str, str]:
        """Return what it has as texts, in the order of ``COLUMNS``."""
        passages = " ".join(map(short_iri, self.passages))
        return self.certainty, self.address, passages, self.citation


def evidence_of(
    store: Store, query: str, answer: Solutions, report: ClaimReport
) -> tuple[RowEvidence | None, ...]:
    """Return the evidence of each row; None of a row whose columns do not say which fact it is.

    Nothing where an answer has no certainties.
    """
    if HOW not in answer.variables:
        return ()
    rows = facts_of_rows(query, answer, len(answer))
    facts = [*dict.fromkeys(fact for _, them in rows for fact in them)]
    explained = explain_all(store, facts)
    known = {fact: {*_certainties(it)} for fact, it in explained.items()}
    decided = [deciding_fact(row, them, known) for row, them in rows]
    _read_names(report, [fact for fact in decided if fact is not None])
    return tuple(
        None if fact is None else _row(report, fact, explained[fact], str(row[HOW]))
        for fact, (row, _) in zip(decided, rows, strict=True)
    )


def _row(report: ClaimReport, fact: Triple, explained: ExplainedFact, how: str) -> RowEvidence:
    certainty = next(name for name in CERTAINTIES if how.rstrip(">").endswith(f"#{name}"))
    pieces = [*_pieces(explained, certainty)]
    language = report.source.language
    cited = report.cited(fact, WORDS[language][certainty], holds=True)
    reasons = (it.reasons.get(language) or next(iter(it.reasons.values()), "") for it in pieces)
    return RowEvidence(
        certainty,
        id_of(fact.subject, fact.predicate, fact.object),
        cited.address,
        tuple(dict.fromkeys(span.iri for it in pieces for span in it.passages)),
        tuple(dict.fromkeys(filter(None, reasons))),
        f"{report.cited_text(cited)} {cited.address}".strip(),
    )


def _certainties(fact: ExplainedFact) -> Iterator[str]:
    yield from (it.certainty for it in fact.evidence if it.certainty)
    yield from (chain.certainty for chain in fact.chains)


def _pieces(fact: ExplainedFact, certainty: str) -> Iterator[GraphEvidence]:
    """Yield what states a fact as surely, and what it is concluded from down to the documents."""
    yield from (it for it in fact.evidence if it.certainty == certainty)
    for chain in fact.chains:
        if chain.certainty == certainty:
            for premise in chain.premises:
                yield from _all_pieces(premise)


def _all_pieces(fact: ExplainedFact) -> Iterator[GraphEvidence]:
    yield from fact.evidence
    for chain in fact.chains:
        for premise in chain.premises:
            yield from _all_pieces(premise)


def _read_names(report: ClaimReport, facts: Sequence[Triple]) -> None:
    """Have the names that citations need read at once, not one by one."""
    terms: Iterable[object] = (term for fact in facts for term in fact)
    report.source.labels.of({term.value for term in terms if isinstance(term, NamedNode)})
