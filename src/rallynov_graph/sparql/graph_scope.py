"""Run queries on one named graph in place of a server's default graph.

If a default graph is the union of all graphs, each triple counts once for every graph that has it,
and superseded ones count too. On such a server, a named graph has the content of our default graph,
and each query runs inside ``GRAPH <that> { … }``. By SPARQL 1.1, section 18.6, this graph is then
the active one for everything inside: sub-selects, paths, EXISTS. Only GRAPH selects another.
"""

from dataclasses import dataclass

from rallynov_graph.rdf.tokens import Token, decoded, form_of, named_iris, tokens

_NONE = Token("", "", 0)
_THING, _PROPERTY, _VALUE = "?describedThing", "?describedProperty", "?describedValue"


@dataclass(frozen=True)
class GraphScope:
    """The graph that replaces the default one, and those that no variable may be bound to."""

    graph: str
    hidden: tuple[str, ...] = ()

    def scoped(self, query: str) -> "ScopedQuery":
        """Return a query as it runs inside the graph; unchanged if its braces do not match.

        A DESCRIBE becomes the CONSTRUCT of all statements about the things in the graph.
        """
        text = decoded(query)
        if form_of(text) == "DESCRIBE":
            text = _construct_of(text)
        inserted = self._insertions(text)
        pieces, start = [], 0
        for at, words in inserted:
            pieces += [text[start:at], words]
            start = at
        scoped = "".join((*pieces, text[start:]))
        return ScopedQuery(query, scoped, inserted if text == query else None)

    def _insertions(self, query: str) -> tuple[tuple[int, str], ...]:
        """Return the insertions into a query, in order; none if its braces do not match."""
        excluded = ", ".join(f"<{graph}>" for graph in self.hidden)
        inserted: list[tuple[int, str]] = []
        groups: list[tuple[bool, str]] = []
        """Of each open brace, whether it opens a pattern of the query, and what is put after it."""
        earlier, last, is_data = _NONE, _NONE, False
        start, where = 0, None
        """Of a CONSTRUCT without a template, where its pattern and the word WHERE begin."""
        for token in tokens(query):
            if token.text == "{":
                is_pattern = not (groups or is_data or last.word == "CONSTRUCT")
                if is_pattern:
                    inserted.append((token.end, f" GRAPH <{self.graph}> {{"))
                    start = token.start
                    where = last.start if earlier.word == "CONSTRUCT" else None
                is_any = earlier.word == "GRAPH" and last.kind == "variable" and excluded
                groups.append(
                    (is_pattern, f" FILTER({last.text} NOT IN ({excluded}))" if is_any else "")
                )
                is_data = False
            elif token.text == "}":
                if not groups:
                    return ()
                is_pattern, after = groups.pop()
                if is_pattern:
                    inserted.append((token.start, " }"))
                    if where is not None:
                        inserted.append((where, f"{query[start : token.end]} "))
                elif after:
                    inserted.append((token.end, after))
            elif token.word == "VALUES":
                is_data = True
            earlier, last = last, token
        return () if groups else tuple(sorted(inserted, key=lambda one: one[0]))


@dataclass(frozen=True)
class ScopedQuery:
    """A query and the query that runs in its place."""

    query: str
    text: str
    insertions: tuple[tuple[int, str], ...] | None = ()
    """Where something was put into the query, in order; None if it was written anew."""

    def position(self, line: int, column: int | None) -> tuple[int | None, int | None]:
        """Return the line and column in the original query; None if unknown.

        Lines stay the same, unless an insertion has more than one.
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
    """Return the default and the named graphs in a query's FROM clauses.

    The request also has to name them: Oxigraph's server ignores FROM if its default graph is the
    union of all graphs.
    """
    default, named, words = [], [], ["", ""]
    for token, iri in named_iris(decoded(query)):
        if iri and words[1] == "FROM":
            default.append(iri)
        elif iri and words == ["FROM", "NAMED"]:
            named.append(iri)
        words = [words[1], token.word]
    return tuple(default), tuple(named)


def _construct_of(query: str) -> str:
    """Return the CONSTRUCT of all statements about the things that a DESCRIBE names or finds.

    Each engine describes things in its own way and reads all graphs for it, so DESCRIBE is never
    sent.
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
    """Return the prologue of a DESCRIBE, its named things, and where the rest begins."""
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
