"""Which open questions touch an answer: another reading of one would change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from rallynov_graph.rules.rulebook import load

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_LOOKED_AT: Final = 5
"""How many things of a column are examined for their classes."""


@dataclass
class _OpenQuestion:
    """What an open question is about, the classes of that, and the properties that it concerns."""

    about: set[Term] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)


def touching(
    queries: PageQueries, question: Question, values: Mapping[str, Term | None], answer: Solutions
) -> tuple[NamedNode, ...]:
    """Return the open questions that touch an answer of the catalogue, in the order of their IRIs.

    They are about a thing that a parameter names; or about a thing in the answer, through a
    property of the query; or, where no parameter names a thing, about things of such classes
    through such a property: then a row may be missing. A question that names no property concerns
    all. A question that is in the answer itself is left out.
    """
    named_iris = _named_in(question.text)
    things = bound_things(question, values)
    asked_things = {thing for thing in things.values() if thing is not None}
    things_in_answer = {term for row in answer.rows for term in row if isinstance(term, NamedNode)}
    through, kinds = _with_premises(named_iris), named_iris | _classes(queries, answer)

    def touches(question_data: _OpenQuestion) -> bool:
        if question_data.about & asked_things:
            return True
        if question_data.properties and not question_data.properties & through:
            return False
        missing = (
            not asked_things
            and question_data.properties
            and (not answer.rows or question_data.classes & kinds)
        )
        return bool(question_data.about & things_in_answer or missing)

    known = _open_questions(queries)
    return tuple(
        iri
        for iri, question_data in known.items()
        if iri not in things_in_answer and touches(question_data)
    )


def _open_questions(queries: PageQueries) -> dict[NamedNode, _OpenQuestion]:
    known: dict[NamedNode, _OpenQuestion] = {}
    for question, about, kind, through in queries.rows("left_open").rows:
        assert isinstance(question, NamedNode) and about is not None
        data = known.setdefault(question, _OpenQuestion())
        data.about.add(about)
        data.classes |= {kind.value} if isinstance(kind, NamedNode) else set()
        data.properties |= {through.value} if isinstance(through, NamedNode) else set()
    return known


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
