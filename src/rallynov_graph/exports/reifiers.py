"""A release in RDF 1.2: each graph is a reifier of each of its statements.

``<graph> rdf:reifies <<( subject property object )>>`` keeps which graph states what without named
graphs; what is current is stated as well. So a store of RDF 1.2 has the default graph of ours, and
passages, voices and certainties of the graphs are those of the reifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Final, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.standings import is_current_line
from rallynov_graph.exports.statement_rows import with_progress
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_REIFIES: Final = NamedNode(f"{PREFIXES['rdf']}reifies")
_LINE: Final = f" {_REIFIES} <<( ".encode()


def write(release: Release, file: IO[bytes], progress: Progress | None = None) -> None:
    """Write a release as N-Triples of RDF 1.2, in the order of its data."""
    count = release.manifest.counts["triples"]
    file.writelines(with_progress(_lines(statements_of(release.data)), count, progress))


def quads(content: bytes) -> Iterator[Quad]:
    """Yield the quads of the release that was written so."""
    for found in parse(content, format=RdfFormat.N_TRIPLES, lenient=True):
        if found.predicate == _REIFIES and isinstance(found.object, Triple):
            triple = found.object
            graph = cast("NamedNode", found.subject)
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _lines(statements: Iterable[tuple[bytes, bytes | None]]) -> Iterator[bytes]:
    """Yield the lines of each distinct triple: itself where it is current, then its graphs."""
    for triple, found in groupby(statements, key=itemgetter(0)):
        graphs = [graph for _, graph in found]
        own = [triple + b" .\n"] if any(map(is_current_line, graphs)) else []
        reified = [graph + _LINE + triple + b" )>> .\n" for graph in graphs if graph is not None]
        yield b"".join([*own, *reified])
