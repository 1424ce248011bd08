"""From which document on each statement is known, and from which on it is superseded.

The state of one document, or of all up to one, is computed here without building a release. At each
date, an announced fact is superseded by documents up to that date, as in a release of that date.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from rallynov_graph.base.certainty import ALTERNATIVE, CURRENT, STANDING_IRIS
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.identity.decisions import Places, iri_of
from rallynov_graph.questions.catalogue import Catalogue, shipped
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store
from rallynov_graph.standing import announcements, decisions
from rallynov_graph.standing.dated_documents import Sources
from rallynov_graph.standing.decisions import Decision

_PASSAGE: Final = NamedNode(f"{RN}passage")


@dataclass(frozen=True)
class Period:
    """A period in which a statement is current, from one document to another."""

    known_from: str
    """A day, a month or a year; empty if nobody says when the document appeared."""
    known_by: str
    superseded_from: str | None = None
    """None if it still is current, as the document by which it is not."""
    superseded_by: str | None = None


class Timeline:
    """When statements about some things are current, document by document."""

    def __init__(self, store: Store, facts: Iterable[Triple]) -> None:
        """Read the statements about the subjects of facts, and whatever may supersede them."""
        queries = PageQueries(store, _queries())
        subjects = {it.subject for it in facts if isinstance(it.subject, NamedNode)}
        of_events = queries.rows("of_same_events", subject=sorted(subjects, key=str)).rows
        subjects |= {it for row in of_events for it in row if isinstance(it, NamedNode)}
        rows = queries.rows("statements_of_subjects", subject=sorted(subjects, key=str)).rows
        self._standings = {
            Quad(s, p, o, named_set): STANDING_IRIS[iri_of(standing)]  # type: ignore[arg-type]
            for s, p, o, named_set, standing in rows
        }
        found = decisions.reader()
        for quad in _quads(queries.rows("standing_decisions")):
            found.add(quad)
        self._decisions: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions.read(found, Places()):
            self._decisions[decision.named_set].append(decision)
        sets = {iri_of(it.graph_name) for it in self._standings}
        sets |= {one.move.place for it in sets for one in self._decisions[it] if one.move.place}
        self._sources, self._passages = Sources(), defaultdict[str, set[str]](set)
        named = [*map(NamedNode, sorted(sets))]
        said = [*_quads(queries.rows("sources_of_sets", set=named))]
        documents = sorted({it.object for it in said if isinstance(it.object, NamedNode)}, key=str)
        dated = [*_quads(queries.rows("dates_of_documents", document=documents))]
        for quad in dated:
            self._sources.add_document(quad)
        for quad in (*dated, *said):
            self._sources.add_set(quad, sets)
            if quad.predicate == _PASSAGE:
                self._passages[iri_of(quad.subject)].add(iri_of(quad.object))
        self.documents: tuple[str, ...] = tuple(sorted(self._sources.documents, key=self._order))
        """Those that bear upon the statements, the earliest first, after any without a date."""
        self._current = [self._current_at(it) for it in range(len(self.documents))]

    def current_at(self, fact: Triple) -> frozenset[int]:
        """Return the numbers of the documents after which a stated fact is current."""
        return frozenset(n for n, facts in enumerate(self._current) if fact in facts)

    def periods(self, numbers: Set[int]) -> tuple[Period, ...]:
        """Return the periods for the numbers of the documents after which something is current."""
        runs = [
            [*run]
            for is_current, run in groupby(
                range(len(self.documents)), lambda number: number in numbers
            )
            if is_current
        ]
        return tuple(self._period(run) for run in runs)

    def _period(self, run: Sequence[int]) -> Period:
        first, after = self.documents[run[0]], run[-1] + 1
        end = self.documents[after] if after < len(self.documents) else None
        return Period(self._date(first), first, self._date(end) if end else None, end)

    def _date(self, document: str) -> str:
        return min(self._sources.documents[document].issued, default="")

    def _order(self, document: str) -> tuple[object, ...]:
        return *self._sources.documents[document].order, document

    def _current_at(self, number: int) -> frozenset[Triple]:
        """Return what is current after a document, before any later one appears."""
        later = frozenset(self.documents[number + 1 :])
        stated = [it for it in self._standings if self._is_known(iri_of(it.graph_name), later)]
        kept, gone = set[Quad](), set[Quad]()
        for it in stated:
            for decision in self._decisions[iri_of(it.graph_name)]:
                if not decision.concerns(it):
                    continue
                move = decision.move
                if move.standing == CURRENT:
                    kept.add(it)
                elif move.place is None or self._is_known(move.place, later):
                    gone.add(it)
            if self._standings[it] == ALTERNATIVE:
                gone.add(it)
        rivals = [it for it in stated if it not in gone - kept]
        gave_way = announcements.superseded(rivals, self._sources, kept)
        return frozenset(it.triple for it in rivals if it not in gave_way)

    def _is_known(self, named_set: str, later: Set[str]) -> bool:
        """Whether a set is known before later documents appear.

        It is if an earlier document states it, or if none of its passages is in a later one.
        """
        speaker, passages = self._sources.document_of(named_set), self._passages.get(named_set)
        if speaker is not None and speaker not in later:
            return True
        return passages.isdisjoint(later) if passages else speaker is None


def ever_stated(store: Store, subject: NamedNode, prop: NamedNode) -> list[Term]:
    """Return the values that sets state for a property of a thing, current or not."""
    rows = PageQueries(store, _queries()).rows("statements_of_subjects", subject=subject).rows
    return [*dict.fromkeys(it for _, own, it, *_ in rows if own == prop and it is not None)]


def _quads(found: Solutions) -> Iterator[Quad]:
    for subject, prop, value in found.rows:
        yield Quad(subject, prop, value)  # type: ignore[arg-type]


def _queries() -> Catalogue:
    return shipped(Path(__file__).parent / "queries")
