"""RDF in a reproducible form: sorted, with its prefixes in a fixed order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from rallynov_graph.base.certainty import is_current_line
from rallynov_graph.base.errors import SourceError

_AT_ONCE: Final = 200_000
"""How many statements are written in one piece, which is split into lines."""
_STATEMENT: Final = re.compile(
    rb'(\S+ \S+ (?:<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?|<<\(.*\)>>))'
    rb" (?:(<[^>]*>|_:\S+) )?\.\n"
)
"""A line of canonical N-Quads: its triple, and its graph if it has one."""


@dataclass(frozen=True)
class Tally:
    """The numbers of statements, graphs and things in canonical N-Quads."""

    quads: int
    graphs: int
    triples: int
    """Each triple that is current counts once, in however many graphs it is."""


@dataclass(frozen=True)
class QuadsOfFile:
    """The quads of a file of canonical N-Quads; it can be iterated several times."""

    path: Path

    def __iter__(self) -> Iterator[Quad]:
        return iter(parse(path=str(self.path), format=RdfFormat.N_QUADS))


def write_sorted(statements: Iterable[Quad | Triple], form: RdfFormat, path: Path) -> None:
    """Write statements as sorted canonical N-Quads or N-Triples, without duplicates."""
    rest, lines = cast("Iterator[Quad]", iter(statements)), set[bytes]()
    while written := serialize(islice(rest, _AT_ONCE), format=form):
        lines.update(written.splitlines(keepends=True))
    with path.open("wb") as file:
        file.writelines(sorted(lines))


def tally(path: Path) -> Tally:
    quads = triples = 0
    graphs: set[bytes | None] = set()
    before = b""
    for triple, graph in statements_of(path):
        quads += 1
        if is_current_line(graph):
            triples += triple != before  # lines of one triple follow each other
            before = triple
        graphs.add(graph)
    return Tally(quads, len(graphs), triples)


def statements_of(path: Path) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the triple and the graph of each line of canonical N-Quads, as text."""
    with path.open("rb") as lines:
        for line in lines:
            found = _STATEMENT.fullmatch(line)
            if found is None:
                raise SourceError(str(path), f"a line is not canonical N-Quads: {line!r}")
            yield found[1], found[2]


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    return written(sorted(set(triples), key=str), RdfFormat.TURTLE, prefixes)


def written(
    statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Return statements in a format, in the given order."""
    file = BytesIO()
    write(statements, form, prefixes, file)
    return file.getvalue()


def write(
    statements: Iterable[Quad] | Iterable[Triple],
    form: RdfFormat,
    prefixes: Mapping[str, str],
    file: IO[bytes],
) -> None:
    """Write statements in a format as they arrive, in the given order."""
    if form in (RdfFormat.TURTLE, RdfFormat.TRIG):
        lines = sorted(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
        file = cast("IO[bytes]", _PrefixesInOrder(file, "".join(lines).encode()))
    serialize(statements, file, format=form, prefixes=dict(prefixes))


class _PrefixesInOrder:
    """A file whose first lines, the prefixes, are sorted.

    The engine keeps them in a hash map, so their order varies.
    """

    def __init__(self, file: IO[bytes], prefixes: bytes) -> None:
        self._file, self._prefixes, self._left = file, prefixes, len(prefixes)
        self.flush = file.flush

    def write(self, piece: bytes) -> int:
        passed = min(self._left, len(piece))
        self._left -= passed
        if not self._left:
            self._file.write(self._prefixes + piece[passed:])
            self._prefixes = b""
        return len(piece)


def read_sorted(text: bytes, form: RdfFormat) -> tuple[Triple, ...]:
    """Return the triples of a text in order; its blank nodes always get the same names."""
    dataset = Dataset(parse(text, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted((quad.triple for quad in dataset), key=str))


class Statements:
    """Triples in order, and by subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._by_subject: dict[object, list[Triple]] = {}
        for triple in self.triples:
            self._by_subject.setdefault(triple.subject, []).append(triple)

    def names(self) -> Iterator[str]:
        return (thing.value for thing in self._by_subject if isinstance(thing, NamedNode))

    def about(self, thing: NamedNode) -> Iterator[Triple]:
        """Yield the triples about a thing, with those of the blank nodes that it leads to."""
        pending: list[object] = [thing]
        reached = set(pending)
        while pending:
            for triple in self._by_subject.get(pending.pop(), ()):
                yield triple
                if isinstance(triple.object, BlankNode) and triple.object not in reached:
                    reached.add(triple.object)
                    pending.append(triple.object)
