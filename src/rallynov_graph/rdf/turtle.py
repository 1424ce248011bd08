"""Turtle and TriG as texts: tokens and statements with their positions, and edits.

It covers what curators write: no triple terms, and brackets are kept as a whole. Everything that is
not removed or changed stays as written.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import urljoin

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import PREFIXES

TYPE: Final = f"{PREFIXES['rdf']}type"
_QUOTED: Final = r'''(?:"""(?:[^"\\]++|\\.|"(?!""))*+"""|\'\'\'(?:[^'\\]++|\\.|'(?!\'\'))*+\'\'\'
    |"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')'''
_TOKEN: Final = re.compile(
    rf"""(?P<literal>{_QUOTED}
          (?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^(?:<[^<>\s]*>|[\w:%\-·](?:[\w:%\-·.]*[\w:%\-·])?))?)
      |(?P<comment>\#[^\n]*)
      |(?P<iri><[^<>"{{}}|^`\s]*>)
      |(?P<word>@?(?:[\w:%\-·+]|\\[!-/:;=?@_~]|\.(?=[\w:%\-]))+)
      |(?P<mark>[.;,{{}}\[\]()])
      |(?P<space>\s+)
      |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_LITERAL: Final = re.compile(rf"({_QUOTED})(?:@(\S+))?", re.VERBOSE | re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPED_SIGN: Final = re.compile(r"\\(.)")
_BRACKETED: Final = re.compile(r"<([^<>\s]+)>")
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PREFIX_WORDS: Final = ("@prefix", "prefix")
_DECLARATIONS: Final = (*_PREFIX_WORDS, "@base", "base")
_OPENING: Final = {"[": "]", "(": ")"}
_NO_TERMS: Final = (".", ";", ",", "{", "}", "]", ")")


class TurtleToken(NamedTuple):
    """A token of the text (literal, iri, word, mark or other) with its position."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


TurtleTerm = tuple[TurtleToken, ...]
"""The tokens of a term: one, or those from a bracket to the one that closes it."""


@dataclass
class StatementText:
    """One statement: the positions of its predicate and object, and the marks after it."""

    verb: TurtleTerm
    object: TurtleTerm
    marks: list[TurtleToken] = field(default_factory=list)


@dataclass
class SubjectBlock:
    """A subject with all its statements, up to the full stop."""

    subject: TurtleTerm
    leaves: list[StatementText]


@dataclass
class GraphBlock:
    """A graph, or a statement outside all braces, which has no label and no span."""

    label: TurtleToken | None
    blocks: Iterator[SubjectBlock]
    """They are read while they are iterated, once."""
    span: tuple[int, int] | None = None
    """From its name to its closing brace, once its blocks are read."""


class LineNumbers:
    """The line numbers of a text; positions must be asked in increasing order."""

    def __init__(self, text: str) -> None:
        self._text, self._line, self._counted_to = text, 1, 0

    def line(self, start: int) -> int:
        """Return the line, from 1, of a position after those asked before."""
        self._line += self._text.count("\n", self._counted_to, start)
        self._counted_to = start
        return self._line


def tokens(text: str) -> Iterator[TurtleToken]:
    """Yield the tokens of a text without its comments; unknown characters are ``other``."""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind is not None and kind not in ("space", "comment"):
            yield TurtleToken(kind, found[0], found.start())


def declared_prefixes(text: str) -> dict[str, str]:
    read = tokens(text)
    found = {}
    for token in read:
        if token.text.lower() in _PREFIX_WORDS:
            name, iri = next(read, None), next(read, None)
            if name and iri and iri.kind == "iri":
                found[name.text.removesuffix(":")] = iri.text[1:-1]
    return found


def text_and_language(literal: TurtleToken) -> tuple[str, str]:
    found = _LITERAL.match(literal.text)
    assert found is not None
    quotes = 3 if found[1][:3] in ('"""', "'''") else 1
    return _ESCAPE.sub(_character, found[1][quotes:-quotes]), (found[2] or "").lower()


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


class TurtleReader:
    """Reads the graphs of a text, once.

    A strict reader raises RallynovError where it does not understand the text; another one skips
    that part.
    """

    def __init__(self, text: str, base: str = "", *, strict: bool = True) -> None:
        self._text, self._base, self._strict = text, base, strict
        self._prefixes: dict[str, str] = {}
        self._tokens = (t for t in tokens(text) if strict or t.kind != "other")
        self._ahead: deque[TurtleToken] = deque()

    def graphs(self) -> Iterator[GraphBlock]:
        """Yield each graph; a statement outside of graphs is a graph of its own."""
        while (token := self._peek()) is not None:
            word = token.text.lower()
            if word in _DECLARATIONS:
                self._declare()
                continue
            is_named = word in ("{", "graph") or self._is_next("{", 1)
            graph = self._graph() if is_named else GraphBlock(None, self._understood())
            yield graph
            for _ in graph.blocks:
                pass

    def iri(self, term: TurtleTerm) -> str:
        """Return the IRI of a term, or the empty string."""
        if len(term) != 1:
            return ""
        kind, text, _ = term[0]
        if kind == "iri":
            return self._absolute(text[1:-1])
        prefix, colon, local = text.partition(":")
        if kind != "word" or not colon or prefix not in self._prefixes:
            return ""
        return self._prefixes[prefix] + _ESCAPED_SIGN.sub(r"\1", local)

    def predicate(self, verb: TurtleTerm) -> str:
        """Return the IRI of a predicate, which may be written ``a``."""
        return TYPE if verb[0].text == "a" else self.iri(verb)

    def is_iri(self, term: TurtleTerm, iri: str) -> bool:
        """Whether a term is this IRI; raise RallynovError if the IRI is only inside the term."""
        if len(term) > 1 and any(self.iri((token,)) == iri for token in term):
            raise self._error(term[0], "the thing stands within brackets")
        return self.iri(term) == iri

    def shortened(self, written: str) -> str:
        """Return terms with the IRIs in angle brackets shortened by the prefixes read so far."""
        return _BRACKETED.sub(lambda found: self._short(found[1]), written)

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            local = iri.removeprefix(namespace)
            if iri.startswith(namespace) and _LOCAL.fullmatch(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def _absolute(self, iri: str) -> str:
        return iri if ":" in iri else urljoin(self._base, iri)

    def _declare(self) -> None:
        word, name = self._next().text, self._next().text
        if "prefix" in word.lower():
            self._prefixes[name.removesuffix(":")] = self._absolute(self._next().text[1:-1])
        else:
            self._base = self._absolute(name[1:-1])
        if word.startswith("@"):
            self._next()

    def _graph(self) -> GraphBlock:
        start = self._next()
        label = None if start.text == "{" else start
        if start.text.lower() == "graph":
            label = self._next()
        if start.text != "{" and (brace := self._next()).text != "{":
            raise self._error(brace, "a brace is missing")

        def blocks() -> Iterator[SubjectBlock]:
            while not self._is_next("}"):
                yield from self._understood()
            graph.span = (start.start, self._next().end)

        graph = GraphBlock(label, blocks())
        return graph

    def _understood(self) -> Iterator[SubjectBlock]:
        """Yield the next block if it is understood; a strict reader raises otherwise."""
        try:
            yield self._block()
        except RallynovError:
            if self._strict or self._peek() is None:
                raise
            while not self._is_next("}") and self._next().text != ".":
                pass

    def _block(self) -> SubjectBlock:
        block = SubjectBlock(self._term(), [])
        verb: TurtleTerm | None = None
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

    def _term(self) -> TurtleTerm:
        term = [self._next()]
        if term[0].text in _NO_TERMS:
            raise self._error(term[0], f"{term[0].text} stands where a term is expected")
        closing = [_OPENING[term[0].text]] if term[0].text in _OPENING else []
        while closing:
            term.append(token := self._next())
            if token.text in _OPENING:
                closing.append(_OPENING[token.text])
            elif token.text == closing[-1]:
                closing.pop()
        return tuple(term)

    def _peek(self, ahead: int = 0) -> TurtleToken | None:
        """Return a token ahead; None after the end of the text."""
        while len(self._ahead) <= ahead:
            if (token := next(self._tokens, None)) is None:
                return None
            self._ahead.append(token)
        return self._ahead[ahead]

    def _is_next(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token is not None and token.text == text

    def _next(self) -> TurtleToken:
        if self._peek() is None:
            raise RallynovError("the text ends in the middle of a statement")
        token = self._ahead.popleft()
        if token.kind == "other":
            raise self._error(token, f"{token.text} is not understood")
        return token

    def _error(self, token: TurtleToken, reason: str) -> RallynovError:
        return RallynovError(f"line {line_of(self._text, token.start)}: {reason}")


def line_of(text: str, at: int) -> int:
    """Return the line, from 1, of a position of a text."""
    return text.count("\n", 0, at) + 1


OtherObject = Callable[[str, str, str], str | None]
"""Returns what is written in place of an object, None for the same: subject, predicate, object.

Subject and predicate are IRIs; the object is an IRI in angle brackets, or a literal as it is
written.
"""
_INDENT: Final = "    "


@dataclass(frozen=True)
class RemovedStatement:
    """A removed statement, its terms as written."""

    line: int
    subject: str
    predicate: str
    object: str
    is_about_thing: bool
    """Whether the thing is the subject or the graph; else the statement only mentions it."""


def changed(text: str, other: OtherObject, added: Mapping[str, str]) -> str:
    """Return a text with other objects, and with statements added after those of a thing.

    ``added`` has them by the IRI of that thing, with full IRIs, which are shortened with the text's
    prefixes. Raises RallynovError if the text is not understood.
    """
    reader = TurtleReader(text)
    edits: list[tuple[int, int, str]] = []
    left = dict(added)
    for block in (block for graph in reader.graphs() for block in graph.blocks):
        subject = reader.iri(block.subject)
        for leaf in block.leaves:
            verb, written = reader.predicate(leaf.verb), reader.iri(leaf.object)
            value = f"<{written}>" if written else leaf.object[0].text
            new = other(subject, verb, value) if subject and verb else None
            if new is not None:
                edits.append((leaf.object[0].start, leaf.object[-1].end, reader.shortened(new)))
        if block.leaves and block.leaves[-1].marks and subject in left:
            end = block.leaves[-1].marks[-1].end
            statements = reader.shortened(left.pop(subject))
            lines = "".join(f"\n{_INDENT}{line}" for line in statements.splitlines())
            edits.append((end, end, f"\n{lines}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def without_iri(text: str, iri: str) -> tuple[str, tuple[RemovedStatement, ...]]:
    """Return a text without the statements that contain an IRI, and these statements.

    Raises RallynovError if the text is not understood well enough.
    """
    reader, eraser = TurtleReader(text), _Eraser(text)
    removed: list[RemovedStatement] = []
    for graph in reader.graphs():
        is_whole_graph = graph.label is not None and reader.iri((graph.label,)) == iri
        is_empty, is_left = True, False
        for block in graph.blocks:
            is_about_thing = is_whole_graph or reader.is_iri(block.subject, iri)
            gone = [
                leaf
                for leaf in block.leaves
                if is_about_thing
                or any(reader.is_iri(term, iri) for term in (leaf.verb, leaf.object))
            ]
            removed += (_removed_statement(text, block, leaf, is_about_thing) for leaf in gone)
            if gone:
                eraser.remove(block, gone)
            is_empty, is_left = False, is_left or not gone or len(gone) < len(block.leaves)
        if graph.span and (is_whole_graph or not (is_empty or is_left)):
            eraser.erase(*graph.span)
    return eraser.text(), tuple(removed)


class _Eraser:
    """Records the characters to remove and to replace."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._removed = bytearray(len(text))
        self._replacements: dict[int, str] = {}

    def text(self) -> str:
        """Return the remaining text, without lines from which everything was removed."""
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

    def erase(self, start: int, end: int) -> None:
        self._removed[start:end] = b"\1" * (end - start)

    def remove(self, block: SubjectBlock, gone: list[StatementText]) -> None:
        """Remove statements of a subject, and adjust the marks of the remaining ones."""
        remaining = [leaf for leaf in block.leaves if leaf not in gone]
        if not remaining:
            last = block.leaves[-1]
            self.erase(block.subject[0].start, (last.marks or last.object)[-1].end)
            return
        verbs = {leaf.verb for leaf in remaining}
        for leaf in gone:
            if leaf.verb not in verbs:
                self._erase_term(leaf.verb)
            for term in (leaf.object, *((mark,) for mark in leaf.marks)):
                self._erase_term(term)
        for leaf, following in zip(remaining, [*remaining[1:], None], strict=True):
            same_verb = following is not None and following.verb == leaf.verb
            self._end_with("," if same_verb else ";" if following else ".", leaf)

    def _erase_term(self, term: TurtleTerm) -> None:
        self.erase(term[0].start, term[-1].end)

    def _end_with(self, mark: str, leaf: StatementText) -> None:
        if mark in (found.text for found in leaf.marks) or not leaf.marks:
            return
        position = leaf.marks[0].start
        needs_space = mark != "," and not self._text[position - 1].isspace()
        self._replacements[position] = f" {mark}" if needs_space else mark
        for extra in leaf.marks[1:]:
            self.erase(extra.start, extra.end)


def _squeezed(line: str) -> str:
    """Return a line without the gaps that were left in it."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + re.sub(r" {2,}", " ", line.strip()) if '"' not in line else line.rstrip()


def _removed_statement(
    text: str, block: SubjectBlock, leaf: StatementText, is_about_thing: bool
) -> RemovedStatement:
    def text_of(term: TurtleTerm) -> str:
        return " ".join(text[term[0].start : term[-1].end].split())

    line = line_of(text, leaf.object[0].start)
    return RemovedStatement(
        line, text_of(block.subject), text_of(leaf.verb), text_of(leaf.object), is_about_thing
    )
