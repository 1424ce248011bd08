"""The open questions as a page shows them: their readings, their words, what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.what_if import WhatIf
from rallynov_graph.rules.open_questions import OpenQuestionRecord
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import anchor, known_to
from rallynov_graph.site.model.passages import Quoted, positions, quoted
from rallynov_graph.site.model.statement import (
    Evidence,
    StatedTriple,
    Statement,
    evidence_of_graphs,
    iri_of,
    judged,
    looked_up,
    shown,
)

MOST_STATEMENTS: Final = 40
"""How many facts and links of one question are shown; the numbers are of all."""
_COUNTED: Final = "reported_and_counted"
_TAKEN: Final = NamedNode(RN + "takenIn")
_WITHIN: Final = NamedNode(PREFIXES["dcterms"] + "isPartOf")


class Reading(NamedTuple):
    """A possible answer; the preferred one has the sets that adopt it."""

    node: Node
    short: str
    preferred: Sequence[Evidence]
    what_if: WhatIf | None
    """The changes by adopting it; None if they were not computed."""

    @property
    def reasons(self) -> list[tuple[Text | None, list[Evidence]]]:
        """The reasons of the preference, each once, with the sets that give it."""
        found: dict[Text | None, dict[object, Evidence]] = {}
        for evidence in self.preferred:
            found.setdefault(evidence.reason, {}).setdefault(evidence.said, evidence)
        return [(reason, [*sets.values()]) for reason, sets in found.items()]


class Words(NamedTuple):
    """A passage that a question is asked of, with the part of the document that it is in."""

    node: Node
    part: Node | None
    quoted: Quoted | None
    """Its words, if the text was loaded."""


@dataclass(frozen=True)
class Question:
    """An open question with everything that the graph says of it."""

    node: Node
    anchor: str
    things: Sequence[Node]
    unsettles: Sequence[Node]
    readings: Sequence[Reading]
    passages: Sequence[Words]
    facts: Sequence[Statement]
    """Those that would not be stated by another reading, the first of many."""
    links: Sequence[Statement]
    """Computed links that would fall with these facts, the first of many."""
    facts_in_all: int
    links_in_all: int
    counts: Sequence[Mapping[str, Node]]
    """The figure in question, and the graph's count."""

    @property
    def has_preferred(self) -> bool:
        """Whether one of its readings is taken."""
        return any(reading.preferred for reading in self.readings)

    @property
    def weight(self) -> int:
        """The number of facts and answers that depend on it."""
        return self.facts_in_all + self.links_in_all


def questions(
    view: GraphView,
    records: Sequence[OpenQuestionRecord],
    catalogue: Catalogue,
    texts: Mapping[str, str],
    what_if: Mapping[str, WhatIf],
) -> list[Question]:
    """Return open questions as they are shown, in the given order; all are read together."""
    links = {it.iri: _links(view, it) for it in records}
    held = looked_up(view, (link for of in links.values() for link in of[:MOST_STATEMENTS]))
    stated = {
        record.iri: (
            [StatedTriple.of(it.triple, it.graphs) for it in record.doubtful[:MOST_STATEMENTS]],
            [held[it] for it in links[record.iri][:MOST_STATEMENTS] if it in held],
        )
        for record in records
    }
    every = (it for pair in stated.values() for of_one in pair for it in of_one)
    statements = shown(view, judged(view, every))
    taken = _values(view, _TAKEN, (it for record in records for it in record.readings))
    parts = _values(view, _WITHIN, (it for record in records for it in record.passages))
    sets = evidence_of_graphs(view, (it.value for of in taken.values() for it in of))
    nodes = view.nodes(_terms(records, parts))
    passages = [nodes[it] for record in records for it in record.passages]
    words = {it.node.iri: it for it in quoted(view, texts, passages)}
    starts = {
        iri: it.start for iri, it in positions(view, sorted({p.iri for p in passages})).items()
    }
    counts = _counted(view, catalogue)

    def reading(it: NamedNode) -> Reading:
        preferred = [sets[graph.value] for graph in taken.get(it, ()) if graph.value in sets]
        surest_first = sorted(preferred, key=lambda evidence: evidence.rank)
        short = view.addresses.short_or_iri(it.value)
        return Reading(nodes[it], short, surest_first, what_if.get(it.value))

    def passage(it: NamedNode) -> Words:
        part = next(iter(parts.get(it, ())), None)
        return Words(nodes[it], nodes[part] if part else None, words.get(it.value))

    def place(it: NamedNode) -> tuple[int, str]:
        return starts.get(it.value, 0), it.value

    return [
        Question(
            node=nodes[NamedNode(it.iri)],
            anchor=anchor(it.iri),
            things=[nodes[thing] for thing in it.about],
            unsettles=[nodes[prop] for prop in it.properties],
            readings=[reading(one) for one in it.readings],
            passages=[passage(one) for one in sorted(it.passages, key=place)],
            facts=[statements[fact] for fact in stated[it.iri][0]],
            links=[statements[link] for link in stated[it.iri][1]],
            facts_in_all=len(it.doubtful),
            links_in_all=len(links[it.iri]),
            counts=counts.get(it.iri, ()),
        )
        for it in records
    ]


def _links(view: GraphView, record: OpenQuestionRecord) -> list[Triple]:
    """Return the computed links that fall without the facts of a question, in order.

    One that says the same as a fact or another link, the other way, is left out.
    """
    seen, links = {fact.triple for fact in record.doubtful}, []
    for link in sorted(known_to(view).falling[record.iri], key=str):
        converses = view.graph.converses.get(link.predicate.value, ())
        turned = (Triple(link.object, NamedNode(it), link.subject) for it in converses)  # type: ignore[arg-type]
        if not isinstance(link.object, NamedNode) or seen.isdisjoint(turned):
            seen.add(link)
            links.append(link)
    return links


def _terms(
    records: Iterable[OpenQuestionRecord], parts: Mapping[Term, Sequence[NamedNode]]
) -> Iterator[Term]:
    for it in records:
        yield from (NamedNode(it.iri), *it.about, *it.properties, *it.readings, *it.passages)
    for of_one in parts.values():
        yield from of_one


def _values(
    view: GraphView, prop: NamedNode, things: Iterable[NamedNode]
) -> dict[Term, list[NamedNode]]:
    found: dict[Term, list[NamedNode]] = {}
    for thing, _, value in view.queries.rows(
        "values", thing=dict.fromkeys(things), property=prop
    ).rows:
        if thing is not None and isinstance(value, NamedNode):
            found.setdefault(thing, []).append(value)
    return found


def _counted(view: GraphView, catalogue: Catalogue) -> dict[str, list[Mapping[str, Node]]]:
    if _COUNTED not in catalogue:
        return {}
    bound = catalogue.question(_COUNTED).bind({"certainty": NamedNode(RN + LEAST_SURE)})
    rows = view.queries.cached(bound)
    names = ("measure", "reported", "counted")
    nodes = view.nodes(row[name] for row in rows for name in names)
    found: dict[str, list[Mapping[str, Node]]] = {}
    for row in rows:
        if isinstance(row["question"], NamedNode) and isinstance(row["counted"], Literal):
            count = {name: nodes[row[name]] for name in names}  # type: ignore[index]
            of_question = found.setdefault(iri_of(row["question"]), [])
            if count not in of_question:
                of_question.append(count)
    return found
