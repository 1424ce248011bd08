"""The fact behind each row of an answer, and its evidence.

A question of the catalogue puts each fact in its graph, as in ``GRAPH ?g { ?stage rn:carriedBy
?organisation }``. If the columns of a row fill such a pattern, the result is a fact of the row. The
certainty of a row is that of its weakest fact, which gives the evidence of the row.

For any other query, all patterns are used. What the columns of a row fill is a fact that the row
shows. The graph tells whether it is stated; only the query tells whether the row depends on it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    Triple,
    Variable,
    parse_query_results,
)

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import PREFIXES, RN, short_iri
from rallynov_graph.base.terms import Row, Solutions, id_of_claim
from rallynov_graph.claims.claim_report import WORDS, ClaimReport
from rallynov_graph.questions.page_queries import PageQueries, dates_of_documents
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.tokens import Token, declarations, tokens
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.rules.explanation import ExplainedFact, GraphEvidence, explain_all
from rallynov_graph.rules.rulebook import RulePattern, patterns_between
from rallynov_graph.sparql.store import Store

HOW: Final = "how"
"""The column of an answer with the certainty of a row."""
_SPELT_OUT: Final = ("subject", "property", "object")
"""The columns of an answer whose rows are facts."""
_MOST_PATTERNS: Final = 12
"""So many patterns of a query of a reader's own are looked at."""
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_TIME: Final = PREFIXES["xsd"] + "time"
OF_DOCUMENTS: Final = ("documents", "known_from")
"""The columns of which document says a row, and since when."""
COLUMNS: Final = ("certainty", "evidence", "passages", "citation", *OF_DOCUMENTS)
"""The additional columns of such an answer's table of texts."""


@dataclass(frozen=True)
class RowEvidence:
    """The evidence of a row, from its weakest fact."""

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
    documents: tuple[str, ...] = ()
    """The addresses of those that say each of its facts, or else say them together."""
    known_from: str = ""
    """Since when all its facts are said: a day, a month or a year; empty if nobody says it."""

    def texts(self) -> tuple[str, ...]:
        """Return its values as texts, in the order of ``COLUMNS``."""
        passages, documents = map(_joined, (self.passages, self.documents))
        return self.certainty, self.address, passages, self.citation, documents, self.known_from


def facts_of_rows(query: str, answer: Solutions, most: int) -> list[tuple[Row, tuple[Triple, ...]]]:
    """Return the first rows of an answer, each with the facts that its columns fill."""
    patterns = _fact_patterns(query, answer)
    return [(row, tuple(_facts(patterns, row))) for row in islice(answer, most)]


def _fact_patterns(query: str, answer: Solutions) -> tuple[RulePattern, ...]:
    patterns = patterns_of(query, in_graphs=True)
    if {*_SPELT_OUT} <= {*answer.variables}:
        return (RulePattern(*map(Variable, _SPELT_OUT)), *patterns)
    return patterns


def shown_facts(query: str, answer: Solutions) -> list[tuple[Triple, ...]]:
    """Return the facts that each row of any query shows, stated or not."""
    patterns = patterns_of(query, in_graphs=False)[:_MOST_PATTERNS]
    return [tuple(dict.fromkeys(_facts(patterns, row))) for row in answer]


def deciding_fact(
    row: Row, facts: Sequence[Triple], certainties: Mapping[Triple, Collection[str]]
) -> Triple | None:
    """Return the fact with the certainty of the row; None if its columns do not determine it."""
    how = row.get(HOW)
    certainty = how.value.removeprefix(RN) if isinstance(how, NamedNode) else ""
    stated = [fact for fact in facts if certainty in certainties[fact]]
    return min(stated, key=lambda it: it.predicate == TYPE, default=None)


