"""Whether a server has what was sent to it: counts, and the content itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.namespaces import MERGED, PREFIXES
from rallynov_graph.base.standings import is_current
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries

_GRAPHS_AT_ONCE: Final = 200
_TRIPLES_AT_ONCE: Final = 9000
"""So many of one graph are read back. Virtuoso gives 10,000."""
_TRIPLES_TOGETHER: Final = 2000
"""So many of several graphs are, with their graphs: as a table, which takes Virtuoso longer."""
_TEXTS: Final = (f"{PREFIXES['xsd']}string", f"{PREFIXES['rdf']}langString")


class LoadCheck:
    """A release beside what a server has of it."""

    def __init__(self, ours: PageQueries, theirs: PageQueries, served: PageQueries) -> None:
        """Take the queries on a release, on its server, and on what this shows as a release."""
        self._ours, self._theirs, self._served = ours, theirs, served
        self.sizes: dict[str, int] = {}
        """How many triples each graph of the release has, its default graph by the name MERGED."""

    def lost(self, wanted: Sequence[str], sent: Iterable[str]) -> list[str]:
        """Return the graphs that are not there as they were sent, by their names.

        All are counted. Of those that were sent now, each triple is read back; of large ones, sums
        of lengths and hashes are compared. The default graph is right where the others are, it has
        as many triples as ours, and none of theirs is missing.
        """
        self.sizes = sizes(self._ours, wanted)
        counted = sizes(self._theirs, wanted)
        found = {graph for graph, size in self.sizes.items() if counted.get(graph) != size}
        for batch in _batches((graph for graph in sent if graph not in found), self.sizes):
            found.update(self._differing(batch))
        self.sizes[MERGED] = _default_size(self._ours)
        served = _default_size(self._served)
        found |= self._missing(wanted)
        if found or served != self.sizes[MERGED]:
            found.add(MERGED)
        return sorted(found)

    def _missing(self, wanted: Sequence[str]) -> set[str]:
        """Return the graphs of which the server's default graph lacks a triple."""
        current = [graph for graph in wanted if is_current(NamedNode(graph))]
        missing = _counted(self._served, "missing_from_default_graph", current)
        return {graph for graph, triples in missing.items() if triples}

    def _differing(self, batch: list[str]) -> set[str]:
        """Return the graphs of a batch whose content is another one there."""
        if len(batch) == 1:
            compared = _sums if self.sizes[batch[0]] > _TRIPLES_AT_ONCE else _triples
            graph = NamedNode(batch[0])
            return (
                set(batch)
                if compared(self._ours, graph) != compared(self._theirs, graph)
                else set()
            )
        nodes = [NamedNode(graph) for graph in batch]
        both = (
            {
                (_name(graph), _comparable(*terms))
                for graph, *terms in queries.rows("triples_of_graphs", graph=nodes).rows
            }
            for queries in (self._ours, self._theirs)
        )
        ours, theirs = both
        return {graph for graph, _ in ours ^ theirs} & set(batch)


def sizes(queries: PageQueries, graphs: Iterable[str]) -> dict[str, int]:
    """Return how many triples each of these graphs has, of those that have any."""
    return _counted(queries, "sizes", graphs)


def _counted(queries: PageQueries, query: str, graphs: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    remaining = iter(graphs)
    while batch := [NamedNode(graph) for graph in islice(remaining, _GRAPHS_AT_ONCE)]:
        for node, triples in queries.rows(query, graph=batch).rows:
            counted[_name(node)] = _number(triples)
    return counted


def _default_size(queries: PageQueries) -> int:
    return _number(queries.rows("size_of_default_graph").rows[0][0])


def _triples(queries: PageQueries, graph: NamedNode) -> set[str]:
    text = queries.text("triples", graph=graph)
    return {_comparable(*triple) for triple in queries.store.construct(text)}


def _sums(queries: PageQueries, graph: NamedNode) -> set[str]:
    rows = queries.rows("sums", graph=graph).rows
    return {" ".join(getattr(term, "value", "") for term in row) for row in rows}


def _batches(graphs: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield graphs in batches that are read back at once; a large one stands alone."""
    batch: list[str] = []
    size = 0
    for graph in graphs:
        if batch and (size + sizes[graph] > _TRIPLES_TOGETHER or len(batch) == _GRAPHS_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += sizes[graph]
    if batch:
        yield batch


def _comparable(subject: Term | None, prop: Term | None, value: Term | None) -> str:
    """Return what any server keeps of a triple.

    Virtuoso writes values its own way, ``1`` for ``01``, and languages in small letters.
    """
    kept = str(value)
    if isinstance(value, Literal):
        is_text = value.datatype.value in _TEXTS
        kept = f"{value.value if is_text else ''}@{(value.language or '').lower()}"
    return f"{subject} {prop} {kept}"


def _name(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    raise EndpointError(f"The server names a graph by {term}, which is no IRI.", Failure.STRANGE)


def _number(term: object) -> int:
    if isinstance(term, Literal) and term.value.isdecimal():
        return int(term.value)
    raise EndpointError(f"The server counts {term} triples, which is no number.", Failure.STRANGE)
