"""The evidence of each row of an answer, at the fact behind the row."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.languages import day
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims import row_evidence as claims
from rallynov_graph.claims.row_evidence import (
    HOW,
    TYPE,
    deciding_fact,
    facts_of_rows,
    shown_facts,
)
from rallynov_graph.questions.page_queries import dates_of_documents
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import SAID, judged, looked_up

_MOST_OF_ROW: Final = 3
"""The number of facts with evidence in each row of a reader's own query."""


def evidence_of_rows(
    view: GraphView, query: str, answer: Solutions, most: int
) -> tuple[str | None, ...]:
    """Return the evidence address of each of the first rows; None for a row without a known fact.

    The result is empty if an answer has no certainties.
    """
    if HOW not in answer.variables or view.foreign:
        return ()
    rows = facts_of_rows(query, answer, most)
    known = _certainties(view, [*dict.fromkeys(fact for _, them in rows for fact in them)])
    return tuple(_address(view, deciding_fact(row, them, known)) for row, them in rows)


def documents_of_rows(
    view: GraphView, query: str, answer: Solutions, most: int
) -> tuple[tuple[Node | None, Node | None], ...]:
    """Return the documents that say each of the first rows, and since when it is said.

    Nothing if no row has a document; None of a row that has none.
    """
    if view.foreign:
        return ()
    first = Solutions(answer.variables, answer.rows[:most])
    said = claims.documents_of_rows(view.store, query, first, dates_of_documents(view.queries))
    return tuple(
        (_together(view, its), Node(day(since, view.language)) if since else None)
        for its, since in said
    )


def _together(view: GraphView, documents: Sequence[str]) -> Node | None:
    named = [view.node(it) for it in documents]
    return Node(", ".join(it.text for it in named)) if len(named) > 1 else next(iter(named), None)


def evidence_of_facts(view: GraphView, query: str, answer: Solutions) -> tuple[list[str], ...]:
    """Return the evidence addresses of facts that each row of any query shows and a set states.

    Each row has a few of them; the class of a thing only counts without other facts.
    """
    if not view.graph.has_evidence:
        return tuple([] for _ in answer.rows)
    facts = shown_facts(query, answer)
    known = _certainties(view, [*dict.fromkeys(fact for them in facts for fact in them)])
    return tuple(_addresses(view, [fact for fact in them if known[fact]]) for them in facts)


def _addresses(view: GraphView, facts: Sequence[Triple]) -> list[str]:
    told = [fact for fact in facts if fact.predicate != TYPE] or facts
    found = (_address(view, fact) for fact in told)
    return [address for address in islice(found, _MOST_OF_ROW) if address]


def _certainties(view: GraphView, facts: Sequence[Triple]) -> Mapping[Triple, Sequence[str]]:
    """Return the certainties of each fact, the surest first."""
    held = judged(view, looked_up(view, facts).values())
    found = {
        it.triple: {piece.certainty or piece.kind for piece in evidence}
        for it, evidence in held.items()
    }
    return {it: [name for name in SAID if name in found.get(it, ())] for it in facts}


def _address(view: GraphView, fact: Triple | None) -> str | None:
    if fact is None:
        return None
    assert isinstance(fact.subject, NamedNode)
    return view.note_address(fact.subject.value, fact.predicate.value, fact.object)
