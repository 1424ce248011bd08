"""Fill Oxigraph with a release, each current triple once in the default graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from pyoxigraph import Store as Oxigraph

from rallynov_graph.base.certainty import is_current, is_current_line
from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.rdf.canonical import QuadsOfFile

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_BYTES_AT_ONCE: Final = 4 << 20
"""How much of a release is turned into triples at a time."""
_BYTES_ON_DISK: Final = 60 << 20
"""How much of it is bulk-loaded on disk at a time, about 300,000 quads: more takes more memory."""
_AT_ONCE: Final = 200_000
"""How many triples of the default graph are made in one step.

At a million triples, steps of 50,000 take twice as long; one step for all takes 100 MB more.
"""


def of_release(data: Path, ontology: Path) -> Oxigraph:
    oxigraph, path = of_canonical(data), str(ontology)
    oxigraph.load(path=path, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(ONTOLOGY), lenient=True)
    oxigraph.load(path=path, format=RdfFormat.N_TRIPLES, lenient=True)
    return oxigraph


def of_canonical(data: Path) -> Oxigraph:
    """Return an engine in memory with canonical N-Quads, all of them in named graphs."""
    oxigraph = Oxigraph()
    # They were written by an engine of this kind: lenient reading saves a third. Bulk loading takes
    # as long, and at its peak half as much memory again.
    oxigraph.load(path=str(data), format=RdfFormat.N_QUADS, lenient=True)
    for lines in _in_parts(data, _BYTES_AT_ONCE):
        oxigraph.load(input=_without_graphs(lines), format=RdfFormat.N_TRIPLES, lenient=True)
    return oxigraph


def of_named_graphs(quads: Iterable[Quad]) -> Oxigraph:
    """Return an engine in memory with quads of named graphs, none of which has a blank node.

    Lines are loaded in a third of the time that the same quads take as Python objects.
    """
    oxigraph, rest = Oxigraph(), iter(quads)
    while written := serialize(islice(rest, _AT_ONCE), format=RdfFormat.N_QUADS):
        lines = written.splitlines(keepends=True)
        oxigraph.load(input=written, format=RdfFormat.N_QUADS, lenient=True)
        oxigraph.load(input=_without_graphs(lines), format=RdfFormat.N_TRIPLES, lenient=True)
    return oxigraph


def write(release: Release, folder: Path) -> None:
    """Write an engine's files for the same into a folder, optimised for reading; raise OSError."""
    oxigraph = Oxigraph(str(folder))
    for lines in _in_parts(release.data):
        oxigraph.bulk_load(input=b"".join(lines), format=RdfFormat.N_QUADS, lenient=True)
    oxigraph.bulk_load(
        path=str(release.ontology), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(ONTOLOGY)
    )
    with_all_in_default_graph(oxigraph)
    oxigraph.optimize()
    oxigraph.flush()


def _without_graphs(lines: Iterable[bytes]) -> bytes:
    """Return the current statements among lines of N-Quads as N-Triples.

    Each line names a graph, as its last term. To cut it off takes a tenth of the time of making a
    Python object of each statement.
    """
    split = (line.rsplit(b" ", 2) for line in lines)
    return b"".join(b"%s .\n" % triple for triple, graph, _ in split if is_current_line(graph))


def _in_parts(data: Path, size: int = _BYTES_ON_DISK) -> Iterator[list[bytes]]:
    with data.open("rb") as file:
        while lines := file.readlines(size):
            yield lines


def of_all(quads: Iterable[Quad], further: Iterable[Quad]) -> Oxigraph:
    """Return an engine in memory with quads, and a few further ones."""
    if not isinstance(quads, QuadsOfFile):
        oxigraph = Oxigraph()
        oxigraph.bulk_extend(chain(quads, further))
        return with_all_in_default_graph(oxigraph)
    oxigraph = of_canonical(quads.path)
    few = [*further]
    oxigraph.extend(few)
    oxigraph.extend(Quad(*it.triple) for it in few if is_current(it.graph_name))
    return oxigraph


def with_all_in_default_graph(oxigraph: Oxigraph) -> Oxigraph:
    """Return the store after filling its default graph with each distinct current triple once."""
    triples = _in_default_graph(oxigraph)
    while part := [*islice(triples, _AT_ONCE)]:
        oxigraph.bulk_extend(part)
    return oxigraph


def _in_default_graph(oxigraph: Oxigraph) -> Iterator[Quad]:
    names = filter(is_current, oxigraph.named_graphs())
    graphs = (oxigraph.quads_for_pattern(None, None, None, g) for g in names)
    return (Quad(q.subject, q.predicate, q.object) for q in chain.from_iterable(graphs))
