"""The file and line where a thing is described, and of each statement about it."""

import gzip
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.turtle import LineNumbers, TurtleReader, TurtleTerm, text_and_language

Value = tuple[str, str]
"""What identifies an object on a line: an IRI and ``<>``, or a text and its language."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML_BASE: Final = "http://www.w3.org/XML/1998/namespace base"
_ID: Final = re.compile(r'"(?:@id|id)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_IRI: Final = "<>"
_BY_LINES: Final = (formats.N_TRIPLES, formats.N_QUADS)


@dataclass(frozen=True)
class Location:
    path: Path
    line: int


@dataclass(frozen=True)
class StatementLine(Location):
    """A statement, and the line on which its object is written."""

    graph: str
    """The IRI of its graph; empty for the default graph."""
    subject: str
    predicate: str
    value: Value


def value_of(term: object) -> Value | None:
    """Return what identifies an object; None for a blank node."""
    if isinstance(term, NamedNode):
        return term.value, _IRI
    return (term.value, term.language or "") if isinstance(term, Literal) else None


def locate(paths: Iterable[Path], iris: Iterable[str]) -> dict[str, Location]:
    """Return for each IRI described in a file the first place where it is a subject."""
    wanted = set(iris)
    found: dict[str, Location] = {}
    for path in paths:
        if len(found) == len(wanted):
            break
        with suppress(RallynovError):  # what was found before a fault stays
            for iri, line in _subjects(path):
                if iri in wanted:
                    found.setdefault(iri, Location(path, line))
    return found


def statement_lines(
    paths: Iterable[Path], subjects: Container[str]
) -> Mapping[str, list[StatementLine]]:
    """Return the lines of the statements about some things, by the IRI of each, in file order.

    XML and JSON-LD have none: for these, ``locate`` gives the place of the thing.
    """
    found: dict[str, list[StatementLine]] = defaultdict(list)
    for path in paths:
        form = formats.by_path(path)
        if form in (formats.RDF_XML, formats.JSON_LD):
            continue
        statements = _statements_in_lines if form in _BY_LINES else _statements_in_turtle
        with suppress(RallynovError):
            for line in statements(path, subjects):
                found[line.subject].append(line)
    return found


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix.lower() == formats.COMPRESSED else content


def _text(path: Path) -> str:
    return _content(path).decode("utf-8", "replace").removeprefix("\ufeff")


def _subjects(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each subject's IRI and line; unreadable parts are skipped."""
    form, base = formats.by_path(path), path.resolve().as_uri()
    if form is formats.RDF_XML:
        return _in_xml(_content(path), base)
    if form in _BY_LINES:
        return _in_lines(_content(path))
    return _in_json(_text(path), base) if form is formats.JSON_LD else _in_turtle(_text(path), base)


def _in_lines(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield the subjects of N-Triples or N-Quads, one statement a line."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.startswith(b"<"):
            yield line[1 : line.find(b">")].decode("utf-8", "replace"), number


def _statements_in_lines(path: Path, subjects: Container[str]) -> Iterator[StatementLine]:
    content = _content(path)
    lines = content.splitlines()
    for iri, number in _in_lines(content):
        if iri in subjects:
            for quad in parse(lines[number - 1], format=RdfFormat.N_QUADS):
                graph = getattr(quad.graph_name, "value", "")
                if value := value_of(quad.object):
                    yield StatementLine(path, number, graph, iri, quad.predicate.value, value)


def _in_turtle(text: str, base: str) -> Iterator[tuple[str, int]]:
    """Yield the subjects of Turtle, TriG or Notation3."""
    reader, lines = TurtleReader(text, base, strict=False), LineNumbers(text)
    for block in (block for graph in reader.graphs() for block in graph.blocks):
        if iri := reader.iri(block.subject):
            yield iri, lines.line(block.subject[0].start)


def _statements_in_turtle(path: Path, subjects: Container[str]) -> Iterator[StatementLine]:
    """Yield the statements about the things; those inside brackets are about blank nodes."""
    text = _text(path)
    reader, lines = TurtleReader(text, path.resolve().as_uri(), strict=False), LineNumbers(text)
    for graph in reader.graphs():
        name = reader.iri((graph.label,)) if graph.label else ""
        for block in graph.blocks:
            subject = reader.iri(block.subject)
            for leaf in block.leaves if subject in subjects else ():
                if len(leaf.object) == 1:
                    line = lines.line(leaf.object[0].start)
                    predicate, value = reader.predicate(leaf.verb), _value(reader, leaf.object)
                    yield StatementLine(path, line, name, subject, predicate, value)


def _value(reader: TurtleReader, term: TurtleTerm) -> Value:
    if term[0].kind == "literal":
        return text_and_language(term[0])
    iri = reader.iri(term)
    return (iri, _IRI) if iri else (term[0].text, "")


def _in_xml(content: bytes, base: str) -> Iterator[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    bases = [base]

    def start(_name: str, attributes: dict[str, str]) -> None:
        bases.append(urljoin(bases[-1], attributes.get(_XML_BASE, "")))
        about = attributes.get(f"{_RDF} about")
        name = attributes.get(f"{_RDF} ID")
        if about is not None or name is not None:
            reference = about if about is not None else f"#{name}"
            iri = reference if ":" in reference else urljoin(bases[-1], reference)
            found.append((iri, parser.CurrentLineNumber))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: bases.pop() and None
    with suppress(expat.ExpatError):  # what was found before a fault stays
        parser.Parse(content, True)
    return iter(found)


def _in_json(text: str, base: str) -> Iterator[tuple[str, int]]:
    """Yield the ``@id`` values of JSON-LD, as written and resolved against the file's address."""
    lines = LineNumbers(text)
    for match in _ID.finditer(text):
        yield match[1] if ":" in match[1] else urljoin(base, match[1]), lines.line(match.start())
