"""Which open questions touch an answer: under another of their readings it would be another one."""

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
"""What the things of a column are is seen from so many of them."""


@dataclass
class _LeftOpen:
    """What an open question is about, of which classes that is, and what it leaves unsettled."""

    about: set[Term] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)


def touching(
    queries: PageQueries, question: Question, values: Mapping[str, Term | None], found: Solutions
) -> tuple[NamedNode, ...]:
    """Return the open questions that touch an answer of the catalogue, in the order of their IRIs.

    They are about a thing that it was asked for; or about a thing in it, through a property that
    was asked for; or, where it was asked for of all things, about such things through such a
    property: then a row may be missing. What leaves no property unsettled leaves all. What
    stands in the answer itself is not told again.
    """
    named = _named_in(question.text)
    things = bound_things(question, values)
    asked = {thing for thing in things.values() if thing is not None}
    there = {term for row in found.rows for term in row if isinstance(term, NamedNode)}
    through, kinds = _with_premises(named), named | _classes(queries, found)

    def touches(it: _LeftOpen) -> bool:
        if it.about & asked:
            return True
        if it.properties and not it.properties & through:
            return False
        missing = not asked and it.properties and (not found.rows or it.classes & kinds)
        return bool(it.about & there or missing)

    known = _left_open(queries)
    return tuple(one for one, it in known.items() if one not in there and touches(it))


def _left_open(queries: PageQueries) -> dict[NamedNode, _LeftOpen]:
    known: dict[NamedNode, _LeftOpen] = {}
    for question, about, kind, through in queries.rows("left_open").rows:
        assert isinstance(question, NamedNode) and about is not None
        it = known.setdefault(question, _LeftOpen())
        it.about.add(about)
        it.classes |= {kind.value} if isinstance(kind, NamedNode) else set()
        it.properties |= {through.value} if isinstance(through, NamedNode) else set()
    return known


def _named_in(query: str) -> frozenset[str]:
    """Return the IRIs that a query names, its prefixes among them."""
    prefixes: dict[str, str] = {}
    named, before = set(), ""
    for token in tokens(query):
        prefix, _, local = token.text.partition(":")
        if token.kind == "iri":
            named.add(token.text[1:-1])
            prefixes.setdefault(before, token.text[1:-1])
        elif token.kind == "name" and prefix in prefixes:
            named.add(prefixes[prefix] + local)
        before = prefix if token.kind == "name" and not local else ""
    return frozenset(named)


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


def _classes(queries: PageQueries, found: Solutions) -> set[str]:
    """Return the classes of the things that the columns of an answer hold."""
    some: set[NamedNode] = set()
    for place in range(len(found.variables)):
        column: Iterable[NamedNode] = (
            term for row in found.rows if isinstance(term := row[place], NamedNode)
        )
        some |= set(islice(dict.fromkeys(column), _LOOKED_AT))
    rows = queries.rows("values", thing=sorted(some, key=str), property=_TYPE).rows
    return {kind.value for _, _, kind in rows if isinstance(kind, NamedNode)}
