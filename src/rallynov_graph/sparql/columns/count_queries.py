"""The queries whose counts are worked out on columns: groups of what triple patterns match.

They are whole queries, or sub-queries of others, which SPARQL evaluates by themselves. Any query
that is not understood to the last token is left to the engine, errors too: what is read here is the
part of SPARQL that can have no other meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf.tokens import Token, tokens

LONGEST: Final = 20_000
"""Longer queries, in characters, are left to the engine."""
_NAME: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)?:([A-Za-z0-9_]([A-Za-z0-9_.:-]*[\w:-])?)?")
_TYPE: Final = f"<{PREFIXES['rdf']}type>".encode()
_AFTER_TRIPLES: Final = ("}", "GRAPH", "OPTIONAL", "VALUES")
_PATHS: Final = frozenset("/|^+*?!(")


class _NotCounted(Exception):
    """The query is left to the engine."""


@dataclass(frozen=True)
class Variable:
    """A variable by its name, without the sign in front."""

    name: str


Slot = Variable | bytes
"""A variable, or a term as N-Triples write it."""


@dataclass(frozen=True)
class TriplePattern:
    """A triple pattern; one without a graph matches the default graph."""

    subject: Slot
    predicate: Slot
    object: Slot
    graph: Slot | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The predicate, the subject, the object, and the graph if there is one."""
        slots = (self.predicate, self.subject, self.object)
        return slots if self.graph is None else (*slots, self.graph)

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(slot.name for slot in self.slots if isinstance(slot, Variable))


@dataclass(frozen=True)
class ListedValues:
    """The values that VALUES lists for a variable, each once."""

    variable: Variable
    terms: tuple[bytes, ...]

    @property
    def variables(self) -> frozenset[str]:
        """The name of its variable."""
        return frozenset({self.variable.name})


@dataclass(frozen=True)
class Count:
    """A column of counts: of solutions, or of a variable's values, each of them once or not."""

    name: str
    variable: str | None = None
    distinct: bool = False


@dataclass(frozen=True)
class Counting:
    """A query that counts the matches of patterns by the values of some variables."""

    form: str
    """SELECT with what may follow it."""
    columns: tuple[str, ...]
    counts: tuple[Count, ...]
    patterns: tuple[TriplePattern | ListedValues, ...]
    groups: tuple[str, ...]
    tail: str
    """Order and limits, as they are written."""


@dataclass(frozen=True)
class CountingPart:
    """A part of a query's text that counts: the whole of it, or a sub-query between two braces."""

    start: int
    end: int
    counting: Counting


def read(query: str) -> tuple[CountingPart, ...]:
    """Return the parts of a query that count and are of this kind, in their order."""
    if len(query) > LONGEST or "\\" in query or "count" not in query.lower():
        return ()
    reader = _QueryTokens([*tokens(query)])
    try:
        reader.prologue()
    except _NotCounted:
        return ()
    try:
        return (CountingPart(0, len(query), reader.rest().query()),)
    except _NotCounted:
        return tuple(reader.rest().sub_queries())


_Bound = tuple[str, list[TriplePattern]]
"""A variable that has to be bound, and the optional part in front."""


