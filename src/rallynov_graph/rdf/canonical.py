"""RDF written the same way each time: sorted, and with its prefixes in a fixed order."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Final, cast

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from rallynov_graph.errors import SourceError

AT_ONCE: Final = 200_000
"""How many statements are sorted in memory (in about 100 MB); the others wait on disk."""

_TURTLE_PREFIX: Final = b"@prefix "
_XML_ROOT: Final = re.compile(rb"<rdf:RDF((?: xmlns:[^>]*)?)>")
_XML_NAMESPACE: Final = re.compile(rb' xmlns:[^=]+="[^"]*"')
_STATEMENT: Final = re.compile(
    rb'(\S+ \S+ (?:<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?|<<\(.*\)>>))'
    rb" (?:(<[^>]*>|_:\S+) )?\.\n"
)
"""A line of canonical N-Quads: its triple, and its graph where it has one."""


@dataclass(frozen=True)
class Tally:
    """How much is in canonical N-Quads."""

    quads: int
    graphs: int
    triples: int
    """Each triple counts once, in however many graphs it is."""


def write_sorted(
    statements: Iterable[Quad | Triple],
    form: RdfFormat,
    path: Path,
    *,
    at_once: int = AT_ONCE,
) -> None:
    """Write statements as canonical N-Quads or N-Triples: sorted lines, each once.

    No more than so many at once are in memory; sorted parts lie beside the file meanwhile.
    """
    parts: list[Path] = []
    for number, lines in enumerate(_sorted_parts(statements, form, at_once)):
        parts.append(path.with_name(f"{path.name}-{number}"))
        with parts[-1].open("wb") as part:
            part.writelines(lines)
    with path.open("wb") as whole, ExitStack() as opened:
        before = b""
        for line in merge(*(opened.enter_context(part.open("rb")) for part in parts)):
            if line != before:
                whole.write(line)
            before = line
    for sorted_part in parts:
        sorted_part.unlink()


def _sorted_parts(
    statements: Iterable[Quad | Triple], form: RdfFormat, at_once: int
) -> Iterator[list[bytes]]:
    rest = cast("Iterator[Quad]", iter(statements))
    while written := serialize(islice(rest, at_once), format=form):
        yield sorted(set(written.splitlines(keepends=True)))


def tally(path: Path) -> Tally:
    """Return how much is in a file of canonical N-Quads."""
    quads = triples = 0
    graphs: set[bytes | None] = set()
    before = b""
    for triple, graph in statements_of(path):
        quads += 1
        triples += triple != before  # lines of one triple follow each other
        before = triple
        graphs.add(graph)
    return Tally(quads, len(graphs), triples)


def statements_of(path: Path) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the triple and the graph of each line of canonical N-Quads, as they are written."""
    with path.open("rb") as lines:
        for line in lines:
            found = _STATEMENT.fullmatch(line)
            if found is None:
                raise SourceError(str(path), f"a line is not canonical N-Quads: {line!r}")
            yield found[1], found[2]


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return triples as Turtle, by subject."""
    return written(sorted(set(triples), key=str), RdfFormat.TURTLE, prefixes)


def written(
    statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Return statements in the order they come in.

    The engine keeps prefixes in a hash map, so that they come in another order each time.
    """
    whole = serialize(statements, format=form, prefixes=dict(prefixes)) or b""
    if form == RdfFormat.RDF_XML:
        return _XML_ROOT.sub(_sorted_namespaces, whole, count=1)
    end = 0
    while whole.startswith(_TURTLE_PREFIX, end):
        end = whole.index(b"\n", end) + 1
    return b"".join(sorted(whole[:end].splitlines(keepends=True))) + whole[end:]


def _sorted_namespaces(root: re.Match[bytes]) -> bytes:
    return b"<rdf:RDF%s>" % b"".join(sorted(_XML_NAMESPACE.findall(root[1])))
