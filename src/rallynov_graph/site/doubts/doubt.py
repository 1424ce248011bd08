"""An open question as the page of doubts shows it: its readings, its words, what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import Text
from rallynov_graph.rules.justifications import graphs_of
from rallynov_graph.rules.open_questions import OpenQuestionRecord
from rallynov_graph.site.doubts.converses import converses
from rallynov_graph.site.doubts.tried import ReadingEffect
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import anchor, known_to
from rallynov_graph.site.model.passages import positions, quoted

MOST_STATEMENTS: Final = 40
"""How many facts and links of one question are shown; the numbers are of all."""
_COUNTED: Final = "reported_and_counted"
_WITHIN: Final = NamedNode(PREFIXES["dcterms"] + "isPartOf")
_TAKEN: Final = NamedNode(RN + "takenIn")


@dataclass(frozen=True)
class DoubtReading:
    """A possible answer; where it is the preferred one, with the sets that take it."""

    node: Node
    preferred: tuple[Evidence, ...]
    effect: ReadingEffect | None = None
    """What trying it changes; None where that was not worked out."""

    @property
    def reasons(self) -> tuple[tuple[Text | None, tuple[Evidence, ...]], ...]:
        """The reasons of the preference, each once, with the sets that give it."""
        found: dict[Text | None, dict[object, Evidence]] = {}
        for evidence in self.preferred:
            found.setdefault(evidence.reason, {}).setdefault(evidence.said, evidence)
        return tuple((reason, tuple(sets.values())) for reason, sets in found.items())


@dataclass(frozen=True)
class WordsInQuestion:
    """A passage that a question is asked of: its words where they are at hand, and its place."""

    node: Node
    part: Node | None
    """The part of the document that it lies in."""
    words: str
    language: str
    """Of the words, where it is another than the page's."""


@dataclass(frozen=True)
class DoubtStatement:
    """A fact or a computed link that hangs on a question, with the way to its evidence."""

    subject: Node
    property: Node
    value: Node
    evidence: tuple[Evidence, ...]
    why: str | None
    """The address of its evidence; None where its value is no thing."""


@dataclass(frozen=True)
class ReportedCount:
    """What a figure in question reports, and what the graph counts."""

    measure: Node
    reported: Node
    counted: Node


@dataclass(frozen=True)
class Doubt:
    """An open question with everything that the graph says of it."""

    node: Node
    anchor: str
    things: tuple[Node, ...]
    unsettles: tuple[Node, ...]
    readings: tuple[DoubtReading, ...]
    passages: tuple[WordsInQuestion, ...]
    facts: tuple[DoubtStatement, ...]
    links: tuple[DoubtStatement, ...]
    facts_in_all: int
    """How many facts would not be stated by another reading."""
    links_in_all: int
    """How many computed links would fall with these facts."""
    counts: tuple[ReportedCount, ...]

    @property
    def has_preferred(self) -> bool:
        """Whether one of its readings is taken."""
        return any(reading.preferred for reading in self.readings)

    @property
    def weight(self) -> int:
        """How much hangs on it."""
        return self.facts_in_all + self.links_in_all


def doubts(
    view: GraphView,
    catalogue: Catalogue,
    texts: Mapping[str, str],
    records: Sequence[OpenQuestionRecord],
    effects: Mapping[str, ReadingEffect],
) -> tuple[Doubt, ...]:
    """Return open questions as they are shown, in the given order."""
    return tuple(_Doubts(view, catalogue, texts, records, effects).all())


