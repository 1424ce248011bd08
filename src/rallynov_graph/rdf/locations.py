"""Where a node is described: the file, and the line on which it stands as a subject."""

import gzip
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

from rallynov_graph.rdf import formats

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML_BASE: Final = "http://www.w3.org/XML/1998/namespace base"
_TURTLE: Final = re.compile(
    r'''(?P<string>"""(?:[^"\\]++|\\.|"(?!""))*+"""|\'\'\'(?:[^'\\]++|\\.|'(?!\'\'))*+\'\'\'
        |"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')
      |(?P<comment>\#[^\n]*)
      |(?P<iri><[^<>"{}|^`\s]*>)
      |(?P<word>@?(?:[\w:%\-·]|\\[!-/:;=?@_~]|\.(?=[\w:%\-]))+)
      |(?P<mark>[.;,{}\[\]()])''',
    re.VERBOSE | re.DOTALL,
)
PREFIX_WORDS: Final = frozenset({"@prefix", "prefix", "@base", "base"})
"""The words that begin a declaration, in small letters."""


@dataclass(frozen=True)
class Location:
    """A line of a file."""

    path: Path
    line: int


def locate(paths: Iterable[Path], iris: Iterable[str]) -> dict[str, Location]:
    """Return, of each IRI that is described in a file, the first place where it is a subject."""
    wanted = set(iris)
    found: dict[str, Location] = {}
    for path in paths:
        if len(found) == len(wanted):
            break
        for iri, line in _subjects(path):
            if iri in wanted:
                found.setdefault(iri, Location(path, line))
    return found


def _subjects(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each subject's IRI and its line; what cannot be understood is passed over."""
    form = formats.by_path(path)
    content = path.read_bytes()
    if path.suffix.lower() == formats.COMPRESSED:
        content = gzip.decompress(content)
    base = path.resolve().as_uri()
    if form is formats.RDF_XML:
        return iter(_in_xml(content, base))
    if form in (formats.N_TRIPLES, formats.N_QUADS):
        return _in_lines(content)
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return _in_json(text, base) if form is formats.JSON_LD else _in_turtle(text, base)


def _in_lines(content: bytes) -> Iterator[tuple[str, int]]:
    """Yield the subjects of N-Triples or N-Quads, one statement a line."""
    for number, line in enumerate(content.splitlines(), 1):
        if line.startswith(b"<"):
            yield line[1 : line.find(b">")].decode("utf-8", "replace"), number


def _in_turtle(text: str, base: str) -> Iterator[tuple[str, int]]:
    """Yield the subjects of Turtle, TriG or Notation3."""
    prefixes: dict[str, str] = {}
    found = tokens(text)
    line, counted_to, expects_subject, depth = 1, 0, True, 0
    candidate: tuple[str, int] | None = None
    for kind, token, start in found:
        line += text.count("\n", counted_to, start)
        counted_to = start
        if candidate and token != "{":  # what stands before a brace is the name of a graph
            yield candidate
        candidate = None
        if kind == "mark":
            depth += (token in "[(") - (token in ")]")
            expects_subject = depth == 0 and (
                token in ".{}" or (expects_subject and token not in ";,")
            )
        elif expects_subject and not depth:
            word = token.lower()
            if word in PREFIX_WORDS:
                base = declare(token, found, prefixes, base)
            elif word != "graph":
                expects_subject = False
                iri = full_iri(kind, token, prefixes, base)
                candidate = (iri, line) if iri else None


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the words and signs of Turtle or TriG: the kind of each, its text, where it starts."""
    for match in _TURTLE.finditer(text):
        if match.lastgroup and match.lastgroup != "comment":
            yield match.lastgroup, match[0], match.start()


def declare(
    word: str, following: Iterator[tuple[str, str, int]], prefixes: dict[str, str], base: str
) -> str:
    """Read a prefix or base declaration; return the base that holds after it."""
    _, name, _ = next(following, ("", "", 0))
    if "base" in word.lower():
        return _absolute(name[1:-1], base)
    _, iri, _ = next(following, ("", "", 0))
    prefixes[name.removesuffix(":")] = _absolute(iri[1:-1], base)
    return base


def full_iri(kind: str, token: str, prefixes: dict[str, str], base: str) -> str | None:
    """Return the IRI that a token stands for, None where it stands for none."""
    if kind == "iri":
        return _absolute(token[1:-1], base)
    prefix, colon, local = token.partition(":")
    if not colon or prefix not in prefixes:
        return None
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _absolute(iri: str, base: str) -> str:
    return iri if ":" in iri else urljoin(base, iri)


def _in_xml(content: bytes, base: str) -> list[tuple[str, int]]:
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
    with suppress(expat.ExpatError):  # what was found before a fault stands
        parser.Parse(content, True)
    return found


def _in_json(text: str, base: str) -> Iterator[tuple[str, int]]:
    """Yield the ``@id`` of JSON-LD as written, whole or against the file's address."""
    line, counted_to = 1, 0
    for match in re.finditer(r'"(?:@id|id)"\s*:\s*"((?:[^"\\]|\\.)*)"', text):
        line += text.count("\n", counted_to, match.start())
        counted_to = match.start()
        iri = match[1]
        yield (iri if ":" in iri else urljoin(base, iri)), line