def patterns_of(query: str, *, in_graphs: bool) -> tuple[RulePattern, ...]:
    """Return the triple patterns of a query: those within GRAPH, or those of all groups.

    Patterns with paths are left out.
    """
    found: list[RulePattern] = []
    prefixes = dict(declarations(query))
    group: list[Token] = []
    depth, is_graph = 0, False
    for token in tokens(query):
        if token.text not in ("{", "}"):
            group.append(token)
            continue
        if is_graph if in_graphs else depth:
            found += filter(None, patterns_between(group, prefixes))
        is_graph = token.text == "{" and [it.text.upper() for it in group[-2:-1]] == ["GRAPH"]
        depth += 1 if token.text == "{" else -1
        group = []
    return tuple(dict.fromkeys(found))


def _facts(patterns: Sequence[RulePattern], row: Row) -> Iterator[Triple]:
    for pattern in patterns:
        fact = pattern.filled(row)
        if fact is not None and isinstance(fact.subject, NamedNode) and not _is_of_time(fact):
            yield fact


def _is_of_time(fact: Triple) -> bool:
    """Whether the value is an xsd:time: Virtuoso refuses one in VALUES (22007 DT011)."""
    return isinstance(fact.object, Literal) and fact.object.datatype.value == _TIME


def evidence_of(
    store: Store, query: str, answer: Solutions, report: ClaimReport
) -> tuple[RowEvidence | None, ...]:
    """Return the evidence of each row; None for a row whose columns do not determine a fact.

    The result is empty if the answer has no certainties.
    """
    if HOW not in answer.variables:
        return ()
    decided = _decided(store, query, answer)
    _read_names(report, [fact.triple for fact, _ in decided if fact is not None])
    dates = dates_of_documents(PageQueries(store))
    return tuple(
        None if fact is None else _row(report, fact, str(row[HOW]), *_said(shown, dates))
        for (fact, shown), row in zip(decided, answer, strict=True)
    )


def _decided(
    store: Store, query: str, answer: Solutions
) -> list[tuple[ExplainedFact | None, list[ExplainedFact]]]:
    """Return the weakest fact of each row, explained, and all that it shows."""
    rows = facts_of_rows(query, answer, len(answer))
    explained = explain_all(store, [*dict.fromkeys(fact for _, them in rows for fact in them)])
    known = {fact: {*_certainties(it)} for fact, it in explained.items()}
    found = []
    for row, them in rows:
        fact = deciding_fact(row, them, known)
        shown = [explained[it] for it in them if known[it]]
        found.append((explained[fact] if fact else None, shown))
    return found


