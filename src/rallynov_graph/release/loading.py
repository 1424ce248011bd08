"""The loading of a release into a SPARQL server: graph by graph; it may break off and be run again.

Graphs are sent by the SPARQL 1.1 Graph Store HTTP Protocol where the server has it beside its
queries (Oxigraph, Virtuoso, Fuseki, RDF4J, Neptune), by updates elsewhere. The server keeps a
record of each graph: its name, and once it is complete its content's hash. A graph with the right
record is not sent again.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import EndpointError, Failure, ReleaseError
from rallynov_graph.base.namespaces import LOADED, MERGED
from rallynov_graph.questions.datasets import of_server, queries_about, records
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

SECONDS: Final = 120.0
"""How long one request may take."""
_TRIPLES_AT_ONCE: Final = 5000
"""So many triples of one graph are sent at once, by updates a thousand: Virtuoso takes 4990."""
_BYTES_AT_ONCE: Final = 512 * 1024
"""So many bytes are, where one triple has no more: nginx passes on 1 MiB."""
_GRAPHS_AT_ONCE: Final = 50
"""After so many graphs it is recorded that they are complete; Virtuoso takes 200 steps at once."""


@dataclass(frozen=True)
class LoadCounts:
    """The counts of a load: the graphs that the server has, and those that were sent or removed."""

    graphs: int
    sent: int
    removed: int
    triples: int
    """Those of all named graphs; the default graph has each distinct one once more."""


def load(
    release: Release,
    server: Server,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    seconds: float = SECONDS,
) -> LoadCounts:
    """Load a release into a server, and remove from it the graphs of an earlier one.

    Raises EndpointError where the server fails (another run resumes), ReleaseError where its
    default graph has triples that we did not load, unless these may be replaced. Each request may
    take so many seconds.
    """
    return _Loading(release, server, progress, seconds).run(replace)


class _Loading:
    """The loading of one release into one server."""

    def __init__(
        self, release: Release, server: Server, progress: Progress | None, seconds: float
    ) -> None:
        self._release, self._server, self._progress = release, server, progress
        self._seconds, self._done = seconds, 0
        self._total = release.manifest.counts["triples"] + release.manifest.counts["quads"]
        self._store = EmbeddedStore.of_release(release)
        self._sizes = {MERGED: self._store.default_size()}
        """How many triples each graph of the release has."""
        self._queries = queries_about(RemoteStore(server, timeout=seconds))

    def run(self, replace: bool) -> LoadCounts:
        by_updates = not self._server.has_graph_store(self._seconds)
        self._at_once = 1000 if by_updates else _TRIPLES_AT_ONCE
        wanted = {graph: self._hash(graph) for graph in sorted(self._store.graphs())}
        graphs = [*wanted]
        wanted[MERGED] = self._release.id
        known = records(self._queries.store)
        ours = known.keys() | wanted.keys()
        there = {graph for graph in wanted if known.get(graph) == wanted[graph]}
        self._done = sum(self._sizes[graph] for graph in there)
        default_graph = self._begin(ours, {it: wanted[it] for it in there}, replace)
        sent = [graph for graph in graphs if graph not in there]
        for some in _batches(sent, _GRAPHS_AT_ONCE):
            for graph in some:
                self._put(graph, self._lines(graph))
            self._add_records(wanted, some)
        if MERGED not in there:
            self._put(default_graph, self._lines(None))
            self._add_records(wanted, [MERGED])
        removed = sorted(known.keys() - {*wanted, LOADED})  # earlier versions recorded LOADED
        for some in _batches(removed, _GRAPHS_AT_ONCE):
            drops = " ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in some)
            self._server.update(drops, seconds=self._seconds)
        self._verify(graphs, wanted)
        self._put_records(wanted, wanted)
        triples = sum(self._sizes[graph] for graph in graphs)
        return LoadCounts(len(graphs), len(sent), len(removed), triples)

    def _begin(self, ours: Iterable[str], complete: dict[str, str], replace: bool) -> str | None:
        """Record which graphs are ours, and which of them stay; return where the default one goes.

        That is None where the server has one of its own, else the graph that stands for it.
        """
        is_marked = self._queries.ask("holds", graph=NamedNode(LOADED))
        in_use = not is_marked and self._queries.ask("has_triples")
        self._put_records(ours, complete)
        if self._queries.ask("is_told", graph=Literal(MERGED)):
            return MERGED
        if in_use and not replace:
            self._server.update(f"DROP SILENT GRAPH <{LOADED}>", seconds=self._seconds)
            raise ReleaseError(
                f"The default graph of {self._server.url} holds what was not loaded from here: "
                "name an empty dataset, or let it be replaced by --replace."
            )
        return None

    def _put_records(self, graphs: Iterable[str], complete: dict[str, str]) -> None:
        """Write all records anew: these graphs, and the hashes of those that are complete."""
        names = (f"{_record(it)} <{LOADED}#graph> {Literal(it)} ." for it in sorted(graphs))
        self._put(LOADED, names, is_of_release=False)
        self._add_records(complete, complete)

    def _add_records(self, hashes: dict[str, str], graphs: Iterable[str]) -> None:
        """Record that graphs are complete."""
        said = (f"{_record(it)} <{LOADED}#content> {Literal(hashes[it])} ." for it in graphs)
        self._put(LOADED, said, adds=True, is_of_release=False)

    def _put(
        self,
        graph: str | None,
        lines: Iterable[str],
        *,
        adds: bool = False,
        is_of_release: bool = True,
    ) -> None:
        """Give a graph these triples, beside what it has or in its place."""
        for part in _parts(lines, self._at_once):
            content = "\n".join(part)
            self._server.put(graph, content, adds=adds, seconds=self._seconds)
            adds = True
            if is_of_release and self._progress is not None:
                self._done += len(part)
                self._progress(min(self._done, self._total), self._total)

    def _lines(self, graph: str | None) -> list[str]:
        """Return the triples of a graph of the release, or of its default graph, in order."""
        name = DefaultGraph() if graph is None else NamedNode(graph)
        triples = [quad.triple for quad in self._store.quads(graph=name)]
        for triple in triples:
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                raise ReleaseError(
                    f"A blank node is in {triple}: it would be another one in each part."
                )
        return sorted(f"{triple} ." for triple in triples)

    def _hash(self, graph: str) -> str:
        lines = self._lines(graph)
        self._sizes[graph] = len(lines)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _verify(self, graphs: list[str], wanted: dict[str, str]) -> None:
        """Raise EndpointError where the server lacks triples, or has more of them.

        All are counted. The default graph is right where it has as many triples as ours, and each
        one of the named graphs.
        """
        dataset = of_server(self._server, self._seconds)
        served = queries_about(RemoteStore(self._server, dataset=dataset, timeout=self._seconds))
        counted = _counted(self._queries, "sizes", graphs)
        lost = {graph for graph in graphs if counted.get(graph, 0) != self._sizes[graph]}
        current = [graph for graph in graphs if is_current(NamedNode(graph))]
        missing = _counted(served, "missing_from_default_graph", current)
        of_default = _number(served.rows("size_of_default_graph").rows[0][0])
        lost |= {graph for graph, triples in missing.items() if triples}
        if lost or of_default != self._sizes[MERGED]:
            lost.add(MERGED)
            self._put_records(wanted, {it: wanted[it] for it in wanted if it not in lost})
            others = f" and {len(lost) - 1} more graphs" if len(lost) > 1 else ""
            raise EndpointError(
                f"{self._server.url} has not kept all that was put into {min(lost)}{others}: "
                "load it again.",
                Failure.BROKEN,
            )


def _record(graph: str) -> str:
    """Return the record of a graph: a thing apart, so that nothing is said of the graph itself."""
    return f"<{LOADED}#{hashlib.sha256(graph.encode()).hexdigest()}>"


def _batches(graphs: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(graphs)
    while some := [*islice(remaining, size)]:
        yield some


def _parts(lines: Iterable[str], most: int) -> Iterator[list[str]]:
    """Yield triples in parts that fit into a request; one, where there are none."""
    part: list[str] = []
    size = 0
    for line in lines:
        if part and (len(part) >= most or size + len(line) > _BYTES_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(line)
        size += len(line)
    yield part


def _counted(queries: PageQueries, query: str, graphs: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for some in _batches(graphs, 4 * _GRAPHS_AT_ONCE):
        for node, triples in queries.rows(query, graph=[NamedNode(it) for it in some]).rows:
            if not isinstance(node, NamedNode):
                words = f"The server names a graph by {node}, which is no IRI."
                raise EndpointError(words, Failure.STRANGE)
            counted[node.value] = _number(triples)
    return counted


def _number(term: object) -> int:
    if isinstance(term, Literal) and term.value.isdecimal():
        return int(term.value)
    raise EndpointError(f"The server counts {term} triples, which is no number.", Failure.STRANGE)
