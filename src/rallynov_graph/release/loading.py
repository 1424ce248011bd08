"""The loading of a release into a SPARQL server: graph by graph, in parts; it can be resumed.

A server that takes N-Quads as they are (Oxigraph, Virtuoso, Fuseki) gets them so, any other gets
updates. For each graph it keeps a record: its name, and once it is complete its content's hash. A
graph with the right record is not sent again.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.errors import EndpointError, Failure, ReleaseError
from rallynov_graph.base.namespaces import LOADED, MERGED, PREFIXES
from rallynov_graph.questions.datasets import of_server, queries_about, records
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.load_check import LoadCheck, sizes
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

MOST_TRIPLES: Final = 1000
"""How many triples are sent at once. Virtuoso takes 4990."""
MOST_BYTES: Final = 512 * 1024
"""How many bytes are sent at once. nginx passes on 1 MiB, Virtuoso takes 10 MB."""
MOST_GRAPHS: Final = 50
"""How many small graphs share a request. Virtuoso takes 200 steps in one."""
MOST_QUADS: Final = 20_000
"""How many quads are sent at once to a server that takes them as they are.

Virtuoso's threads lock each other out where they are 100,000.
"""
MOST_BYTES_OF_QUADS: Final = 16 << 20
MOST_GRAPHS_OF_QUADS: Final = 2000
SECONDS: Final = 120.0
"""How long one request may take."""
_ATTEMPTS: Final = 5
_GRAPH: Final = f"<{LOADED}#graph>"
_CONTENT: Final = f"<{LOADED}#content>"
_TOO_MUCH: Final = (Failure.REFUSED, Failure.BROKEN, Failure.TOO_LARGE)

_TIME: Final = re.compile(rf'(?P<head>[^"]*) (?P<text>"[^"]*")\^\^<{PREFIXES["xsd"]}time> \.')
_MADE: Final = "?thing ?property ?time"
_OF_TEXT: Final = f"""VALUES (?thing ?property ?text) {{
%s
}} BIND(STRDT(?text, <{PREFIXES["xsd"]}time>) AS ?time)"""

Lines = list[str]
Statement = tuple[str, str]
"""A graph, the empty string for the default one, and a triple as an update has it."""


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


def parts(
    statements: Iterable[Statement], most: int, most_bytes: int = MOST_BYTES
) -> Iterator[list[Statement]]:
    """Yield statements in parts that fit into a request."""
    part: list[Statement] = []
    size = 0
    for statement in statements:
        length = len(statement[1].encode())
        if part and (len(part) >= most or size + length > most_bytes):
            yield part
            part, size = [], 0
        part.append(statement)
        size += length
    if part:
        yield part


def quads(part: Iterable[Statement]) -> bytes:
    """Return statements as N-Quads, those of the default graph as triples."""
    return "".join(
        f"{triple[:-1]}<{graph}> .\n" if graph else f"{triple}\n" for graph, triple in part
    ).encode()


def insertion(part: Iterable[Statement]) -> str:
    """Return the update that adds statements to their graphs.

    The value of an xsd:time is made by the server from its text. Virtuoso, where the costs of
    queries are limited as Debian has it, writes the literal anew as T18:00:00 and refuses that.
    """
    blocks, made = [], []
    for graph, statements in groupby(part, itemgetter(0)):
        plain, times = [], []
        for _, triple in statements:
            time = _TIME.fullmatch(triple)
            if time is None:
                plain.append(triple)
            else:
                times.append(f"({time['head']} {time['text']})")
        if plain:
            triples = "\n".join(plain)
            blocks.append(f"GRAPH <{graph}> {{\n{triples}\n}}" if graph else triples)
        if times:
            target = f"GRAPH <{graph}> {{ {_MADE} }}" if graph else _MADE
            values = "\n".join(times)
            made.append(f"INSERT {{ {target} }} WHERE {{ {_OF_TEXT % values} }}")
    data = ["INSERT DATA {\n" + "\n".join(blocks) + "\n}"] if blocks else []
    return " ;\n".join((*data, *made))


class _Loading:
    """The loading of one release into one server."""

    def __init__(
        self, release: Release, server: Server, progress: Progress | None, seconds: float
    ) -> None:
        self._release, self._server, self._progress = release, server, progress
        self._seconds = seconds
        self._store = EmbeddedStore.of_release(release)
        self._release_queries, self._server_queries = (
            queries_about(self._store),
            queries_about(RemoteStore(server, timeout=seconds)),
        )
        self._takes_quads = server.takes_quads(seconds)
        self._most = MOST_QUADS if self._takes_quads else MOST_TRIPLES
        self._most_graphs = MOST_GRAPHS_OF_QUADS if self._takes_quads else MOST_GRAPHS
        self._total = release.manifest.counts["triples"] + release.manifest.counts["quads"]
        self._known: dict[str, str] = {}
        """The record that the server had of each graph."""
        self._done = 0

    def run(self, replace: bool) -> LoadCounts:
        own_default_graph = self._mark_begun(replace)
        self._known = records(self._server_queries.store)
        wanted = sorted(self._store.graphs())
        sent = [*self._named_graphs(wanted)]
        if self._known.get(MERGED) != self._release.id:
            self._put_default_graph(own_default_graph)
        else:
            self._report(self._release.manifest.counts["triples"])
        removed = sorted(self._known.keys() - {*wanted, MERGED, LOADED})
        self._in_steps(f"CLEAR SILENT GRAPH <{graph}> ; {_forget(graph)}" for graph in removed)
        triples = self._verify(wanted, sent)
        self._update(f"{_forget(LOADED)} ; {_note(LOADED, self._release.id)}")
        return LoadCounts(len(wanted), len(sent), len(removed), triples)

    def _mark_begun(self, replace: bool) -> bool:
        """Write a first record; return whether the server has a default graph of its own."""
        marked = self._server_queries.ask("holds", graph=NamedNode(LOADED))
        in_use = not marked and self._server_queries.ask("has_triples")
        self._update(f"{_forget(LOADED)} ; {_note(LOADED)}")
        is_union = self._server_queries.ask("is_told", graph=Literal(LOADED))
        if in_use and not is_union and not replace:
            self._update(_forget(LOADED))
            raise ReleaseError(
                f"The default graph of {self._server.url} holds what was not loaded from here: "
                "name an empty dataset, or let it be replaced by --replace."
            )
        return not is_union

    def _named_graphs(self, wanted: list[str]) -> Iterator[str]:
        """Send every named graph that the server has not yet; yield their names."""
        group: dict[str, tuple[str, Lines]] = {}
        size = 0
        for graph in wanted:
            lines = sorted(self._lines(graph))
            content = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            if self._known.get(graph) == content:
                self._report(len(lines))
                continue
            group[graph] = (content, lines)
            yield graph
            size += len(lines)
            if len(group) == self._most_graphs or size > self._most:
                self._put(group)
                group, size = {}, 0
        if group:
            self._put(group)

    def _put(self, group: dict[str, tuple[str, Lines]]) -> None:
        """Send these graphs, which replace those of the same names."""
        there = self._known.keys() | sizes(self._server_queries, group).keys()
        self._in_steps(_begin(graph, f"GRAPH <{graph}>") for graph in group if graph in there)
        self._send((LOADED, _named(graph)) for graph in group if graph not in there)
        self._insert((graph, line) for graph, (_, lines) in group.items() for line in lines)
        self._send((LOADED, _complete(graph, content)) for graph, (content, _) in group.items())

    def _put_default_graph(self, own_default_graph: bool) -> None:
        """Send each distinct triple once into the default graph, or into the graph MERGED."""
        self._update(_begin(MERGED, "DEFAULT" if own_default_graph else f"GRAPH <{MERGED}>"))
        self._insert(("" if own_default_graph else MERGED, line) for line in self._lines(None))
        self._send([(LOADED, _complete(MERGED, self._release.id))])

    def _insert(self, statements: Iterable[Statement]) -> None:
        """Add triples of the release, and tell how far that is."""
        for part in self._parts(statements):
            self._insert_part(part)
            self._report(len(part))

    def _send(self, statements: Iterable[Statement]) -> None:
        """Add records."""
        for part in self._parts(statements):
            self._insert_part(part)

    def _parts(self, statements: Iterable[Statement]) -> Iterator[list[Statement]]:
        most_bytes = MOST_BYTES_OF_QUADS if self._takes_quads else MOST_BYTES
        return parts(statements, self._most, most_bytes)

    def _insert_part(self, part: list[Statement]) -> None:
        """Add statements; where the server refuses so many at once, in ever smaller parts."""
        try:
            if self._takes_quads:
                self._server.add_quads(quads(part), seconds=self._seconds)
            else:
                self._update(insertion(part))
        except EndpointError as error:
            if error.failure not in _TOO_MUCH or len(part) == 1:
                raise
            self._most = half = (len(part) + 1) // 2
            self._insert_part(part[:half])
            self._insert_part(part[half:])

    def _in_steps(self, updates: Iterable[str]) -> None:
        """Run updates, several in a request."""
        remaining = iter(updates)
        while some := [*islice(remaining, MOST_GRAPHS)]:
            self._update(" ;\n".join(some))

    def _update(self, update: str) -> None:
        """Run an update that may be done twice."""
        self._server.update(update, seconds=self._seconds, attempts=_ATTEMPTS)

    def _lines(self, graph: str | None) -> Iterator[str]:
        """Yield the triples of a graph of the release as an update has them."""
        if graph is None:
            query = self._release_queries.text("triples_of_default_graph")
        else:
            query = self._release_queries.text("triples", graph=NamedNode(graph))
        for triple in self._store.construct(query):
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                raise ReleaseError(
                    f"A blank node is in {triple}: it would be another one in each part."
                )
            yield f"{triple} ."

    def _verify(self, wanted: list[str], sent: list[str]) -> int:
        """Return how many triples the named graphs have; raise EndpointError if any are lost."""
        check = LoadCheck(self._release_queries, self._server_queries, self._as_served())
        lost = check.lost(wanted, sent)
        for graph in lost:
            self._update(_forget(graph))
        if lost:
            raise EndpointError(
                f"{self._server.url} has not kept all that was put into {lost[0]}"
                f"{f' and {len(lost) - 1} more graphs' if len(lost) > 1 else ''}: load it again.",
                Failure.BROKEN,
            )
        return sum(size for graph, size in check.sizes.items() if graph != MERGED)

    def _as_served(self) -> PageQueries:
        """Return the queries on what the server shows once it is filled."""
        dataset = of_server(self._server, self._seconds)
        return queries_about(RemoteStore(self._server, dataset=dataset, timeout=self._seconds))

    def _report(self, triples: int) -> None:
        self._done += triples
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def _begin(graph: str, place: str) -> str:
    """Return the update that empties a graph and records that it is not complete."""
    return f"{_forget(graph)} ; {_note(graph)} ; CLEAR SILENT {place}"


def _forget(graph: str) -> str:
    return f"DELETE WHERE {{ GRAPH <{LOADED}> {{ {_record(graph)} ?property ?value }} }}"


def _note(graph: str, content: str | None = None) -> str:
    """Return the update that records a graph, as complete where its content is told."""
    record = f"{_named(graph)} {_complete(graph, content) if content else ''}"
    return f"INSERT DATA {{ GRAPH <{LOADED}> {{ {record} }} }}"


def _named(graph: str) -> str:
    return f"{_record(graph)} {_GRAPH} {Literal(graph)} ."


def _complete(graph: str, content: str) -> str:
    return f"{_record(graph)} {_CONTENT} {Literal(content)} ."


def _record(graph: str) -> str:
    """Return the record of a graph: a thing apart, so that nothing is said of the graph itself."""
    return f"<{LOADED}#{hashlib.sha256(graph.encode()).hexdigest()}>"
