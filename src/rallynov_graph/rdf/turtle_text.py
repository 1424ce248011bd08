"""Turtle and TriG as texts: statements are removed, and everything else stays as it is written.

The part of TriG that curators write is understood: no triple terms; brackets are kept or removed as
a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.base.errors import RallynovError

_TOKEN: Final = re.compile(
    r'''(?P<literal>(?:"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'
          |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
          (?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^(?:<[^<>\s]*>|[\w:%\-·](?:[\w:%\-·.]*[\w:%\-·])?))?)
      |(?P<comment>\#[^\n]*)
      |(?P<iri><[^<>"{}|^`\s]*>)
      |(?P<word>@?(?:[\w:%\-·+]|\\[!-/:;=?@_~]|\.(?=[\w:%\-]))+)
      |(?P<mark>[.;,{}\[\]()])
      |(?P<space>\s+)
      |(?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)
_BRACKETED: Final = re.compile(r"<([^<>\s]+)>")
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OPENING: Final = {"[": "]", "(": ")"}


@dataclass(frozen=True)
class TurtleToken:
    """A piece of the text and where it stands."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class RemovedStatement:
    """A statement that was removed, its terms as they were written."""

    line: int
    subject: str
    predicate: str
    object: str
    is_about_thing: bool
    """Whether the thing is the subject or the graph; else the statement only mentions it."""


@dataclass
class StatementText:
    """One statement: where its predicate and object stand, and the marks that follow it."""

    verb: tuple[TurtleToken, ...]
    object: tuple[TurtleToken, ...]
    marks: list[TurtleToken] = field(default_factory=list)
    is_removed: bool = False


@dataclass
class SubjectBlock:
    """A subject with everything that is said of it, to the full stop."""

    subject: tuple[TurtleToken, ...]
    leaves: list[StatementText]


@dataclass
class GraphBlock:
    """A graph from its name to its closing brace; None is outside of all braces."""

    label: TurtleToken | None
    span: tuple[int, int] | None
    blocks: list[SubjectBlock]


def without_iri(text: str, iri: str) -> tuple[str, tuple[RemovedStatement, ...]]:
    """Return a text without the statements that name an IRI in any place, and these statements.

    Raises RallynovError where the text is not understood well enough.
    """
    reader = GraphReader(text)
    graphs = [*reader.graphs()]
    removed: list[RemovedStatement] = []
    eraser = _Eraser(text)
    for graph in graphs:
        is_whole_graph = graph.label is not None and reader.iri(graph.label) == iri
        for block in graph.blocks:
            is_about_thing = is_whole_graph or reader.is_iri(block.subject, iri)
            for leaf in block.leaves:
                leaf.is_removed = is_about_thing or any(
                    reader.is_iri(term, iri) for term in (leaf.verb, leaf.object)
                )
                if leaf.is_removed:
                    removed.append(_removed_statement(text, block, leaf, is_about_thing))
        eraser.remove_statements(graph, is_whole_graph)
    return eraser.text(), tuple(removed)