def documents_of_rows(
    store: Store, query: str, answer: Solutions, dates: Mapping[str, str]
) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the documents that say each row, in the order of their dates, and since when.

    They each say all facts that it shows, or else say them together. A row without a current fact,
    as one that was superseded, has the documents that its first column names which names any:
    itself, or a passage, a set or a question of it. Nothing if no row has a document.
    """
    said = [_said(shown, dates) for _, shown in _decided(store, query, answer)]
    others = [row for row, (its, _) in zip(answer, said, strict=True) if not its]
    if {*_SPELT_OUT} <= {*answer.variables}:
        others = []  # a row spells out its fact, which no document says
    iris = {it for row in others for it in row.values() if isinstance(it, NamedNode)}
    named: dict[object, set[str]] = {}
    for thing, document in PageQueries(store).rows("documents_named", thing=iris).rows:
        if isinstance(document, NamedNode):
            named.setdefault(thing, set()).add(document.value)
    for place, row in enumerate(answer):
        if not said[place][0]:
            first: set[str] = next((named[it] for it in row.values() if it in named), set())
            said[place] = _together([first], dates)
    return tuple(said) if any(its for its, _ in said) else ()


def with_documents(answer: CatalogueAnswer, rows: Solutions | None = None) -> Solutions:
    """Return the rows of an answer, or some of them, with which documents say each, and since when.

    The rows alone where one document is known, or where none says a row.
    """
    found = answer.rows if rows is None else rows
    dates = dates_of_documents(answer.queries)
    if len(dates) < 2:
        return found
    said = documents_of_rows(answer.queries.store, answer.question.text, found, dates)
    if not said:
        return found
    beside = ((_joined(it), known_from) for it, known_from in said)
    terms = (tuple(Literal(text) if text else None for text in it) for it in beside)
    wider = (row + more for row, more in zip(found.rows, terms, strict=True))
    return Solutions((*found.variables, *OF_DOCUMENTS), tuple(wider))


def file_of(answer: CatalogueAnswer, media_type: str) -> bytes:
    """Return an answer in a format, its rows ``with_documents``."""
    form = formats.by_media_type(media_type, formats.RESULTS)
    if not answer.is_table or form is None:
        return answer.written(media_type)
    found = with_documents(answer)
    if found is answer.rows and not answer.mentioned:
        return answer.written(media_type)
    lines = ["\t".join(f"?{name}" for name in found.variables)]
    lines += ["\t".join("" if it is None else str(it) for it in row) for row in found.rows]
    table = "".join(f"{line}\n" for line in lines).encode()
    content = parse_query_results(table, format=QueryResultsFormat.TSV).serialize(
        format=form.results
    )
    assert content is not None  # the engine returns None only when it wrote into a file
    return content


def _row(
    report: ClaimReport,
    explained: ExplainedFact,
    how: str,
    documents: tuple[str, ...],
    known_from: str,
) -> RowEvidence:
    certainty = next(name for name in CERTAINTIES if how.rstrip(">").endswith(f"#{name}"))
    pieces, fact = [*_pieces(explained, certainty)], explained.triple
    language = report.source.language
    cited = report.cited(fact, WORDS[language][certainty], holds=True)
    reasons = (it.reasons.get(language) or next(iter(it.reasons.values()), "") for it in pieces)
    return RowEvidence(
        certainty,
        id_of_claim(fact.subject, fact.predicate, fact.object),
        cited.address,
        tuple(dict.fromkeys(span.iri for it in pieces for span in it.passages)),
        tuple(dict.fromkeys(filter(None, reasons))),
        f"{report.cited_text(cited)} {cited.address}".strip(),
        documents,
        known_from,
    )


def _said(facts: Sequence[ExplainedFact], dates: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Return the documents that say facts, and since when; a class counts without others alone."""
    told = [it for it in facts if it.triple.predicate != TYPE] or facts
    said = (
        {p.document for one in it.all() for of in one.evidence for p in of.passages} for it in told
    )
    return _together([its & dates.keys() for its in said], dates)


def _together(said: Sequence[Set[str]], dates: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """Return the documents that say each of some facts, or else all; since when all are said."""
    known = [its for its in said if its]
    if not known:
        return (), ""
    found = frozenset.intersection(*map(frozenset, known)) or frozenset[str]().union(*known)
    order = [*dates]
    first = (min(map(order.index, its)) for its in known)
    return tuple(it for it in order if it in found), dates[order[max(first)]]


def _joined(iris: Iterable[str]) -> str:
    return " ".join(map(short_iri, iris))


def _certainties(fact: ExplainedFact) -> Iterator[str]:
    yield from (it.certainty for it in fact.evidence if it.certainty)
    yield from (chain.certainty for chain in fact.chains)


def _pieces(fact: ExplainedFact, certainty: str) -> Iterator[GraphEvidence]:
    """Yield the graphs that state a fact with its certainty, and those of its premises."""
    yield from (it for it in fact.evidence if it.certainty == certainty)
    for chain in fact.chains:
        if chain.certainty == certainty:
            for premise in chain.premises:
                yield from (it for one in premise.all() for it in one.evidence)


def _read_names(report: ClaimReport, facts: Sequence[Triple]) -> None:
    """Read all names that citations need at once."""
    terms: Iterable[object] = (term for fact in facts for term in fact)
    report.source.labels.of({term.value for term in terms if isinstance(term, NamedNode)})
