"""Load a release into a SPARQL server, graph by graph; an interrupted load can be resumed.

A server that accepts quads (Oxigraph, Virtuoso, Fuseki, RDF4J) gets many graphs in a request, any
other server gets updates. The server keeps a record of each graph: its name, and the hash of its
content once it is complete. A graph with the right record is not sent again.
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
from rallynov_graph.sparql.remote_server import Server, Statement
from rallynov_graph.sparql.remote_store import RemoteStore

SECONDS: Final = 120.0
"""The time limit of a request."""
_ATTEMPTS: Final = 5
_CONTENT: Final = f"<{LOADED}#content>"
_QUADS_AT_ONCE: Final = 20_000, 8 << 20
"""The number of quads and bytes sent at once: with 100,000 quads, Virtuoso's threads lock."""
_TRIPLES_AT_ONCE: Final = 1000, 512 << 10
"""So many triples and bytes are in an update. Virtuoso takes 4990, nginx passes on 1 MiB."""
_GRAPHS_AT_ONCE: Final = 200
"""The number of graphs that are recorded as complete, or counted, at once."""
_STEPS_AT_ONCE: Final = 50
"""So many steps are in an update. Virtuoso takes 200 steps in one."""


@dataclass(frozen=True)
class LoadCounts:
    """The counts of a load: the server's graphs, and those that were sent or removed."""

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
    """Load a release into a server, and remove the graphs of an earlier one.

    Raises EndpointError if the server fails (another run resumes), ReleaseError if its default
    graph has triples that we did not load, unless they may be replaced. ``seconds`` bounds each
    request.
    """
    return _Loading(release, server, progress, seconds).run(replace)


class _Loading:
    """A load of one release into one server."""

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
        self._at_once = (
            _QUADS_AT_ONCE if self._server.takes_quads(self._seconds) else _TRIPLES_AT_ONCE
        )
        wanted = {graph: self._hash(graph) for graph in sorted(self._store.graphs())}
        graphs = [*wanted]
        wanted[MERGED] = self._release.id
        default_graph = self._begin(wanted, replace)
        known = records(self._queries.store)
        there = {graph for graph in wanted if known.get(graph) == wanted[graph]}
        self._done = sum(self._sizes[graph] for graph in there)
        self._forget([it for it in known if known[it] and it not in there], _CONTENT)
        sent = [graph for graph in graphs if graph not in there]
        for some in _batches(sent, _GRAPHS_AT_ONCE):
            in_use = _counted(self._queries, "sizes", some)
            self._run(f"DROP SILENT GRAPH <{graph}>" for graph in in_use)
            self._add((graph, line) for graph in some for line in self._lines(graph))
            self._add_records(wanted, some)
        if MERGED not in there:
            place = f"GRAPH <{default_graph}>" if default_graph else "DEFAULT"
            self._run([f"DROP SILENT {place}"])
            self._add((default_graph, line) for line in self._lines(""))
            self._add_records(wanted, [MERGED])
        removed = sorted(known.keys() - {*wanted, LOADED})  # earlier versions recorded LOADED
        self._run(f"DROP SILENT GRAPH <{graph}>" for graph in removed)
        self._forget(removed)
        self._verify(graphs)
        triples = sum(self._sizes[graph] for graph in graphs)
        return LoadCounts(len(graphs), len(sent), len(removed), triples)

    def _begin(self, graphs: Iterable[str], replace: bool) -> str:
        """Record that these graphs are ours; return the graph for the default graph's triples.

        It is the empty string if the server has a default graph of its own, else a named graph.
        """
        is_marked = self._queries.ask("holds", graph=NamedNode(LOADED))
        in_use = not is_marked and self._queries.ask("has_triples")
        names = (f"{_record(it)} <{LOADED}#graph> {Literal(it)} ." for it in graphs)
        self._add(((LOADED, line) for line in names), is_counted=False)
        if self._queries.ask("is_told", graph=Literal(MERGED)):
            return MERGED
        if in_use and not replace:
            self._run([f"DROP SILENT GRAPH <{LOADED}>"])
            raise ReleaseError(
                f"The default graph of {self._server.url} contains data that were not loaded "
                "from here: name an empty dataset, or replace them with --replace."
            )
        return ""

    def _add_records(self, hashes: dict[str, str], graphs: Iterable[str]) -> None:
        """Record that graphs are complete."""
        said = (f"{_record(it)} {_CONTENT} {Literal(hashes[it])} ." for it in graphs)
        self._add(((LOADED, line) for line in said), is_counted=False)

    def _forget(self, graphs: Iterable[str], what: str = "?property") -> None:
        """Remove the records of graphs, or one property of them."""
        self._run(
            f"DELETE WHERE {{ GRAPH <{LOADED}> {{ {_record(it)} {what} ?value }} }}"
            for it in graphs
        )

    def _run(self, updates: Iterable[str]) -> None:
        """Run updates that may be repeated, several in a request."""
        for some in _batches(updates, _STEPS_AT_ONCE):
            steps = " ;\n".join(some)
            self._server.update(steps, seconds=self._seconds, attempts=_ATTEMPTS)

    def _add(self, statements: Iterable[Statement], *, is_counted: bool = True) -> None:
        """Add statements in parts; report progress if they are statements of the release."""
        for part in _parts(statements, *self._at_once):
            self._server.add(part, seconds=self._seconds)
            if is_counted and self._progress is not None:
                self._done += len(part)
                self._progress(min(self._done, self._total), self._total)

    def _lines(self, graph: str) -> list[str]:
        """Return the triples of a graph of the release, or of its default graph, in order."""
        name = NamedNode(graph) if graph else DefaultGraph()
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

    def _verify(self, graphs: list[str]) -> None:
        """Raise EndpointError if the server lacks triples, or has too many.

        All are counted. The default graph is correct if it has the right number of triples, and
        each one of the named graphs.
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
            self._forget(lost, _CONTENT)
            others = f" and {len(lost) - 1} more graphs" if len(lost) > 1 else ""
            raise EndpointError(
                f"{self._server.url} has not kept all that was put into {min(lost)}{others}: "
                "load it again.",
                Failure.BROKEN,
            )


def _record(graph: str) -> str:
    """Return the record of a graph: a thing of its own, so that the graph gets no statements."""
    return f"<{LOADED}#{hashlib.sha256(graph.encode()).hexdigest()}>"


def _batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(texts)
    while some := [*islice(remaining, size)]:
        yield some


def _parts(
    statements: Iterable[Statement], most: int, most_bytes: int
) -> Iterator[list[Statement]]:
    """Yield statements in parts that fit into a request."""
    part: list[Statement] = []
    size = 0
    for statement in statements:
        length = len(statement[0]) + len(statement[1])
        if part and (len(part) >= most or size + length > most_bytes):
            yield part
            part, size = [], 0
        part.append(statement)
        size += length
    if part:
        yield part


def _counted(queries: PageQueries, query: str, graphs: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for some in _batches(graphs, _GRAPHS_AT_ONCE):
        for node, triples in queries.rows(query, graph=[NamedNode(it) for it in some]).rows:
            if not isinstance(node, NamedNode):
                words = f"The server names a graph by {node}, which is not an IRI."
                raise EndpointError(words, Failure.STRANGE)
            counted[node.value] = _number(triples)
    return counted


def _number(term: object) -> int:
    if isinstance(term, Literal) and term.value.isdecimal():
        return int(term.value)
    raise EndpointError(
        f"The server counts {term} triples, which is not a number.", Failure.STRANGE
    )