class GraphReader:
    """Reads the graphs of a text from its tokens, once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._prefixes: dict[str, str] = {}
        found = (TurtleToken(str(m.lastgroup), m[0], m.start()) for m in _TOKEN.finditer(text))
        self._tokens = [t for t in found if t.kind not in ("space", "comment")]
        self._at = 0

    def graphs(self) -> Iterator[GraphBlock]:
        """Yield each graph, and each statement outside of one as a graph of its own."""
        while (token := self._peek()) is not None:
            word = token.text.lower()
            if word in ("@prefix", "prefix", "@base", "base"):
                self._declare()
            elif word == "{" or word == "graph" or self._peek(1, "{"):
                yield self._graph()
            else:
                yield GraphBlock(None, None, [self._block()])

    def iri(self, token: TurtleToken) -> str | None:
        """Return the IRI that a token stands for."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        if token.kind != "word" or not colon or prefix not in self._prefixes:
            return None
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def shortened(self, written: str) -> str:
        """Return terms with the IRIs in angle brackets by the prefixes that were read so far."""
        return _BRACKETED.sub(lambda found: self._short(found[1]), written)

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            local = iri.removeprefix(namespace)
            if iri.startswith(namespace) and _LOCAL.fullmatch(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def is_iri(self, term: tuple[TurtleToken, ...], iri: str) -> bool:
        """Whether a term is this IRI; raise RallynovError where it is only somewhere inside."""
        if len(term) == 1:
            return self.iri(term[0]) == iri
        if any(self.iri(token) == iri for token in term):
            raise self._error(term[0], "the thing stands within brackets")
        return False

    def _graph(self) -> GraphBlock:
        start = self._next()
        label = None if start.text == "{" else start
        if start.text.lower() == "graph":
            label = self._next()
        if start.text != "{" and (brace := self._next()).text != "{":
            raise self._error(brace, "a brace is missing")
        blocks = []
        while not self._peek(0, "}"):
            blocks.append(self._block())
        return GraphBlock(label, (start.start, self._next().end), blocks)

    def _block(self) -> SubjectBlock:
        block = SubjectBlock(self._term(), [])
        verb: tuple[TurtleToken, ...] | None = None
        while True:
            token = self._peek()
            if token is None or token.text == "}":
                return block
            if token.text in (".", ";", ","):
                if not block.leaves:
                    raise self._error(token, "a statement is not complete")
                block.leaves[-1].marks.append(self._next())
                if token.text == ".":
                    return block
                verb = None if token.text == ";" else verb
                continue
            verb = verb or self._term()
            block.leaves.append(StatementText(verb, self._term()))

    def _term(self) -> tuple[TurtleToken, ...]:
        """Return the tokens of a term: one, or those from a bracket to the one that closes it."""
        tokens = [self._next()]
        if tokens[0].text in (".", ";", ",", "{", "}", "]", ")"):
            raise self._error(tokens[0], f"{tokens[0].text} stands where a term is expected")
        closing = [_OPENING[tokens[0].text]] if tokens[0].text in _OPENING else []
        while closing:
            tokens.append(token := self._next())
            if token.text in _OPENING:
                closing.append(_OPENING[token.text])
            elif token.text == closing[-1]:
                closing.pop()
        return tuple(tokens)

    def _declare(self) -> None:
        word = self._next().text
        name = self._next().text
        if "prefix" in word.lower():
            self._prefixes[name.removesuffix(":")] = self._next().text[1:-1]
        if word.startswith("@"):
            self._next()

    def _peek(self, ahead: int = 0, text: str | None = None) -> TurtleToken | None:
        """Return the token so far ahead, if it is there and is that text."""
        token = self._tokens[at] if (at := self._at + ahead) < len(self._tokens) else None
        return token if token is not None and text in (None, token.text) else None

    def _next(self) -> TurtleToken:
        if self._at >= len(self._tokens):
            raise RallynovError("the text ends in the middle of a statement")
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "other":
            raise self._error(token, f"{token.text} is not understood")
        return token

    def _error(self, token: TurtleToken, reason: str) -> RallynovError:
        return RallynovError(f"line {_line(self._text, token.start)}: {reason}")


class _Eraser:
    """Records which characters are removed, and which are replaced."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._removed = bytearray(len(text))
        self._replacements: dict[int, str] = {}

    def remove_statements(self, graph: GraphBlock, is_whole_graph: bool) -> None:
        """Erase a graph's removed statements, and the graph with them if nothing is left."""
        remaining = [
            block for block in graph.blocks if not all(leaf.is_removed for leaf in block.leaves)
        ]
        if graph.span and (is_whole_graph or (graph.blocks and not remaining)):
            self._erase(*graph.span)
            return
        for block in graph.blocks:
            if block in remaining:
                self._remove_some(block)
            else:
                self._erase(block.subject[0].start, _end(block.leaves[-1]))

    def text(self) -> str:
        """Return the text that is left, without lines from which everything was removed."""
        lines: list[str] = []
        start = 0
        dropped_line = False
        for line in self._text.splitlines(keepends=True):
            end = start + len(line)
            remaining = "".join(
                self._replacements.get(position, self._text[position])
                for position in range(start, end)
                if not self._removed[position]
            )
            is_changed = any(self._removed[start:end])
            start = end
            if is_changed and not remaining.strip():
                dropped_line = True
                continue
            if dropped_line and not remaining.strip() and (not lines or not lines[-1].strip()):
                continue
            dropped_line = False
            lines.append(
                f"{_squeezed(remaining)}\n"
                if is_changed and remaining.endswith("\n")
                else remaining
            )
        return "".join(lines)

    def _remove_some(self, block: SubjectBlock) -> None:
        """Erase some statements of a subject; the remaining marks fit the remaining statements."""
        remaining = [leaf for leaf in block.leaves if not leaf.is_removed]
        for verb in {id(leaf.verb): leaf.verb for leaf in block.leaves if leaf.is_removed}.values():
            if all(leaf.is_removed for leaf in block.leaves if leaf.verb is verb):
                self._erase(verb[0].start, verb[-1].end)
        for leaf in block.leaves:
            if leaf.is_removed:
                self._erase(leaf.object[0].start, leaf.object[-1].end)
                for mark in leaf.marks:
                    self._erase(mark.start, mark.end)
        for leaf, following in zip(remaining, [*remaining[1:], None], strict=True):
            same_verb = following is not None and following.verb is leaf.verb
            self._end_with("," if same_verb else ";" if following else ".", leaf)

    def _end_with(self, mark: str, leaf: StatementText) -> None:
        if mark in (found.text for found in leaf.marks) or not leaf.marks:
            return
        position = leaf.marks[0].start
        needs_space = mark != "," and not self._text[position - 1].isspace()
        self._replacements[position] = f" {mark}" if needs_space else mark
        for extra in leaf.marks[1:]:
            self._erase(extra.start, extra.end)

    def _erase(self, start: int, end: int) -> None:
        self._removed[start:end] = b"\1" * (end - start)


def _end(leaf: StatementText) -> int:
    return leaf.marks[-1].end if leaf.marks else leaf.object[-1].end


def _squeezed(line: str) -> str:
    """Return a line without the gaps that were left in it."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + re.sub(r" {2,}", " ", line.strip()) if '"' not in line else line.rstrip()


def _removed_statement(
    text: str, block: SubjectBlock, leaf: StatementText, is_about_thing: bool
) -> RemovedStatement:
    def text_of(term: tuple[TurtleToken, ...]) -> str:
        return " ".join(text[term[0].start : term[-1].end].split())

    line = _line(text, leaf.object[0].start)
    return RemovedStatement(
        line, text_of(block.subject), text_of(leaf.verb), text_of(leaf.object), is_about_thing
    )


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