class _Doubts:
    """Asks of the graph what the doubts of one page need, of all of them at once."""

    def __init__(
        self,
        view: GraphView,
        catalogue: Catalogue,
        texts: Mapping[str, str],
        records: Sequence[OpenQuestionRecord],
        effects: Mapping[str, ReadingEffect],
    ) -> None:
        self._view, self._records, self._effects = view, records, effects
        self._links = {record.iri: _links(view, record) for record in records}
        self._facts = {record.iri: record.doubtful for record in records}
        self._taken = self._values(_TAKEN, (record.readings for record in records))
        self._parts = self._values(_WITHIN, (record.passages for record in records))
        self._nodes = view.nodes(self._terms())
        shown = [link for links in self._links.values() for link in links[:MOST_STATEMENTS]]
        self._graphs_of = graphs_of(view.store, shown) if shown else {}
        self._evidence = evidence_of_graphs(view, self._graphs())
        passages = [self._nodes[passage] for record in records for passage in record.passages]
        self._quoted = {words.node.iri: words for words in quoted(view, texts, passages)}
        self._starts = positions(view, sorted({node.iri for node in passages}))
        self._counts = self._counted(catalogue)

    def all(self) -> Iterator[Doubt]:
        """Yield each question with what was found."""
        for record in self._records:
            facts, links = self._facts[record.iri], self._links[record.iri]
            yield Doubt(
                node=self._nodes[NamedNode(record.iri)],
                anchor=anchor(record.iri),
                things=self._named(record.about),
                unsettles=self._named(record.properties),
                readings=tuple(map(self._reading, record.readings)),
                passages=tuple(self._passages(record)),
                facts=tuple(
                    self._statement(fact.triple, fact.graphs) for fact in facts[:MOST_STATEMENTS]
                ),
                links=tuple(
                    self._statement(link, self._graphs_of[link]) for link in links[:MOST_STATEMENTS]
                ),
                facts_in_all=len(facts),
                links_in_all=len(links),
                counts=self._counts.get(record.iri, ()),
            )

    def _named(self, terms: Iterable[Term]) -> tuple[Node, ...]:
        return tuple(self._nodes[term] for term in terms)

    def _reading(self, reading: NamedNode) -> DoubtReading:
        graphs = [graph.value for graph in self._taken.get(reading, ())]
        evidence = (self._evidence[graph] for graph in graphs if graph in self._evidence)
        surest_first = sorted(evidence, key=lambda evidence: evidence.rank)
        effect = self._effects.get(reading.value)
        return DoubtReading(self._nodes[reading], tuple(surest_first), effect)

    def _passages(self, record: OpenQuestionRecord) -> Iterator[WordsInQuestion]:
        def place(passage: NamedNode) -> tuple[int, str]:
            at = self._starts.get(passage.value)
            return (at.start if at else 0), passage.value

        for passage in sorted(record.passages, key=place):
            words = self._quoted.get(passage.value)
            part = next(iter(self._parts.get(passage, ())), None)
            yield WordsInQuestion(
                self._nodes[passage],
                self._nodes[part] if part else None,
                words.words if words else "",
                words.language if words else "",
            )

    def _statement(self, triple: Triple, graphs: Sequence[str]) -> DoubtStatement:
        subject, prop, value = triple
        why = None
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            why = self._view.addresses.explanation(subject.value, prop.value, value.value)
        return DoubtStatement(
            self._nodes[subject],
            self._nodes[prop],
            self._nodes[in_carnet_language(self._view, prop.value, value)],
            tuple(self._evidence[graph] for graph in graphs if graph in self._evidence),
            why,
        )

    def _terms(self) -> Iterator[Term]:
        for record in self._records:
            yield NamedNode(record.iri)
            yield from (*record.about, *record.properties, *record.readings, *record.passages)
            facts = [fact.triple for fact in self._facts[record.iri][:MOST_STATEMENTS]]
            for subject, prop, value in (*facts, *self._links[record.iri][:MOST_STATEMENTS]):
                yield from (subject, prop, in_carnet_language(self._view, prop.value, value))
        for parts in self._parts.values():
            yield from parts

    def _graphs(self) -> Iterator[str]:
        for sets in self._taken.values():
            yield from (graph.value for graph in sets)
        for facts in self._facts.values():
            yield from (graph for fact in facts[:MOST_STATEMENTS] for graph in fact.graphs)
        for graphs in self._graphs_of.values():
            yield from graphs

    def _values(
        self, prop: NamedNode, things: Iterable[tuple[NamedNode, ...]]
    ) -> dict[Term, list[NamedNode]]:
        found: dict[Term, list[NamedNode]] = {}
        named = dict.fromkeys(chain.from_iterable(things))
        rows = self._view.queries.rows("values", thing=named, property=prop).rows
        for thing, _, value in rows:
            if thing is not None and isinstance(value, NamedNode):
                found.setdefault(thing, []).append(value)
        return found

    def _counted(self, catalogue: Catalogue) -> dict[str, tuple[ReportedCount, ...]]:
        if _COUNTED not in catalogue:
            return {}
        parameters = {"certainty": NamedNode(RN + LEAST_SURE)}
        rows = self._view.queries.saved(_COUNTED, catalogue.question(_COUNTED).bind(parameters))
        found: dict[str, dict[ReportedCount, None]] = {}
        nodes = self._view.nodes(
            row[name] for row in rows for name in ("measure", "reported", "counted")
        )
        for row in rows:
            question, counted = row["question"], row["counted"]
            measure, reported = row["measure"], row["reported"]
            if isinstance(question, NamedNode) and isinstance(counted, Literal):
                assert measure is not None and reported is not None
                count = ReportedCount(nodes[measure], nodes[reported], nodes[counted])
                found.setdefault(question.value, {})[count] = None
        return {question: tuple(counts) for question, counts in found.items()}


def _links(view: GraphView, record: OpenQuestionRecord) -> list[Triple]:
    """Return the computed links that fall without the facts of a question, in order.

    One that says the same as a fact or another link, the other way, is left out.
    """
    shown = {fact.triple for fact in record.doubtful}
    links = []
    for link in sorted(known_to(view).falling[record.iri], key=str):
        if shown.isdisjoint(converses(view, link)):
            shown.add(link)
            links.append(link)
    return links
