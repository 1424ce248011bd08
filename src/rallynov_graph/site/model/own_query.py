"""The conditions of a reader's own query: which makes its answer empty, what each costs, and the
facts that a row rests on.

The query is divided into its patterns, filters and groups, in the reader's own words; each is
counted together with those before it, and without. Parts that only add to an answer (OPTIONAL,
BIND) are always included.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims.row_evidence import shown_facts
from rallynov_graph.http.protocol import Refused
from rallynov_graph.rdf.tokens import Token, decoded, tokens
from rallynov_graph.rules.silences import silences_of_query
from rallynov_graph.site.model.empty_answer import (
    AskedCondition,
    EmptyAnswer,
    empty_answer,
    shown_silences,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.sparql.store import Store

MOST_COUNTED: Final = 100_000
"""More matches are not counted."""
SECONDS: Final = 8.0
"""After so many, no further condition is counted."""
MOST_SOLUTIONS: Final = 20
"""A row is explained by so many solutions."""
_OPENED: Final = {"(": ")", "{": "}", "[": "]"}
_BLOCKS: Final = frozenset({"OPTIONAL", "MINUS", "GRAPH", "VALUES", "FILTER", "BIND"})
_ADDS: Final = frozenset({"OPTIONAL", "BIND"})
_TAKES_AWAY: Final = frozenset({"FILTER", "MINUS"})
_ENDS: Final = frozenset({"HAVING", "LIMIT", "OFFSET", "VALUES"})
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


class Unread(ValueError):
    """A query that is not cut into conditions."""


@dataclass(frozen=True)
class Condition:
    """A part of a query as it is written, and whether an answer must meet it."""

    text: str
    narrows: bool = True
    is_pattern: bool = True
    """Whether it has matches alone; what is none only takes answers away."""

    @property
    def said(self) -> str:
        """The text as a sentence quotes it, without the full stop that ends a pattern."""
        return self.text.removesuffix(" .")


@dataclass(frozen=True)
class OwnQuery:
    """A query as its prologue, its dataset, and its conditions."""

    prologue: str
    graphs: str
    conditions: tuple[Condition, ...]
    ending: Condition | None = None
    """What takes rows away in the end: HAVING, LIMIT, OFFSET."""

    @property
    def narrowing(self) -> list[Condition]:
        """The conditions that an answer must meet, in their order."""
        return [it for it in (*self.conditions, self.ending) if it is not None and it.narrows]

    def asking(self, kept: Sequence[Condition]) -> str:
        """Return the query with some of the conditions, and with all optional parts."""
        body = "\n".join(it.text for it in self.conditions if not it.narrows or it in kept)
        return f"{self.prologue}SELECT * {self.graphs}{{\n{body}\n}}"

    def counting(self, kept: Sequence[Condition]) -> str:
        inner = replace(self, prologue="", graphs="").asking(kept)
        count = f"SELECT (COUNT(*) AS ?n) {self.graphs}"
        return f"{self.prologue}{count}{{ {{ {inner} LIMIT {MOST_COUNTED} }} }}"

    def is_whole(self, kept: Sequence[Condition]) -> bool:
        """Return whether some conditions with the ending are the query itself, which is empty."""
        return self.ending in kept and len(kept) == len(self.narrowing)


def read(query: str) -> OwnQuery:
    """Return a query divided into conditions; raise Unread if it has another structure."""
    query = decoded(query)
    every = [*tokens(query)]
    form = next((n for n, it in enumerate(every) if it.word in _FORMS), None)
    where = next((n for n, it in enumerate(every) if it.word == "WHERE"), form)
    if form is None or where is None:
        raise Unread
    opening = next((n for n in range(where, len(every)) if every[n].text == "{"), None)
    if opening is None:
        raise Unread
    closing = _closing(every, opening)
    inside, after = every[opening + 1 : closing], every[closing + 1 :]
    if inside and inside[0].word == "SELECT":
        raise Unread
    froms = [it for it in every[form:opening] if it.word == "FROM"]
    last = every[where] if every[where].word == "WHERE" else every[opening]
    graphs = query[froms[0].start : last.start] if froms else ""
    conditions = tuple(_conditions(query, inside))
    ends = any(it.word in _ENDS for it in after)
    ending = Condition(query[after[0].start : after[-1].end], is_pattern=False) if ends else None
    return OwnQuery(query[: every[form].start], graphs, conditions, ending)


def _closing(every: Sequence[Token], opening: int) -> int:
    depth = 0
    for n in range(opening, len(every)):
        if every[n].kind == "sign":
            depth += (every[n].text in _OPENED) - (every[n].text in _OPENED.values())
            if not depth:
                return n
    raise Unread


def _conditions(query: str, inside: Sequence[Token]) -> Iterator[Condition]:
    at = 0
    while at < len(inside):
        token, start = inside[at], inside[at].start
        if token.text == ".":
            at += 1
        elif token.word in _BLOCKS or token.text == "{":
            at = _after_block(inside, at)
            text = query[start : inside[at - 1].end]
            is_pattern = token.word not in _TAKES_AWAY
            yield Condition(text, token.word not in _ADDS, is_pattern)
        else:
            end = _after_triples(inside, at)
            yield from _triples(query, inside[at:end])
            at = end


def _after_block(inside: Sequence[Token], at: int) -> int:
    """Return the place after a filter, a group, or groups that are a choice."""
    opens = ("{",) if inside[at].word in ("VALUES", "GRAPH") else ("{", "(")
    opening = next((n for n in range(at, len(inside)) if inside[n].text in opens), None)
    if opening is None:
        raise Unread
    at = _closing(inside, opening) + 1
    while at + 1 < len(inside) and inside[at].word == "UNION":
        at = _closing(inside, at + 1) + 1
    return at


def _after_triples(inside: Sequence[Token], at: int) -> int:
    """Return the position after patterns that share a subject."""
    while at < len(inside):
        token = inside[at]
        if token.text == "." or token.word in _BLOCKS or token.text == "{":
            break
        at = _closing(inside, at) + 1 if token.text in _OPENED else at + 1
    return at


def _triples(query: str, part: Sequence[Token]) -> Iterator[Condition]:
    """Yield each pattern of some that share a subject, or a property too, as a whole one."""

    def text(first: int, after: int) -> str:
        return query[part[first].start : part[after - 1].end]

    if any(it.text in "<>" for it in part):
        raise Unread  # a triple as a term
    at = _after_term(part, 0)
    subject = text(0, at)
    if at == len(part):
        yield Condition(f"{subject} .")
    while at < len(part):
        if part[at].text == ";":
            at += 1
            continue
        first, at = at, _after_path(part, at)
        path = text(first, at)
        while at < len(part) and part[at].text != ";":
            start = at + 1 if part[at].text == "," else at
            at = _after_term(part, start)
            yield Condition(f"{subject} {path} {text(start, at)} .")


def _after_term(part: Sequence[Token], at: int) -> int:
    if at >= len(part):
        raise Unread
    at = _closing(part, at) + 1 if part[at].text in _OPENED else at + 1
    if at < len(part) and part[at - 1].kind in ("string", "long"):
        if part[at].kind == "language":
            return at + 1
        if part[at].text == "^":  # ^^ and a datatype
            return at + 3
    if part[at - 1].text in ("+", "-") and part[at - 1].kind == "sign":
        return at + 1
    return at


def _after_path(part: Sequence[Token], at: int) -> int:
    while at < len(part):
        while at < len(part) and part[at].text in ("^", "!"):
            at += 1
        if at >= len(part):
            raise Unread
        at = _closing(part, at) + 1 if part[at].text in _OPENED else at + 1
        while at < len(part) and part[at].kind == "sign" and part[at].text in "*+?":
            at += 1
        if at >= len(part) or part[at].text not in ("/", "|"):
            return at
        at += 1
    raise Unread


def why_empty(view: GraphView, query: str, store: Store) -> EmptyAnswer:
    """Return which condition makes the answer of a query empty, and which documents are silent.

    If the query cannot be divided, or time is over, only the silences are returned.
    """
    silences = shown_silences(view, silences_of_query(view.queries, query))
    until = time.monotonic() + SECONDS

    def count(kept: Sequence[Condition]) -> int | None:
        if not kept:
            return None
        if time.monotonic() > until:
            raise Unread
        if own.is_whole(kept) or not any(it.is_pattern for it in kept):
            return 0
        return _number(store, own.counting(kept))

    def address(kept: Sequence[Condition]) -> str:
        return view.addresses.query(own.asking(kept))

    try:
        own = read(query)
        asked = [AskedCondition(it, "", Node(it.said)) for it in own.narrowing]
        found = empty_answer(asked, count, address, (), silences)
    except (Unread, Refused, QueryError):
        return EmptyAnswer(silences=silences)
    broken = found.broken_by and found.broken_by.condition
    broken_by = next((it for it in asked if it is broken), None)
    return replace(found, takes_away=bool(broken_by and not broken_by.key.is_pattern))


def counted_alone(query: str, store: Store) -> Iterator[tuple[str, int | None]]:
    """Yield the conditions of a query, each with how many matches it has alone.

    None for a filter, and where time is over.
    """
    until = time.monotonic() + SECONDS
    with suppress(Unread):
        own = read(query)
        for it in own.conditions:
            matches = None
            if it.is_pattern and time.monotonic() < until:
                with suppress(Refused, QueryError):
                    matches = _number(store, own.counting([it]))
            yield it.said, matches


def facts_of_row(query: str, row: Solutions, store: Store) -> tuple[Triple, ...]:
    """Return the facts that a row of an answer may rest on, by the patterns of the query.

    Variables that are not columns are looked up, if the query can be divided.
    """
    known = {
        name: term
        for name, term in zip(row.variables, *row.rows, strict=True)
        if isinstance(term, NamedNode | Literal)
    }
    found = Solutions((*known,), (tuple(known.values()),))
    names, terms = " ".join(f"?{name}" for name in known), " ".join(map(str, known.values()))
    with suppress(Unread, Refused, QueryError):
        own = read(query)
        whole = own.asking(own.narrowing)
        found = store.select(f"{whole} LIMIT {MOST_SOLUTIONS} VALUES ({names}) {{ ({terms}) }}")
    facts = chain.from_iterable(shown_facts(decoded(query), found))
    return tuple(dict.fromkeys(it for it in facts if isinstance(it.object, NamedNode | Literal)))


def _number(store: Store, query: str) -> int:
    ((number,),) = store.select(query).rows
    assert isinstance(number, Literal)
    return int(number.value)
