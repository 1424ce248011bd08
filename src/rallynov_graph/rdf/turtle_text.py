"""Turtle and TriG as texts: statements are taken out, and everything else stays as it is written.

Understood is what curators write: no triple terms; brackets are kept or go as a whole.
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
_OPENING: Final = {"[": "]", "(": ")"}


@dataclass(frozen=True)
class Token:
    """A piece of the text and where it stands."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Taken:
    """A statement that was taken out, its terms as they were written."""

    line: int
    subject: str
    predicate: str
    object: str
    is_about_it: bool
    """Whether the thing is the subject, or the graph; else it is only mentioned."""


@dataclass
class _Leaf:
    """One statement: where its predicate and object stand, and the marks that follow it."""

    verb: tuple[Token, ...]
    object: tuple[Token, ...]
    marks: list[Token] = field(default_factory=list)
    gone: bool = False


@dataclass
class _Block:
    """A subject with everything that is said of it, to the full stop."""

    subject: tuple[Token, ...]
    leaves: list[_Leaf]


@dataclass
class _Graph:
    """A graph from its name to its closing brace; None is outside of all braces."""

    label: Token | None
    span: tuple[int, int] | None
    blocks: list[_Block]


def without(text: str, iri: str) -> tuple[str, tuple[Taken, ...]]:
    """Return a text without the statements that name an IRI in any place, and these statements.

    Raises RallynovError where the text is not understood well enough.
    """
    reader = _GraphReader(text)
    graphs = [*reader.graphs()]
    taken: list[Taken] = []
    eraser = _Eraser(text)
    for graph in graphs:
        whole = graph.label is not None and reader.iri(graph.label) == iri
        for block in graph.blocks:
            about = whole or reader.is_it(block.subject, iri)
            for leaf in block.leaves:
                leaf.gone = about or any(reader.is_it(t, iri) for t in (leaf.verb, leaf.object))
                if leaf.gone:
                    taken.append(_taken(text, block, leaf, about))
        eraser.take_out(graph, whole)
    return eraser.text(), tuple(taken)


class _GraphReader:
    """Goes through the tokens of a text once and gives its graphs."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._prefixes: dict[str, str] = {}
        found = (Token(str(m.lastgroup), m[0], m.start()) for m in _TOKEN.finditer(text))
        self._tokens = [t for t in found if t.kind not in ("space", "comment")]
        self._at = 0

    def graphs(self) -> Iterator[_Graph]:
        """Yield each graph, and each statement outside of one as a graph of its own."""
        while (token := self._peek()) is not None:
            word = token.text.lower()
            if word in ("@prefix", "prefix", "@base", "base"):
                self._declare()
            elif word == "{" or word == "graph" or self._peek(1, "{"):
                yield self._graph()
            else:
                yield _Graph(None, None, [self._block()])

    def iri(self, token: Token) -> str | None:
        """Return the IRI that a token stands for."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        if token.kind != "word" or not colon or prefix not in self._prefixes:
            return None
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def is_it(self, term: tuple[Token, ...], iri: str) -> bool:
        """Whether a term is this IRI; raise RallynovError where it is only somewhere inside."""
        if len(term) == 1:
            return self.iri(term[0]) == iri
        if any(self.iri(token) == iri for token in term):
            raise self._riddle(term[0], "the thing stands within brackets")
        return False

    def _graph(self) -> _Graph:
        start = self._next()
        label = None if start.text == "{" else start
        if start.text.lower() == "graph":
            label = self._next()
        if start.text != "{" and (brace := self._next()).text != "{":
            raise self._riddle(brace, "a brace is missing")
        blocks = []
        while not self._peek(0, "}"):
            blocks.append(self._block())
        return _Graph(label, (start.start, self._next().end), blocks)

    def _block(self) -> _Block:
        block = _Block(self._term(), [])
        verb: tuple[Token, ...] | None = None
        while True:
            token = self._peek()
            if token is None or token.text == "}":
                return block
            if token.text in (".", ";", ","):
                if not block.leaves:
                    raise self._riddle(token, "a statement is not complete")
                block.leaves[-1].marks.append(self._next())
                if token.text == ".":
                    return block
                verb = None if token.text == ";" else verb
                continue
            verb = verb or self._term()
            block.leaves.append(_Leaf(verb, self._term()))

    def _term(self) -> tuple[Token, ...]:
        """Return the tokens of a term: one, or those from a bracket to the one that closes it."""
        tokens = [self._next()]
        if tokens[0].text in (".", ";", ",", "{", "}", "]", ")"):
            raise self._riddle(tokens[0], f"{tokens[0].text} stands where a term is expected")
        open_ones = [_OPENING[tokens[0].text]] if tokens[0].text in _OPENING else []
        while open_ones:
            tokens.append(token := self._next())
            if token.text in _OPENING:
                open_ones.append(_OPENING[token.text])
            elif token.text == open_ones[-1]:
                open_ones.pop()
        return tuple(tokens)

    def _declare(self) -> None:
        word = self._next().text
        name = self._next().text
        if "prefix" in word.lower():
            self._prefixes[name.removesuffix(":")] = self._next().text[1:-1]
        if word.startswith("@"):
            self._next()

    def _peek(self, ahead: int = 0, text: str | None = None) -> Token | None:
        """Return the token so far ahead, if it is there and is that text."""
        token = self._tokens[at] if (at := self._at + ahead) < len(self._tokens) else None
        return token if token is not None and text in (None, token.text) else None

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise RallynovError("the text ends in the middle of a statement")
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "other":
            raise self._riddle(token, f"{token.text} is not understood")
        return token

    def _riddle(self, token: Token, reason: str) -> RallynovError:
        return RallynovError(f"line {_line(self._text, token.start)}: {reason}")