class _QueryTokens:
    """The tokens of a query, read one by one."""

    def __init__(self, query_tokens: list[Token], prefixes: dict[str, str] | None = None) -> None:
        self._tokens = query_tokens
        self._at = 0
        self._prefixes = {} if prefixes is None else prefixes

    def prologue(self) -> None:
        """Read the prefixes."""
        while self._accepts("PREFIX"):
            self._prefix()

    def rest(self) -> _QueryTokens:
        """Return a reader of the tokens that are left."""
        return _QueryTokens(self._tokens[self._at :], self._prefixes)

    def sub_queries(self) -> Iterator[CountingPart]:
        """Yield those that stand in the outermost group by themselves, and count."""
        # Of what else there may be, FROM alone changes what they mean.
        if self._text() != "SELECT" or any(
            token.kind == "word" and token.text.upper() == "FROM" for token in self._tokens
        ):
            return
        opened: list[int] = []
        for place, token in enumerate(self._tokens):
            if token.kind == "sign" and token.text == "{":
                opened.append(place)
            elif token.kind == "sign" and token.text == "}" and opened:
                first = opened.pop()
                before = self._tokens[first - 1]
                if len(opened) == 1 and before.kind == "sign" and before.text in "{}.":
                    yield from self._between(first, place)

    def _between(self, first: int, last: int) -> Iterator[CountingPart]:
        """Yield what stands between two braces, if it is a query that counts."""
        try:
            counting = _QueryTokens(self._tokens[first + 1 : last], self._prefixes).query()
        except _NotCounted:
            return
        yield CountingPart(self._tokens[first].start + 1, self._tokens[last].start, counting)

    def query(self) -> Counting:
        """Return what a query counts whose prologue was read; raise _Other."""
        self._expect("SELECT")
        form = "SELECT DISTINCT" if self._accepts("DISTINCT") else "SELECT"
        columns, counts = self._selected()
        self._accepts("WHERE")
        patterns, bound = self._patterns()
        groups = self._groups()
        tail = self._tail({*groups, *(count.name for count in counts)})
        matched = frozenset[str]().union(*(pattern.variables for pattern in patterns))
        names = [count.name for count in counts]
        if (
            not counts
            or not _is_joined(patterns, bound)
            or not {*columns} - {*names} <= {*groups} <= matched
            or not {count.variable for count in counts if count.variable is not None} <= matched
            or matched & {*names}
            or len({*columns}) < len(columns)
            or len({*groups}) < len(groups)
        ):
            raise _NotCounted
        return Counting(form, columns, counts, patterns, groups, tail)

    def _prefix(self) -> None:
        name, iri = self._next("name").text, self._next("iri").text
        found = _NAME.fullmatch(name)
        if found is None or found[2]:
            raise _NotCounted
        self._prefixes[found[1] or ""] = _iri(iri[1:-1])

    def _selected(self) -> tuple[tuple[str, ...], tuple[Count, ...]]:
        columns, counts = [], []
        while True:
            if self._accepts("("):
                counts.append(self._count())
                columns.append(counts[-1].name)
            elif self._kind() == "variable":
                columns.append(self._variable().name)
            else:
                return tuple(columns), tuple(counts)

    def _count(self) -> Count:
        self._expect("COUNT", "(")
        distinct = self._accepts("DISTINCT")
        variable = None if not distinct and self._accepts("*") else self._variable().name
        self._expect(")", "AS")
        name = self._variable().name
        self._expect(")")
        return Count(name, variable, distinct)

    def _patterns(self) -> tuple[tuple[TriplePattern | ListedValues, ...], list[_Bound]]:
        """Return the patterns, and for each optional part the variable that has to be bound."""
        self._expect("{")
        found: list[TriplePattern | ListedValues] = []
        bound: list[_Bound] = []
        while not self._accepts("}"):
            if self._accepts("GRAPH"):
                found += self._braced(self._slot())
                self._accepts(".")
            elif self._accepts("OPTIONAL"):
                part = [*self._braced(None)]
                found += part
                bound.append((self._bound(), part))
            elif self._accepts("VALUES"):
                found.append(self._listed())
            else:
                found += self._triples(None)
                if self._text() not in _AFTER_TRIPLES:
                    raise _NotCounted
        return tuple(found), bound

    def _braced(self, graph: Slot | None) -> Iterator[TriplePattern]:
        self._expect("{")
        yield from self._triples(graph)
        self._expect("}")

    def _bound(self) -> str:
        """Return the variable of a FILTER that leaves only rows in which it is bound."""
        self._expect("FILTER", "(", "BOUND", "(")
        name = self._variable().name
        self._expect(")", ")")
        return name

    def _listed(self) -> ListedValues:
        variable, terms = self._variable(), []
        self._expect("{")
        while not self._accepts("}"):
            terms.append(self._slot())
        listed = [term for term in terms if isinstance(term, bytes)]
        if not terms or len({*listed}) < len(terms):
            raise _NotCounted
        return ListedValues(variable, tuple(listed))

    def _triples(self, graph: Slot | None) -> Iterator[TriplePattern]:
        """Yield what is written before the next brace or GRAPH: one triple at least."""
        while True:
            subject = self._slot()
            yield from self._of_subject(subject, graph)
            if not self._accepts(".") or self._text() in _AFTER_TRIPLES:
                return

    def _of_subject(self, subject: Slot, graph: Slot | None) -> Iterator[TriplePattern]:
        while True:
            predicate = self._predicate()
            yield TriplePattern(subject, predicate, self._slot(), graph)
            while self._accepts(","):
                yield TriplePattern(subject, predicate, self._slot(), graph)
            if not self._accepts(";"):
                return
            if self._text() in (".", "}", ";"):
                raise _NotCounted

    def _predicate(self) -> Slot:
        if self._kind() == "word" and self._tokens[self._at].text == "a":
            self._at += 1
            return _TYPE
        predicate = self._slot()
        if self._text() in _PATHS:
            raise _NotCounted
        return predicate

    def _groups(self) -> tuple[str, ...]:
        if not self._accepts("GROUP"):
            return ()
        self._expect("BY")
        groups = [self._variable().name]
        while self._kind() == "variable":
            groups.append(self._variable().name)
        return tuple(groups)

    def _tail(self, known: set[str]) -> str:
        words = []
        if self._accepts("ORDER"):
            self._expect("BY")
            words.append("ORDER BY")
            while (text := self._text()) in ("ASC", "DESC") or self._kind() == "variable":
                words.append(self._ordered(text, known))
            if len(words) == 1:
                raise _NotCounted
        for word in ("LIMIT", "OFFSET"):
            if self._accepts(word):
                words += [word, self._next("number").text]
                if not words[-1].isdecimal():
                    raise _NotCounted
        if self._at < len(self._tokens):
            raise _NotCounted
        return " ".join(words)

    def _ordered(self, text: str, known: set[str]) -> str:
        if self._kind() == "variable":
            direction, name = "ASC", self._variable().name
        else:
            self._expect(text, "(")
            direction, name = text, self._variable().name
            self._expect(")")
        if name not in known:
            raise _NotCounted
        return f"{direction}(?{name})"

    def _slot(self) -> Slot:
        match self._kind():
            case "variable":
                return self._variable()
            case "iri":
                return f"<{_iri(self._next('iri').text[1:-1])}>".encode()
            case "name":
                return f"<{self._named(self._next('name').text)}>".encode()
        raise _NotCounted

    def _named(self, text: str) -> str:
        found = _NAME.fullmatch(text)
        if found is None or (found[1] or "") not in self._prefixes or not text.isascii():
            raise _NotCounted
        return _iri(self._prefixes[found[1] or ""] + (found[2] or ""))

    def _variable(self) -> Variable:
        text = self._next("variable").text
        if not text.isascii():
            raise _NotCounted
        return Variable(text[1:])

    def _kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _text(self) -> str:
        """Return the next token, a word in capitals; nothing at the end."""
        if self._at == len(self._tokens):
            return ""
        token = self._tokens[self._at]
        return token.text.upper() if token.kind == "word" else token.text

    def _next(self, kind: str) -> Token:
        if self._kind() != kind:
            raise _NotCounted
        self._at += 1
        return self._tokens[self._at - 1]

    def _accepts(self, text: str) -> bool:
        is_next = self._text() == text
        self._at += is_next
        return is_next

    def _expect(self, *texts: str) -> None:
        for text in texts:
            if not self._accepts(text):
                raise _NotCounted


def _is_joined(patterns: tuple[TriplePattern | ListedValues, ...], bound: list[_Bound]) -> bool:
    """Return whether rows are the matches of all patterns together.

    What is optional is not if one of its variables has to be bound in the end, and nothing else
    could bind it. Values that are listed are for variables of triple patterns.
    """
    triples = [pattern for pattern in patterns if isinstance(pattern, TriplePattern)]
    matched = frozenset[str]().union(*(pattern.variables for pattern in triples))
    listed = [pattern.variable.name for pattern in patterns if isinstance(pattern, ListedValues)]
    for name, part in bound:
        inside = sum(name in pattern.variables for pattern in part)
        if not 0 < inside == sum(name in pattern.variables for pattern in patterns):
            return False
    return bool(triples) and {*listed} <= matched


def _iri(text: str) -> str:
    """Return an absolute IRI as it is."""
    try:
        return NamedNode(text).value
    except ValueError:
        raise _NotCounted from None
