"""The open questions of a graph: their subjects, and the facts and answers that depend on them.

An open question leaves facts unsettled. The conclusions from these facts depend on it too, and so
does an answer that another reading would change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE, SUREST, certainty_of, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.parameters import bound_things
from rallynov_graph.rdf.tokens import Token, declarations, tokens, without_optional
from rallynov_graph.rules.justifications import Justifications, dependents
from rallynov_graph.rules.rulebook import pattern_term, shipped

_RELATIONS: Final = (
    PREFIXES["schema"] + "about",
    RN + "unsettles",
    RN + "passage",
    RN + "reading",
)
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LOOKED_AT: Final = 5
"""How many things of a column are examined for their classes."""


@dataclass(frozen=True)
class UnsettledFact:
    """A fact of a document that an open question leaves unsettled."""

    triple: Triple
    graphs: tuple[str, ...]
    """The assertion sets that state it, the surest first."""
    certainty: str
    """That of the surest of them."""

    @property
    def is_settled(self) -> bool:
        """Whether it is explicit in a document, and so holds in every reading."""
        return self.certainty == SUREST


@dataclass(frozen=True)
class OpenQuestionRecord:
    """An open question as the graph describes it, and the facts that it leaves unsettled."""

    iri: str
    about: tuple[NamedNode, ...] = ()
    properties: tuple[NamedNode, ...] = ()
    """The properties that it leaves unsettled; empty if its things themselves are in question."""
    passages: tuple[NamedNode, ...] = ()
    readings: tuple[NamedNode, ...] = ()
    facts: tuple[UnsettledFact, ...] = ()

    @property
    def doubtful(self) -> tuple[UnsettledFact, ...]:
        """The facts that depend on it: another reading may remove them."""
        return tuple(fact for fact in self.facts if not fact.is_settled)


@dataclass(frozen=True)
class OpenQuestions:
    """All open questions of a graph, and the facts that they may change."""

    records: Mapping[str, OpenQuestionRecord]
    conclusions: Justifications
    """The conclusions from the unsettled facts."""

    @classmethod
    def read(cls, queries: PageQueries) -> OpenQuestions:
        """Return the open questions of a graph, sorted by IRI; they are read once."""
        return queries.once("open questions", "all", lambda: _read(queries))

    @cached_property
    def by_thing(self) -> Mapping[str, Mapping[str, bool]]:
        """The questions that touch a thing, each with whether it is about the thing itself."""
        found: dict[str, dict[str, bool]] = {}
        for record in self.records.values():
            for thing in record.about:
                found.setdefault(thing.value, {})[record.iri] = True
            for fact in record.facts if record.properties else ():
                for end in (fact.triple.subject, fact.triple.object):
                    if isinstance(end, NamedNode):
                        found.setdefault(end.value, {}).setdefault(record.iri, False)
        return found

    @cached_property
    def falling(self) -> Mapping[str, frozenset[Triple]]:
        """The conclusions that would fall without the facts of each question."""
        return {
            record.iri: self.conclusions.falling_without(fact.triple for fact in record.doubtful)
            for record in self.records.values()
        }

    @cached_property
    def by_fact(self) -> Mapping[Triple, tuple[str, ...]]:
        """The questions that touch a fact, which may not hold in another reading."""
        found: dict[Triple, list[str]] = {}
        for record in self.records.values():
            for triple in (*(fact.triple for fact in record.facts), *self.falling[record.iri]):
                found.setdefault(triple, []).append(record.iri)
        return {triple: tuple(dict.fromkeys(iris)) for triple, iris in found.items()}


def _read(queries: PageQueries) -> OpenQuestions:
    found = {record.iri: record for record in records(queries)}
    facts = _facts(queries, found)
    found = {iri: replace(record, facts=facts.get(iri, ())) for iri, record in found.items()}
    doubtful = {fact.triple for of_one in facts.values() for fact in of_one if not fact.is_settled}
    return OpenQuestions(found, dependents(queries.store, doubtful))


def records(queries: PageQueries) -> Iterator[OpenQuestionRecord]:
    """Yield the description of each open question, without the facts that it leaves unsettled."""
    found: dict[str, dict[str, list[NamedNode]]] = {}
    for row in queries.rows("what_questions_touch").rows:
        named = [term for term in row if isinstance(term, NamedNode)]
        if len(named) == len(row):
            question, relation, value = named
            found.setdefault(question.value, {}).setdefault(relation.value, []).append(value)
    for iri, related in found.items():
        about, unsettled, passages, readings = (
            tuple(related.get(relation, ())) for relation in _RELATIONS
        )
        yield OpenQuestionRecord(iri, about, unsettled, passages, readings)


def _facts(
    queries: PageQueries, records: Mapping[str, OpenQuestionRecord]
) -> dict[str, tuple[UnsettledFact, ...]]:
    reached: dict[str, dict[str, dict[Triple, dict[str, str]]]] = {}
    for question, way, *terms, graph, certainty in queries.rows("facts_in_question").rows:
        assert isinstance(way, Literal) and isinstance(graph, NamedNode)
        record = records.get(_iri(question))
        triple = _triple(*terms)
        if record is None or triple is None:
            continue
        if triple.predicate in record.properties or not record.properties:
            in_way = reached.setdefault(record.iri, {}).setdefault(way.value, {})
            sure = certainty_of(_iri(certainty)) or LEAST_SURE
            in_way.setdefault(triple, {})[graph.value] = sure
    return {iri: _left_unsettled(records[iri], ways) for iri, ways in reached.items()}


def _left_unsettled(
    record: OpenQuestionRecord, reached: Mapping[str, Mapping[Triple, Mapping[str, str]]]
) -> tuple[UnsettledFact, ...]:
    """Return the facts that a question leaves unsettled, among those that it reaches in each way.

    It leaves unsettled the facts of its readings and those whose subject it is about. Facts whose
    value it is about only count if there are no such subjects: a question about one witness does
    not ask who else was at the stage. If the things themselves are in question, the facts of its
    readings replace them, if there are any.
    """
    taken, own, others = (reached.get(way, {}) for way in ("taken", "subject", "value"))
    if record.properties:
        of_subjects = {fact.predicate for fact in own}
        others = {fact: it for fact, it in others.items() if fact.predicate not in of_subjects}
    elif taken:
        own = others = {}
    found = []
    for fact, graphs in sorted({**taken, **own, **others}.items(), key=lambda it: str(it[0])):
        ordered = sorted(graphs, key=lambda graph: (rank_of(graphs[graph]), graph))
        found.append(UnsettledFact(fact, tuple(ordered), graphs[ordered[0]]))
    return tuple(found)


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple | None:
    """Return a fact; None if its subject is a blank node, which no other graph can refer to."""
    if not (isinstance(subject, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return None
    return Triple(subject, prop, value)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def touching(
    queries: PageQueries, question: Question, values: Mapping[str, Term | None], answer: Solutions
) -> tuple[NamedNode, ...]:
    """Return the open questions that touch an answer of the catalogue, sorted by IRI.

    A question touches an answer in one of these cases. It is about a thing that is the value of a
    parameter. It is about a thing in the answer, through a property of the query. It touches a fact
    with both ends in a row, or one in the row and one as a parameter. Or no parameter is a thing
    and it is about things of the same classes through such a property: a row may then be missing. A
    question without a property concerns everything. A question that is itself in the answer is left
    out.
    """
    open_questions = OpenQuestions.read(queries)
    named_iris = _named_in(question.text)
    parameter_things = {
        thing for thing in bound_things(question, values).values() if isinstance(thing, NamedNode)
    }
    things_in_answer = {term for row in answer.rows for term in row if isinstance(term, NamedNode)}
    through, kinds = _with_premises(named_iris), _classes(queries, answer)
    if not question.has_choices:
        # A query with a choice of words names classes that only some of the words need.
        kinds |= named_iris
    touching_rows = _touching_rows(open_questions, named_iris, answer, parameter_things)
    classes = _classes_of_subjects(queries)

    def touches(record: OpenQuestionRecord) -> bool:
        about, properties = {*record.about}, {node.value for node in record.properties}
        if about & parameter_things or record.iri in touching_rows:
            return True
        if properties and not properties & through:
            return False
        own_classes = {iri for thing in about for iri in classes.get(thing, ())}
        missing = not parameter_things and properties and (not answer.rows or own_classes & kinds)
        return bool(about & things_in_answer or missing)

    iris = (NamedNode(iri) for iri, record in open_questions.records.items() if touches(record))
    return tuple(iri for iri in iris if iri not in things_in_answer)


def _touching_rows(
    open_questions: OpenQuestions,
    named_iris: frozenset[str],
    answer: Solutions,
    parameter_things: Set[Term],
) -> set[str]:
    """Return the questions that touch a fact which a row of an answer states or rests on."""
    properties = _with_conclusions(named_iris)
    facts = [fact for fact in open_questions.by_fact if fact.predicate.value in properties]
    ends = {end for fact in facts for end in (fact.subject, fact.object)}
    row_numbers: dict[Term, set[int]] = {}
    for number, row in enumerate(answer.rows):
        for term in row:
            if term in ends:
                row_numbers.setdefault(term, set()).add(number)
    all_rows = set(range(len(answer.rows)))

    def rows_of(end: Term) -> set[int]:
        return all_rows if end in parameter_things else row_numbers.get(end, set())

    return {
        question
        for fact in facts
        if rows_of(fact.subject) & rows_of(fact.object)
        for question in open_questions.by_fact[fact]
    }


def _classes_of_subjects(queries: PageQueries) -> dict[Term, set[str]]:
    """Return the classes of the things that open questions are about."""
    classes: dict[Term, set[str]] = {}
    for _, about, class_node, _ in queries.rows("left_open").rows:
        if about is not None and isinstance(class_node, NamedNode):
            classes.setdefault(about, set()).add(class_node.value)
    return classes


def things_named(query: str) -> tuple[NamedNode, ...]:
    """Return the things that a query names, sorted by address."""
    return tuple(NamedNode(iri) for iri in sorted(_named_in(query, without_optional(query))))


def required_properties(query: str) -> frozenset[str]:
    """Return the properties that a query needs outside OPTIONAL, and those of their rules'
    premises.
    """
    return _with_premises(_named_in(query, without_optional(query)))


def _named_in(query: str, among: Iterable[Token] | None = None) -> frozenset[str]:
    """Return the IRIs that a query names, including its prefixes."""
    prefixes = dict(declarations(query))
    terms = (pattern_term(it, prefixes) for it in among or tokens(query) if it.kind != "word")
    return frozenset(it.value for it in terms if isinstance(it, NamedNode))


def _with_premises(properties: frozenset[str]) -> frozenset[str]:
    """Return properties with those from which the rules conclude them."""
    known = properties
    while True:
        heads = {rule: getattr(rule.head.predicate, "value", "") for rule in shipped()}
        more = known.union(*(rule.needs or () for rule, head in heads.items() if head in known))
        if more == known:
            return known
        known = more


def _with_conclusions(properties: frozenset[str]) -> frozenset[str]:
    """Return properties with those that rules conclude from them alone."""
    known = properties | {_TYPE.value}
    while True:
        heads = (rule.head.predicate for rule in shipped() if rule.needs and rule.needs <= known)
        more = known.union(head.value for head in heads)
        if more == known:
            return known
        known = more


def _classes(queries: PageQueries, answer: Solutions) -> set[str]:
    things: set[NamedNode] = set()
    for place in range(len(answer.variables)):
        column: Iterable[NamedNode] = (
            term for row in answer.rows if isinstance(term := row[place], NamedNode)
        )
        things |= set(islice(dict.fromkeys(column), _LOOKED_AT))
    rows = queries.rows("values", thing=sorted(things, key=str), property=_TYPE).rows
    return {class_node.value for _, _, class_node in rows if isinstance(class_node, NamedNode)}
