"""Queries asked of one named graph, in the place of a server's default graph.

Where a default graph is the union of all graphs, each triple counts once for every graph that has
it, and what is superseded counts too. There one graph holds what the default graph shall be, and
each query is asked inside ``GRAPH <that> { … }``. By SPARQL 1.1, section 18.6, this graph is then
the active one in everything within: sub-selects, paths, EXISTS. Only GRAPH takes another.
"""

from dataclasses import dataclass

from rallynov_graph.rdf.tokens import Token, decoded, form_of, named_iris, tokens

_THING, _PROPERTY, _VALUE = "?describedThing", "?describedProperty", "?describedValue"


@dataclass(frozen=True)
class GraphScope:
    """The graph that stands for the default one, and those that no variable is bound to."""

    graph: str
    hidden: tuple[str, ...] = ()

    def scoped(self, query: str) -> "ScopedQuery":
        """Return a query as it is asked within the graph; one that is not closed, as it is.

        A DESCRIBE becomes the CONSTRUCT of all that the graph says of the things.
        """
        text = decoded(query) if _is_escaped(query) else query
        if form_of(text) == "DESCRIBE":
            text = _construct_of(text)
        scoping = _Scoping(self, text)
        scoped = scoping.text()
        return ScopedQuery(query, scoped, tuple(scoping.inserted) if text == query else None)


@dataclass(frozen=True)
class ScopedQuery:
    """A query and what is asked in its place."""

    query: str
    text: str
    insertions: tuple[tuple[int, str], ...] | None = ()
    """Where something was put into the query, in order; None where it was written anew."""

    def position(self, line: int, column: int | None) -> tuple[int | None, int | None]:
        """Return the line and column of the query for those of the text; None where unknown.

        Its lines are those of the text, unless more than one was put in at once.
        """
        lines = self.query.split("\n")
        is_same = self.insertions is not None and not any("\n" in it for _, it in self.insertions)
        if not is_same or not 0 < line <= len(lines):
            return None, None
        if column is None:
            return line, None
        start, shift = sum(len(it) + 1 for it in lines[: line - 1]), 0
        for at, added in self.insertions or ():
            begins = at - start + 1 + shift
            if at < start or begins > column:
                continue
            if column < begins + len(added):
                return line, at - start + 1
            shift += len(added)
        return line, column - shift


def graphs_named_by(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the default and the named graphs that a query has after FROM.

    A request names them beside the query: Oxigraph's server forgets FROM where its default graph
    is the union of all.
    """
    default, named, words = [], [], ["", ""]
    for token, iri in named_iris(decoded(query)):
        if iri and words[1] == "FROM":
            default.append(iri)
        elif iri and words == ["FROM", "NAMED"]:
            named.append(iri)
        words = [words[1], token.word]
    return tuple(default), tuple(named)


class _Scoping:
    """The reading of one query, brace by brace, and what is put into it."""

    def __init__(self, scope: GraphScope, query: str) -> None:
        self._query = query
        self._begin = f" GRAPH <{scope.graph}> {{"
        self._excluded = ", ".join(f"<{graph}>" for graph in scope.hidden)
        self.inserted: list[tuple[int, str]] = []
        self._ends: list[tuple[str, str]] = []
        """What is put before and after the brace that closes each open group."""
        self._read = [Token("", "", 0)] * 2
        self._is_data = False
        self._pattern_alone: tuple[int, int] | None = None
        """Of a CONSTRUCT without a template, where WHERE and its pattern begin."""

    def text(self) -> str:
        """Return the query with all insertions; as it is where its braces do not match."""
        for token in tokens(self._query):
            if token.text == "{":
                self._open(token)
            elif token.text == "}":
                if not self._ends:
                    return self._unchanged()
                self._close(token)
            elif token.word == "VALUES":
                self._is_data = True
            self._read = [self._read[1], token]
        if self._ends:
            return self._unchanged()
        self.inserted.sort(key=lambda one: one[0])
        pieces, start = [], 0
        for at, words in self.inserted:
            pieces += [self._query[start:at], words]
            start = at
        return "".join(pieces) + self._query[start:]

    def _unchanged(self) -> str:
        self.inserted = []
        return self._query

    def _open(self, brace: Token) -> None:
        before, after = "", ""
        earlier, last = self._read
        is_data = self._is_data or (last.word == "CONSTRUCT" and not self._ends)
        if not (self._ends or is_data):
            self.inserted.append((brace.start + 1, self._begin))
            before = " }"
            if (earlier.word, last.word) == ("CONSTRUCT", "WHERE"):
                self._pattern_alone = last.start, brace.start
        elif earlier.word == "GRAPH" and last.kind == "variable" and self._excluded:
            after = f" FILTER({last.text} NOT IN ({self._excluded}))"
        self._is_data = False
        self._ends.append((before, after))

    def _close(self, brace: Token) -> None:
        before, after = self._ends.pop()
        if before:
            self.inserted.append((brace.start, before))
            if self._pattern_alone is not None:
                where, start = self._pattern_alone
                self.inserted.append((where, f"{self._query[start : brace.start + 1]} "))
                self._pattern_alone = None
        if after:
            self.inserted.append((brace.start + 1, after))


def _is_escaped(query: str) -> bool:
    """Return whether a query has a code point escape in what is neither a text nor an IRI."""
    return "\\" in query and any(
        "\\" in token.text and token.kind not in ("string", "long", "iri")
        for token in tokens(query)
    )


def _construct_of(query: str) -> str:
    """Return the CONSTRUCT of what is said of the things that a DESCRIBE names or finds.

    As each engine describes things its own way, and reads all graphs for it, that is left to none.
    """
    prologue, things, start = _head_of_describe(query)
    pattern = query[start:]
    if "*" in things:
        things = sorted({t.text for t in tokens(pattern) if t.kind == "variable"})
    named = [thing for thing in things if thing[0] not in "?$"]
    branches = [f"VALUES {_THING} {{ {' '.join(named)} }}"] if named else []
    branches += [
        f"{{ SELECT ({thing} AS {_THING}) {pattern}\n}} FILTER(BOUND({_THING}))"
        for thing in things
        if thing not in named
    ]
    union = " UNION ".join(f"{{ {branch} }}" for branch in branches)
    said = f"{_THING} {_PROPERTY} {_VALUE}"
    return f"{prologue}CONSTRUCT {{ {said} }} WHERE {{ {union} {said} }}"


def _head_of_describe(query: str) -> tuple[str, list[str], int]:
    """Return the prologue of a DESCRIBE, the things that it names, and where the rest begins."""
    prologue, things = "", list[str]()
    is_named = False
    for token in tokens(query):
        if is_named and (token.kind == "word" or token.text == "{"):
            return prologue, things, token.start
        if is_named:
            things.append(token.text)
        elif token.word == "DESCRIBE":
            prologue, is_named = query[: token.start], True
    return prologue, things, len(query)
