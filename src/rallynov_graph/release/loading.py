"""A release into another SPARQL server: graph by graph, in parts, and on from where it broke off.

For each graph the server keeps a record of what was put there: nothing as long as that is not
complete, then the hash of its content. A graph with the right record is not touched again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.errors import EndpointError, Failure, ReleaseError
from rallynov_graph.base.namespaces import LOADED, MERGED
from rallynov_graph.questions.datasets import names, queries_about, records
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.sparql.remote.remote_store import RemoteStore, Server

MOST_TRIPLES: Final = 1000
"""How many triples are sent at once. Virtuoso takes 4990."""
MOST_BYTES: Final = 512 * 1024
"""How many bytes are sent at once. nginx passes on 1 MiB, Virtuoso takes 10 MB."""
MOST_GRAPHS: Final = 50
"""How many small graphs share a request. Virtuoso takes 200 steps in one."""
SECONDS: Final = 120.0
"""How long one request may take."""
_ATTEMPTS: Final = 5
_GRAPH: Final = f"<{LOADED}#graph>"
_CONTENT: Final = f"<{LOADED}#content>"
_TOO_MUCH: Final = (Failure.REFUSED, Failure.BROKEN, Failure.TOO_LARGE)

Step = Callable[[int, int], None]
"""Told how many triples of how many are there."""
Lines = list[str]
Statement = tuple[str, str]
"""A graph, the empty string for the default one, and a triple as an update has it."""


@dataclass(frozen=True)
class Loaded:
    """What a server now has: graphs, and of them the ones that were sent this time."""

    graphs: int
    sent: int
    removed: int
    triples: int
    """Those of all named graphs; the default graph has each distinct one once more."""


def load(
    release: Release, server: Server, *, replace: bool = False, step: Step | None = None
) -> Loaded:
    """Fill a server with a release, and take from it what an earlier one left behind.

    Raises EndpointError where the server fails (running again goes on from there), ReleaseError
    where its default graph has what was not loaded by us, unless that may be replaced.
    """
    return _Loading(release, server, step or (lambda done, of: None)).run(replace)


def parts(statements: Iterable[Statement], most: int) -> Iterator[list[Statement]]:
    """Yield statements in parts that are not too long for a request."""
    part: list[Statement] = []
    size = 0
    for statement in statements:
        length = len(statement[1].encode())
        if part and (len(part) >= most or size + length > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(statement)
        size += length
    if part:
        yield part


def insertion(part: Iterable[Statement]) -> str:
    """Return the update that adds statements to their graphs."""
    blocks = []
    for graph, statements in groupby(part, itemgetter(0)):
        triples = "\n".join(triple for _, triple in statements)
        blocks.append(f"GRAPH <{graph}> {{\n{triples}\n}}" if graph else triples)
    return "INSERT DATA {\n" + "\n".join(blocks) + "\n}"


class _Loading:
    """One release on its way to one server."""

    def __init__(self, release: Release, server: Server, step: Step) -> None:
        self._release, self._server, self._step = release, server, step
        self._store = EmbeddedStore.of_release(release)
        self._ours, self._theirs = (
            queries_about(self._store),
            queries_about(RemoteStore(server, timeout=SECONDS)),
        )
        self._most = MOST_TRIPLES
        self._total = release.manifest.counts["triples"] + release.manifest.counts["quads"]
        self._done = 0

    def run(self, replace: bool) -> Loaded:
        apart = self._begin(replace)
        known = records(self._theirs.store)
        wanted = [*names(self._store)]
        sent = [*self._named_graphs(wanted, known)]
        if known.get(MERGED) != self._release.id:
            self._put_default_graph(apart)
        else:
            self._tell(self._release.manifest.counts["triples"])
        removed = known.keys() - {*wanted, MERGED, LOADED}
        for graph in sorted(removed):
            self._update(f"CLEAR SILENT GRAPH <{graph}> ; {_forget(graph)}")
        triples = self._verify(wanted, apart)
        self._update(f"{_forget(LOADED)} ; {_note(LOADED, self._release.id)}")
        return Loaded(len(wanted), len(sent), len(removed), triples)

    def _begin(self, replace: bool) -> bool:
        """Leave a first record; return whether the server's default graph stands apart."""
        marked = self._theirs.ask("holds", graph=NamedNode(LOADED))
        in_use = not marked and self._theirs.ask("has_triples")
        self._update(f"{_forget(LOADED)} ; {_note(LOADED, '')}")
        is_union = self._theirs.ask("is_told", graph=Literal(LOADED))
        if in_use and not is_union and not replace:
            self._update(_forget(LOADED))
            raise ReleaseError(
                f"The default graph of {self._server.url} holds what was not loaded from here: "
                "name an empty dataset, or let it be replaced by --replace."
            )
        return not is_union

    def _named_graphs(self, wanted: list[str], known: dict[str, str]) -> Iterator[str]:
        """Put every named graph that is not there yet; yield their names."""
        group: dict[str, tuple[str, Lines]] = {}
        for graph in wanted:
            lines = sorted(self._lines(graph))
            content = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            if known.get(graph) == content:
                self._tell(len(lines))
                continue
            group[graph] = (content, lines)
            yield graph
            if len(group) == MOST_GRAPHS or sum(len(g[1]) for g in group.values()) > self._most:
                self._put(group)
                group = {}
        if group:
            self._put(group)

    def _put(self, group: dict[str, tuple[str, Lines]]) -> None:
        """Put these graphs in the place of what has their names."""
        self._update(" ;\n".join(_begin(graph, f"GRAPH <{graph}>") for graph in group))
        self._insert((graph, line) for graph, (_, lines) in group.items() for line in lines)
        done = " ;\n".join(
            f"{_forget(graph)} ; {_note(graph, content)}" for graph, (content, _) in group.items()
        )
        self._update(done)

    def _put_default_graph(self, apart: bool) -> None:
        """Put each distinct triple once into the default graph, or what stands for it."""
        self._update(_begin(MERGED, "DEFAULT" if apart else f"GRAPH <{MERGED}>"))
        self._insert(("" if apart else MERGED, line) for line in self._lines(None))
        self._update(f"{_forget(MERGED)} ; {_note(MERGED, self._release.id)}")

    def _insert(self, statements: Iterable[Statement]) -> None:
        """Add statements; where the server finds them too many at once, ever fewer."""
        for part in parts(statements, self._most):
            self._insert_part(part)
            self._tell(len(part))

    def _insert_part(self, part: list[Statement]) -> None:
        try:
            self._update(insertion(part))
        except EndpointError as error:
            if error.failure not in _TOO_MUCH or len(part) == 1:
                raise
            self._most = half = (len(part) + 1) // 2
            self._insert_part(part[:half])
            self._insert_part(part[half:])

    def _update(self, update: str) -> None:
        """Have something done that may be done twice."""
        self._server.update(update, seconds=SECONDS, attempts=_ATTEMPTS)

    def _lines(self, graph: str | None) -> Iterator[str]:
        """Yield the triples of a graph of the release as an update has them."""
        if graph is None:
            query = self._ours.text("triples_of_default_graph")
        else:
            query = self._ours.text("triples", graph=NamedNode(graph))
        for triple in self._store.construct(query):
            if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
                raise ReleaseError(
                    f"A blank node is in {triple}: it would be another one in each part."
                )
            yield f"{triple} ."

    def _verify(self, wanted: list[str], apart: bool) -> int:
        """Return how many triples the named graphs have; raise EndpointError if any are lost."""
        counted: dict[str, int] = {}
        expected: dict[str, int] = {}
        rest = iter(wanted)
        while some := [NamedNode(graph) for graph in islice(rest, 200)]:
            for graphs, asked in ((counted, self._theirs), (expected, self._ours)):
                for of, triples in asked.rows("sizes", graph=some).rows:
                    graphs[_name(of)] = _number(triples)
        counted[MERGED] = self._count_default_graph(apart)
        expected[MERGED] = _number(self._ours.rows("size_of_default_graph").rows[0][0])
        lost = sorted(graph for graph, size in expected.items() if counted.get(graph) != size)
        for graph in lost:
            self._update(_forget(graph))
        if lost:
            raise EndpointError(
                f"{self._server.url} has not kept all that was put into {lost[0]}"
                f"{f' and {len(lost) - 1} more graphs' if len(lost) > 1 else ''}: load it again.",
                Failure.BROKEN,
            )
        return sum(size for graph, size in expected.items() if graph != MERGED)

    def _count_default_graph(self, apart: bool) -> int:
        if apart:
            return _number(self._theirs.rows("size_of_default_graph").rows[0][0])
        rows = self._theirs.rows("sizes", graph=NamedNode(MERGED)).rows
        return _number(rows[0][1]) if rows else 0

    def _tell(self, triples: int) -> None:
        self._done += triples
        self._step(min(self._done, self._total), self._total)


def _begin(graph: str, place: str) -> str:
    """Return the update that empties a graph and notes that it is not complete."""
    return f"{_forget(graph)} ; {_note(graph, '')} ; CLEAR SILENT {place}"


def _forget(graph: str) -> str:
    return f"DELETE WHERE {{ GRAPH <{LOADED}> {{ {_record(graph)} ?property ?value }} }}"


def _note(graph: str, content: str) -> str:
    record = f"{_record(graph)} {_GRAPH} {Literal(graph)} ; {_CONTENT} {Literal(content)}"
    return f"INSERT DATA {{ GRAPH <{LOADED}> {{ {record} }} }}"


def _record(graph: str) -> str:
    """Return the record of a graph: a thing apart, so that nothing is said of the graph itself."""
    return f"<{LOADED}#{hashlib.sha256(graph.encode()).hexdigest()}>"


def _name(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value


def _number(term: object) -> int:
    assert isinstance(term, Literal)
    return int(term.value)
