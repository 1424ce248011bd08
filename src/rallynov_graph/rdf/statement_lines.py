"""On which line each statement about some things stands, in the formats that people write."""

import gzip
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf import formats, locations

Value = tuple[str, str]
"""An object as far as lines are told apart by it: an IRI and ``<>``, or a text and its language."""

_TYPE: Final = f"{PREFIXES['rdf']}type"
_IRI: Final = "<>"
_LANGUAGE: Final = re.compile(r"@([A-Za-z]+(?:-[A-Za-z0-9]+)*)")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class StatementLine:
    """A statement, and the line on which its object is written."""

    path: Path
    line: int
    graph: str
    """The IRI of its graph; empty for the default graph."""
    subject: str
    predicate: str
    value: Value


def value_of(term: object) -> Value | None:
    """Return what an object is told apart by; None for a blank node."""
    if isinstance(term, NamedNode):
        return term.value, _IRI
    return (term.value, term.language or "") if isinstance(term, Literal) else None


def statement_lines(
    paths: Iterable[Path], subjects: Container[str]
) -> Mapping[str, list[StatementLine]]:
    """Return the lines of the statements about some things, by the IRI of each, in file order.

    XML and JSON-LD have none: there ``locations`` says where a thing is described.
    """
    found: dict[str, list[StatementLine]] = defaultdict(list)
    for path in paths:
        for line in _of_file(path, subjects):
            found[line.subject].append(line)
    return found


def _of_file(path: Path, subjects: Container[str]) -> Iterator[StatementLine]:
    form = formats.by_path(path)
    if form in (formats.RDF_XML, formats.JSON_LD):
        return iter(())
    content = path.read_bytes()
    if path.suffix.lower() == formats.COMPRESSED:
        content = gzip.decompress(content)
    if form in (formats.N_TRIPLES, formats.N_QUADS):
        return _in_lines(path, content, subjects)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return _InTurtle(path, subjects, path.resolve().as_uri()).read(text)


def _in_lines(path: Path, content: bytes, subjects: Container[str]) -> Iterator[StatementLine]:
    for number, line in enumerate(content.splitlines(), 1):
        iri = line[1 : line.find(b">")].decode("utf-8", "replace")
        if line.startswith(b"<") and iri in subjects:
            for quad in parse(line, format=RdfFormat.N_QUADS):
                graph = getattr(quad.graph_name, "value", "")
                if value := value_of(quad.object):
                    yield StatementLine(path, number, graph, iri, quad.predicate.value, value)


@dataclass
class _InTurtle:
    """A reader of Turtle and TriG that has been read without fault before."""

    path: Path
    subjects: Container[str]
    base: str
    graph: str = ""
    subject: str | None = None
    predicate: str | None = None
    depth: int = 0
    prefixes: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Iterator[StatementLine]:
        """Yield the statements about the things; those inside brackets are about nameless ones."""
        tokens = locations.tokens(text)
        line, counted_to = 1, 0
        for kind, token, start in tokens:
            if kind == "mark":
                self._mark(token)
            elif self.depth or (token.startswith("@") and self.subject is not None):
                continue
            elif self.subject is None:
                if token.lower() in locations.PREFIX_WORDS:
                    self.base = locations.declare(token, tokens, self.prefixes, self.base)
                elif token.lower() != "graph":
                    self.subject = self._iri(kind, token) or ""
            elif self.predicate is None:
                self.predicate = _TYPE if token == "a" else self._iri(kind, token) or ""
            elif self.subject in self.subjects and text[start - 2 : start] != "^^":
                line += text.count("\n", counted_to, start)
                counted_to = start
                value = self._value(kind, token, text, start)
                yield StatementLine(
                    self.path, line, self.graph, self.subject, self.predicate, value
                )

    def _mark(self, mark: str) -> None:
        self.depth += (mark in "[(") - (mark in "])")
        if self.depth:
            if self.subject is None:
                self.subject = ""
        elif mark == "{":
            self.graph, self.subject = self.subject or "", None
        elif mark in ".}":
            self.subject = self.predicate = None
            if mark == "}":
                self.graph = ""
        elif mark == ";":
            self.predicate = None

    def _iri(self, kind: str, token: str) -> str | None:
        return locations.full_iri(kind, token, self.prefixes, self.base)

    def _value(self, kind: str, token: str, text: str, start: int) -> Value:
        if kind == "string":
            quotes = 3 if len(token) >= 6 and token[:3] in ('"""', "'''") else 1
            language = _LANGUAGE.match(text, start + len(token))
            lexical = token[quotes:-quotes]
            if "\\" in lexical:
                lexical = _ESCAPE.sub(_character, lexical)
            return lexical, language[1].lower() if language else ""
        iri = self._iri(kind, token)
        return (iri, _IRI) if iri else (token, "")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
