"""Which open questions touch an answer: another reading of one would change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cache
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.questions.parameters import bound_things
from rallynov_graph.rdf.tokens import tokens
from rallynov_graph.rules.open_questions import OpenQuestionRecord, OpenQuestions
from rallynov_graph.rules.rulebook import load

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LOOKED_AT: Final = 5
"""How many things of a column are examined for their classes."""


def touching(
    queries: PageQueries, question: Question, values: Mapping[str, Term | None], answer: Solutions
) -> tuple[NamedNode, ...]:
    """Return the open questions that touch an answer of the catalogue, in the order of their IRIs.

    They are about a thing that a parameter names; or about a thing in the answer, through a
    property of the query; or they touch a fact that has both ends in a row, or one in the row and
    one as a parameter; or, where no parameter names a thing, they are about things of such classes
    through such a property: then a row may be missing. A question that names no property concerns
    all. A question that is in the answer itself is left out.
    """
    open_questions = OpenQuestions.read(queries)
    named_iris = _named_in(question.text)
    parameter_things = {
        thing for thing in bound_things(question, values).values() if isinstance(thing, NamedNode)
    }
    things_in_answer = {term for row in answer.rows for term in row if isinstance(term, NamedNode)}
    through, kinds = _with_premises(named_iris), _classes(queries, answer)
    if not question.has_choices:
        # Where words are chosen from, the query names classes that others of them ask for.
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


def _named_in(query: str) -> frozenset[str]:
    """Return the IRIs that a query names, its prefixes among them."""
    prefixes: dict[str, str] = {}
    iris, previous = set(), ""
    for token in tokens(query):
        prefix, _, local = token.text.partition(":")
        if token.kind == "iri":
            iris.add(token.text[1:-1])
            prefixes.setdefault(previous, token.text[1:-1])
        elif token.kind == "name" and prefix in prefixes:
            iris.add(prefixes[prefix] + local)
        previous = prefix if token.kind == "name" and not local else ""
    return frozenset(iris)


@cache
def _with_premises(properties: frozenset[str]) -> frozenset[str]:
    """Return properties with those from which the rules conclude them."""
    known = properties
    while True:
        heads = {rule: getattr(rule.head.predicate, "value", "") for rule in load()}
        more = known.union(*(rule.needs or () for rule, head in heads.items() if head in known))
        if more == known:
            return known
        known = more


@cache
def _with_conclusions(properties: frozenset[str]) -> frozenset[str]:
    """Return properties with those that rules conclude from them alone."""
    known = properties | {_TYPE.value}
    while True:
        heads = (rule.head.predicate for rule in load() if rule.needs and rule.needs <= known)
        more = known.union(head.value for head in heads)
        if more == known:
            return known
        known = more


def _classes(queries: PageQueries, answer: Solutions) -> set[str]:
    """Return the classes of the things that the columns of an answer hold."""
    things: set[NamedNode] = set()
    for place in range(len(answer.variables)):
        column: Iterable[NamedNode] = (
            term for row in answer.rows if isinstance(term := row[place], NamedNode)
        )
        things |= set(islice(dict.fromkeys(column), _LOOKED_AT))
    rows = queries.rows("values", thing=sorted(things, key=str), property=_TYPE).rows
    return {class_node.value for _, _, class_node in rows if isinstance(class_node, NamedNode)}