class _Eraser:
    """Notes which characters go, and which become others."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._gone = bytearray(len(text))
        self._other: dict[int, str] = {}

    def take_out(self, graph: _Graph, whole: bool) -> None:
        """Take out what is gone from a graph, and the graph with it if nothing is left."""
        left = [block for block in graph.blocks if not all(leaf.gone for leaf in block.leaves)]
        if graph.span and (whole or (graph.blocks and not left)):
            self._erase(*graph.span)
            return
        for block in graph.blocks:
            if block in left:
                self._thin(block)
            else:
                self._erase(block.subject[0].start, _end(block.leaves[-1]))

    def text(self) -> str:
        """Return what is left; no line is left with nothing but what stood around it."""
        lines: list[str] = []
        start = 0
        dropped = False
        for line in self._text.splitlines(keepends=True):
            end = start + len(line)
            left = "".join(
                self._other.get(at, self._text[at])
                for at in range(start, end)
                if not self._gone[at]
            )
            touched = any(self._gone[start:end])
            start = end
            if touched and not left.strip():
                dropped = True
                continue
            if dropped and not left.strip() and (not lines or not lines[-1].strip()):
                continue
            dropped = False
            lines.append(f"{_squeezed(left)}\n" if touched and left.endswith("\n") else left)
        return "".join(lines)

    def _thin(self, block: _Block) -> None:
        """Take out some statements of a subject; the marks that are left fit what is left."""
        kept = [leaf for leaf in block.leaves if not leaf.gone]
        for verb in {id(leaf.verb): leaf.verb for leaf in block.leaves if leaf.gone}.values():
            if all(leaf.gone for leaf in block.leaves if leaf.verb is verb):
                self._erase(verb[0].start, verb[-1].end)
        for leaf in block.leaves:
            if leaf.gone:
                self._erase(leaf.object[0].start, leaf.object[-1].end)
                for mark in leaf.marks:
                    self._erase(mark.start, mark.end)
        for leaf, following in zip(kept, [*kept[1:], None], strict=True):
            same_verb = following is not None and following.verb is leaf.verb
            self._end_with("," if same_verb else ";" if following else ".", leaf)

    def _end_with(self, mark: str, leaf: _Leaf) -> None:
        if mark in (found.text for found in leaf.marks) or not leaf.marks:
            return
        at = leaf.marks[0].start
        glued = mark != "," and not self._text[at - 1].isspace()
        self._other[at] = f" {mark}" if glued else mark
        for more in leaf.marks[1:]:
            self._erase(more.start, more.end)

    def _erase(self, start: int, end: int) -> None:
        self._gone[start:end] = b"\1" * (end - start)


def _end(leaf: _Leaf) -> int:
    return leaf.marks[-1].end if leaf.marks else leaf.object[-1].end


def _squeezed(line: str) -> str:
    """Return a line without the gaps that were left in it."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + re.sub(r" {2,}", " ", line.strip()) if '"' not in line else line.rstrip()


def _taken(text: str, block: _Block, leaf: _Leaf, about: bool) -> Taken:
    def written(term: tuple[Token, ...]) -> str:
        return " ".join(text[term[0].start : term[-1].end].split())

    line = _line(text, leaf.object[0].start)
    return Taken(line, written(block.subject), written(leaf.verb), written(leaf.object), about)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
