"""Whether a server has what was sent to it: counts, and the content itself."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.namespaces import MERGED, PREFIXES
from rallynov_graph.base.terms import RowTerms
from rallynov_graph.questions.page_queries import PageQueries

_GRAPHS_AT_ONCE: Final = 200
_TRIPLES_AT_ONCE: Final = 4000
"""So many are read back at a time. Virtuoso gives 10,000 rows."""
_TEXTS: Final = (f"{PREFIXES['xsd']}string", f"{PREFIXES['rdf']}langString")


class LoadCheck:
    """A release beside what a server has of it."""

    def __init__(self, ours: PageQueries, theirs: PageQueries, own_default_graph: bool) -> None:
        self._ours, self._theirs, self._own = ours, theirs, own_default_graph
        self.sizes: dict[str, int] = {}
        """How many triples each graph of the release has, its default graph by the name MERGED."""

    def lost(self, wanted: Iterable[str], sent: Iterable[str]) -> list[str]:
        """Return the graphs that are not there as they were sent, by their names.

        All are counted. Of those that were sent now, each triple is read back; of large ones and of
        the default graph, sums for each property are compared.
        """
        self.sizes = self._counted(self._ours, wanted)
        self.sizes[MERGED] = _number(self._ours.rows("size_of_default_graph").rows[0][0])
        counted = self._counted(self._theirs, self.sizes)
        if self._own:
            counted[MERGED] = _number(self._theirs.rows("size_of_default_graph").rows[0][0])
        found = {graph for graph, size in self.sizes.items() if counted.get(graph) != size}
        for batch in _batches((graph for graph in sent if graph not in found), self.sizes):
            found.update(self._differing(batch))
        if MERGED not in found and self._default_sums_differ():
            found.add(MERGED)
        return sorted(found)

    def _counted(self, queries: PageQueries, graphs: Iterable[str]) -> dict[str, int]:
        counted: dict[str, int] = {}
        remaining = iter(graphs)
        while batch := [NamedNode(graph) for graph in islice(remaining, _GRAPHS_AT_ONCE)]:
            for node, triples in queries.rows("sizes", graph=batch).rows:
                counted[_name(node)] = _number(triples)
        return counted

    def _differing(self, batch: list[str]) -> set[str]:
        """Return the graphs of a batch whose content is another one there."""
        if len(batch) == 1 and self.sizes[batch[0]] > _TRIPLES_AT_ONCE:
            graph = NamedNode(batch[0])
            differ = _sums(self._ours, graph) != _sums(self._theirs, graph)
            return set(batch) if differ else set()
        nodes = [NamedNode(graph) for graph in batch]
        both = (
            {_comparable(row) for row in queries.rows("triples_of_graphs", graph=nodes).rows}
            for queries in (self._ours, self._theirs)
        )
        ours, theirs = both
        return {row[0] for row in ours ^ theirs} & set(batch)

    def _default_sums_differ(self) -> bool:
        ours = self._ours.rows("sums_of_default_graph").rows
        theirs = (
            self._theirs.rows("sums_of_default_graph").rows
            if self._own
            else self._theirs.rows("sums", graph=NamedNode(MERGED)).rows
        )
        return {*map(_comparable_sum, ours)} != {*map(_comparable_sum, theirs)}


def _sums(queries: PageQueries, graph: NamedNode) -> set[tuple[str, ...]]:
    return {*map(_comparable_sum, queries.rows("sums", graph=graph).rows)}


def _comparable_sum(row: RowTerms) -> tuple[str, ...]:
    return tuple(getattr(term, "value", "") for term in row)


def _batches(graphs: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield graphs in batches that are read back at once; a large one stands alone."""
    batch: list[str] = []
    size = 0
    for graph in graphs:
        if batch and (size + sizes[graph] > _TRIPLES_AT_ONCE or len(batch) == _GRAPHS_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += sizes[graph]
    if batch:
        yield batch


def _comparable(row: RowTerms) -> tuple[str, str]:
    """Return the graph of a triple and what any server keeps of it.

    Virtuoso writes values its own way, ``1`` for ``01``, and languages in small letters.
    """
    graph, subject, prop, value = row
    kept = str(value)
    if isinstance(value, Literal):
        is_text = value.datatype.value in _TEXTS
        kept = f"{value.value if is_text else ''}@{(value.language or '').lower()}"
    return _name(graph), f"{subject} {prop} {kept}"


def _name(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    raise EndpointError(f"The server names a graph by {term}, which is no IRI.", Failure.STRANGE)


def _number(term: object) -> int:
    if isinstance(term, Literal) and term.value.isdecimal():
        return int(term.value)
    raise EndpointError(f"The server counts {term} triples, which is no number.", Failure.STRANGE)
