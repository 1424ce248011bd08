"""What each reading of an open question would change if it were adopted.

It is computed when a release is built: ``what_if.jsonl`` has the number of readings in its first
line, then a line for each reading.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from rallynov_graph.base.certainty import SUREST, certainty_of, is_current, rank_of
from rallynov_graph.base.kinds import HELD, KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.resources import shared_queries_dir
from rallynov_graph.base.terms import Term
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf import sources
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.changes import Outcome, RankChange, outcomes
from rallynov_graph.rules.justifications import explanation_queries, graphs_of
from rallynov_graph.rules.open_questions import OpenQuestionRecord, records
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST_READINGS: Final = 5000
"""The number of readings above which none is computed, and the page says so."""
_READING: Final = f" <{RN}reading> ".encode()
COMES: Final = "comes"
GOES: Final = "goes"
OTHERWISE: Final = "otherwise"
HOW: Final = (COMES, GOES, OTHERWISE)
"""The changes of a statement: it appears, disappears, or becomes more or less certain."""
HELD_STAGES: Final = "held"
WITNESSES: Final = "witnesses"
THEME_LINKS: Final = "theme_links"
_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_STAGE: Final = NamedNode(RN + "Stage")
_TESTIMONY: Final = NamedNode(RN + "Testimony")
_STATUS: Final = NamedNode(RN + "status")
_NUMBER: Final = NamedNode(RN + "number")
_PARTICIPANT: Final = NamedNode(RN + "participant")
_LINKED: Final = NamedNode(RN + "linkedToTheme")

SetFact = tuple[str, Triple]
"""A set, and a fact that it states."""
Stops = Sequence[Sequence[Any]]
"""The stages held in their order, each with its number (0 without one) and its IRI."""


class StatementChange(NamedTuple):
    """A changed fact or computed link; ranks are those of certainties."""

    statement: Triple
    before: int | None
    after: int | None
    sets: Sequence[str] = ()
    """The sets of the reading that it is stated in, or concluded from."""
    is_concluded: bool = False
    """Whether a rule concludes it, and no set states it."""

    @property
    def how(self) -> str:
        """Whether it appears, disappears, or holds in both, less or more certainly."""
        return COMES if self.before is None else GOES if self.after is None else OTHERWISE


class CountChange(NamedTuple):
    """A number before and after; its key is one of those above, or the name of a kind."""

    key: str
    before: int
    after: int


@dataclass(frozen=True)
class WhatIf:
    """A reading with all its changes."""

    reading: str
    question: str
    is_taken: bool
    """Whether the data take it: then nothing changes."""
    changes: Sequence[StatementChange] = ()
    counts: Sequence[CountChange] = ()
    roads: Sequence[Stops] = ()
    """The road before and after; empty if it is the same."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The names, by language, of things that only the reading speaks of."""

    @cached_property
    def by_how(self) -> Mapping[str, list[StatementChange]]:
        """Its changes by type: what appears, disappears, changes."""
        return {how: [it for it in self.changes if it.how == how] for how in HOW}

    def line(self) -> str:
        written = {it.name: getattr(self, it.name) for it in fields(self)}
        written["statements"] = "".join(f"{it.statement} .\n" for it in self.changes)
        written["changes"] = [it[1:] for it in self.changes]
        return json.dumps(written, ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_line(cls, line: str) -> WhatIf:
        written = json.loads(line)
        facts = parse(written.pop("statements"), RdfFormat.N_TRIPLES)
        changes = zip(facts, written.pop("changes"), strict=True)
        counts = [CountChange(*it) for it in written.pop("counts")]
        listed = [StatementChange(quad.triple, *rest) for quad, rest in changes]
        return cls(changes=listed, counts=counts, **written)


def written(data: Path, ontology: Path) -> bytes:
    """Return the file for a release with these data: the number of readings, then each.

    With very many readings, or too many conclusions to follow, the file only has the number.
    """
    with data.open("rb") as lines:
        readings = sum(_READING in line for line in lines)
    found: Iterable[WhatIf] = ()
    if 0 < readings <= MOST_READINGS:
        queries = queries_of(EmbeddedStore.of_frozen(data, ontology))
        changes = reading_changes(queries)
        readings, found = len(changes), worked_out(queries, changes, data, ontology)
    lines_of_file = [json.dumps({"readings": readings}), *(it.line() for it in found)]
    return "".join(f"{line}\n" for line in lines_of_file).encode()


def read(file: Path) -> tuple[dict[str, WhatIf], bool] | None:
    """Return the readings of a release, and whether they were computed; None without a file.

    Releases of an earlier version have no file.
    """
    if not file.is_file():
        return None
    first, *lines = file.read_text("utf-8").splitlines()
    found = {it.reading: it for it in map(WhatIf.of_line, lines)}
    return found, len(found) == json.loads(first)["readings"]


def worked_out(
    queries: PageQueries, changes: Mapping[str, ReadingChange], data: Path, ontology: Path
) -> list[WhatIf]:
    """Return the changes by each reading; none if too many would have to be followed."""
    facts = {fact for change in changes.values() for _, fact in (*change.gone, *change.come)}
    stated = stated_by(queries, facts)
    trials = [it.trial(stated) for it in changes.values()]
    found = outcomes(sources.quads([data, ontology]), rulebook.load(), trials)
    if found is None:
        return []
    counting = _Counting.of(queries)
    converses: dict[str, list[str]] = defaultdict(list)
    for prop, converse in queries.rows("converses").rows:
        converses[_iri(prop)].append(_iri(converse))
    return [
        _what_if(reading, change, outcome, counting, converses)
        for (reading, change), outcome in zip(changes.items(), found, strict=True)
    ]


def queries_of(store: EmbeddedStore) -> PageQueries:
    """Return the queries that find the changes of each reading."""
    return PageQueries(
        store, catalogue.shipped(Path(__file__).parent / "queries", shared_queries_dir())
    )


def _what_if(
    reading: str,
    change: ReadingChange,
    outcome: Outcome,
    counting: _Counting,
    converses: Mapping[str, Sequence[str]],
) -> WhatIf:
    stating: dict[Triple, set[str]] = defaultdict(set)
    for named_set, fact in change.come:
        stating[fact].add(named_set)
    own = {fact for _, fact in change.gone} | stating.keys()

    def statement(fact: Triple) -> StatementChange:
        ranks = outcome[fact]
        sets = {name for it in ranks.rests_on for name in stating.get(it, ())}
        return StatementChange(fact, ranks.before, ranks.after, sorted(sets), fact not in own)

    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for fact in sorted(outcome, key=str):
        if fact.predicate == _LABEL and isinstance(fact.object, Literal):
            labels[_iri(fact.subject)][fact.object.language or ""] = fact.object.value
    ordered = sorted(outcome, key=lambda fact: (fact not in own, str(fact)))
    changes = [statement(it) for it in _once(ordered, converses) if it.predicate != _LABEL]
    counts, roads = counting.changed(outcome)
    return WhatIf(reading, change.question, change.is_taken, changes, counts, roads, labels)


def _once(facts: Iterable[Triple], converses: Mapping[str, Sequence[str]]) -> Iterator[Triple]:
    """Yield the facts, without those that are the inverse of an earlier one."""
    seen: set[Triple] = set()
    for fact in facts:
        turned = (
            Triple(fact.object, NamedNode(it), fact.subject)
            for it in converses.get(fact.predicate.value, ())
            if isinstance(fact.object, NamedNode)
        )
        if seen.isdisjoint(turned):
            seen.add(fact)
            yield fact


# The statements that a reading removes and adds, before any rule runs.


@dataclass(frozen=True)
class ReadingChange:
    """A reading of a question, with the facts that adopting it removes and adds."""

    question: str
    is_taken: bool = False
    """Whether it is the reading that the data take: then nothing changes."""
    gone: Collection[SetFact] = frozenset()
    come: Mapping[SetFact, int] = field(default_factory=dict)
    """The facts that its own sets state, and how surely."""

    def trial(self, stated_by: Mapping[Triple, Mapping[str, int]]) -> dict[Triple, RankChange]:
        """Return the rank of each of its facts now, and when it is adopted."""
        stated: dict[Triple, RankChange] = {}
        for fact in {fact for _, fact in (*self.gone, *self.come)}:
            now = stated_by[fact]
            staying = [rank for graph, rank in now.items() if (graph, fact) not in self.gone]
            added = [rank for (_, own), rank in self.come.items() if own == fact]
            stated[fact] = RankChange(
                min(now.values(), default=None), min((*staying, *added), default=None)
            )
        return stated


def reading_changes(queries: PageQueries) -> dict[str, ReadingChange]:
    """Return the changes of each reading of the open questions, by the IRI of the reading.

    Adopting a reading removes the facts of sets with another reading of its question, unless they
    are explicit. If a set adopts readings of several questions, only facts whose property this
    question leaves unsettled are removed. If a question leaves no property unsettled, and no set
    states the kind of its subject any more, all readings' facts about that subject are removed too.
    """
    questions: dict[str, str] = {}
    taken: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    stating: dict[str, dict[str, int]] = defaultdict(dict)
    for row in queries.rows("sets_of_readings").rows:
        question, reading, relation, named_set, how = map(_iri, row)
        questions[reading] = question
        if not (certainty := certainty_of(how)):
            continue
        if relation == f"{RN}takenIn":
            taken[question][reading].add(named_set)
        else:
            stating[reading][named_set] = rank_of(certainty)
    stated: dict[str, set[Triple]] = defaultdict(set)
    for stating_set, *terms in queries.rows("facts_of_readings").rows:
        if (fact := _triple(*terms)) is not None:
            stated[_iri(stating_set)].add(fact)
    gone = _gone_of_questions(queries, taken)

    def change(reading: str, question: str) -> ReadingChange:
        if reading in taken[question]:
            return ReadingChange(question, is_taken=True)
        come = {
            (named_set, fact): rank
            for named_set, rank in stating[reading].items()
            for fact in stated[named_set]
        }
        return ReadingChange(question, gone=gone.get(question, frozenset()), come=come)

    return {reading: change(reading, question) for reading, question in questions.items()}


def _gone_of_questions(
    queries: PageQueries, taken: Mapping[str, Mapping[str, Iterable[str]]]
) -> dict[str, frozenset[SetFact]]:
    """Return, by question, the facts removed by adopting a reading that the data do not adopt."""
    by_way: dict[tuple[str, str], set[SetFact]] = defaultdict(set)
    said: dict[str, set[SetFact]] = defaultdict(set)
    for asked, way, *terms, graph, how in queries.rows("facts_in_question").rows:
        if (fact := _triple(*terms)) is not None:
            key = _iri(asked), getattr(way, "value", "")
            is_said = certainty_of(_iri(how)) == SUREST
            (said[key[0]] if is_said else by_way[key]).add((_iri(graph), fact))
    taken_for: dict[str, set[str]] = defaultdict(set)
    for question, readings in taken.items():
        for named_set in (it for sets in readings.values() for it in sets):
            taken_for[named_set].add(question)

    def gone(record: OpenQuestionRecord) -> set[SetFact]:
        own = {
            (graph, fact)
            for graph, fact in by_way[record.iri, "taken"]
            if len(taken_for[graph]) < 2
            or not record.properties
            or fact.predicate in record.properties
        }
        if record.properties:
            return own
        about = by_way[record.iri, "subject"] | by_way[record.iri, "value"]
        kinds = {it for it in about | said[record.iri] if it[1].predicate == _TYPE}
        vanished = {
            thing
            for thing in record.about
            if (of_thing := {it for it in kinds if it[1].subject == thing}) and of_thing <= own
        }
        return own | {it for it in about if vanished & {it[1].subject, it[1].object}}

    return {it.iri: frozenset(gone(it)) for it in records(queries)}


def stated_by(queries: PageQueries, facts: Collection[Triple]) -> dict[Triple, dict[str, int]]:
    """Return the graphs that state each fact now, and its rank, without conclusions of rules."""
    found = graphs_of(queries.store, sorted(facts, key=str)) if facts else {}
    named = sorted({graph for of_one in found.values() for graph in of_one if graph})
    ranks: dict[str, int] = {}
    inferences: set[str] = set()
    described = explanation_queries(queries.store).rows("graphs", graph=map(NamedNode, named))
    for graph, _, value in described.rows:
        if certainty := certainty_of(_iri(value)):
            ranks[_iri(graph)] = rank_of(certainty)
        elif _iri(value) == f"{RN}Inference":
            inferences.add(_iri(graph))
    return {
        fact: {
            graph: ranks.get(graph, 0)
            for graph in of_one
            if graph and graph not in inferences and is_current(NamedNode(graph))
        }
        for fact, of_one in found.items()
    }


# The counts before and after: things of each kind, stages held, witnesses, links.


@dataclass(frozen=True)
class _Counting:
    """The counted facts before any reading is adopted."""

    stages: frozenset[Triple]
    """The kind, status and number of each stage."""
    testimonies: frozenset[Triple]
    """The testimonies, with their participants."""
    links: int
    """How many links of organisations to themes there are."""
    by_kind: Mapping[str, int]
    """How many things the list of each kind has."""
    classes: Mapping[str, Collection[Term]]
    """The class of each kind, and those below it."""

    @classmethod
    def of(cls, queries: PageQueries) -> _Counting:
        rows = queries.rows("counted_in_trials").rows
        above = queries.rows("superclasses").rows
        classes = {
            name: {
                NamedNode(kind.class_iri),
                *(below for below, of in above if below and _iri(of) == kind.class_iri),
            }
            for name, kind in KINDS.items()
            if kind.first and kind.class_iri
        }
        things = {
            name: {
                thing
                for thing, _ in queries.rows("things_of_classes", **{"class": of_kind}).rows  # type: ignore[arg-type]
                if _iri(thing).startswith(f"{ID}{name}/")
            }
            for name, of_kind in classes.items()
        }
        facts = [fact for row in rows if (fact := _triple(*row)) is not None]
        stages = {it.subject for it in facts if it.predicate == _TYPE and it.object == _STAGE}
        return cls(
            frozenset(it for it in facts if it.subject in stages),
            frozenset(it for it in facts if it.predicate in (_TYPE, _PARTICIPANT)),
            sum(it.predicate == _LINKED for it in facts),
            {name: len(them) for name, them in things.items()},
            classes,
        )

    @cached_property
    def numbers(self) -> tuple[Stops, int]:
        """The road and the number of witnesses before any reading is adopted."""
        return _road(self.stages), _witnesses(self.testimonies)

    def changed(self, outcome: Outcome) -> tuple[list[CountChange], Sequence[Stops]]:
        """Return the changed numbers, and both roads if they differ."""
        come = {fact for fact, ranks in outcome.items() if ranks.before is None}
        gone = {fact for fact, ranks in outcome.items() if ranks.after is None}
        road, witnesses = self.numbers
        new_road, new_witnesses = road, witnesses
        changing = {it.predicate for it in come | gone}
        if changing & {_TYPE, _STATUS, _NUMBER}:
            new_road = _road((self.stages - gone) | come)
        if changing & {_TYPE, _PARTICIPANT}:
            new_witnesses = _witnesses((self.testimonies - gone) | come)

        def more(prop: NamedNode, classes: Collection[Term] = (), prefix: str = "") -> int:
            def number(facts: set[Triple]) -> int:
                return sum(
                    it.predicate == prop
                    and (not classes or it.object in classes)
                    and _iri(it.subject).startswith(prefix)
                    for it in facts
                )

            return number(come) - number(gone)

        numbers = [
            CountChange(HELD_STAGES, len(road), len(new_road)),
            *(
                CountChange(kind, n, n + more(_TYPE, self.classes[kind], f"{ID}{kind}/"))
                for kind, n in self.by_kind.items()
            ),
            CountChange(WITNESSES, witnesses, new_witnesses),
            CountChange(THEME_LINKS, self.links, self.links + more(_LINKED)),
        ]
        changed = [it for it in numbers if it.before != it.after]
        return changed, () if new_road == road else (road, new_road)


def _road(facts: Iterable[Triple]) -> Stops:
    """Return the held stages in order; those without a number come last."""
    stages, held, numbers = set[str](), set[str](), dict[str, int]()
    for fact in facts:
        subject, value = _iri(fact.subject), fact.object
        if fact.predicate == _TYPE and value == _STAGE:
            stages.add(subject)
        elif fact.predicate == _STATUS and _iri(value) == HELD.status:
            held.add(subject)
        elif fact.predicate == _NUMBER and isinstance(value, Literal) and value.value.isdecimal():
            numbers[subject] = int(value.value)
    road = ((numbers.get(it, 0), it) for it in stages & held)
    return sorted(road, key=lambda stop: (stop[0] == 0, stop))


def _witnesses(facts: Iterable[Triple]) -> int:
    given = [*facts]
    testimonies = {it.subject for it in given if it.predicate == _TYPE and it.object == _TESTIMONY}
    return len(
        {it.object for it in given if it.predicate == _PARTICIPANT and it.subject in testimonies}
    )


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple | None:
    if not (isinstance(subject, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return None
    return Triple(subject, prop, value)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
