"""Queries of the pages that need no engine: quad patterns are looked up in the store.

The rows are those of the query of the same name in ``questions/shared``, in the same order; a test
compares them. Looking up takes a tenth of the time that parsing, planning and joining do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import LOADED, MERGED, PREFIXES
from rallynov_graph.base.standings import is_current
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.sparql.store import PatternStore

Bindings = Mapping[str, Sequence[Term]]
Rows = list[tuple[Term | None, ...]]
Order = tuple[int, float, str, str, str]

MOST_STATEMENTS: Final = 5000
MOST_MENTIONS: Final = 2000
MOST_SORTED: Final = 20_000
"""How many mentions are put in order: a class is mentioned by each of its instances."""
_DEFAULT: Final = DefaultGraph()
_OF_SERVERS: Final = frozenset({MERGED, LOADED})
"""Graphs that say nothing of things: ``load`` makes them on a server."""
_NUMBERS: Final = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")
)


def looked_up(store: PatternStore, name: str, bindings: Bindings) -> Solutions | None:
    """Return the solutions of a query of the pages; None where it needs the engine."""
    lookup = _LOOKUPS.get((name, frozenset(bindings)))
    if lookup is None or not all(isinstance(thing, NamedNode) for thing in bindings["thing"]):
        return None
    variables, find = lookup
    return Solutions(variables, tuple(find(store, bindings)))


def _distinct_nodes(things: Iterable[Term]) -> list[NamedNode]:
    named = {thing for thing in things if isinstance(thing, NamedNode)}
    return sorted(named, key=lambda thing: thing.value)


def _statements(store: PatternStore, bindings: Bindings) -> Rows:
    """Return the statements about things, with the graphs that make them."""
    rows: Rows = []
    for thing in _distinct_nodes(bindings["thing"]):
        found = [
            (q.predicate.value, q.object, name, (thing, q.predicate, q.object, graph))
            for q in store.quads(thing)
            if (name := _name(graph := _graph(q))) not in _OF_SERVERS and is_current(graph)
        ]
        found.sort(key=lambda entry: (entry[0], _order(entry[1]), entry[2]))
        rows += [row for *_, row in found]
    return rows[:MOST_STATEMENTS]


def _mentions(store: PatternStore, bindings: Bindings) -> Rows:
    """Return the statements whose value is one of the things, with the graphs that make them."""
    things = _distinct_nodes(bindings["thing"])
    found = chain.from_iterable(
        chain(
            store.quads(value=thing, graph=_DEFAULT),
            (
                q
                for q in _in_graphs_that_count(store.quads(value=thing))
                if q.graph_name != _DEFAULT
            ),
        )
        for thing in things
    )
    rows = [(q.subject, q.predicate, q.object, _graph(q)) for q in islice(found, MOST_SORTED)]
    rows.sort(key=lambda row: (_name(row[1]), _order(row[0]), _name(row[3])))
    return [*rows[:MOST_MENTIONS]]


def _values(store: PatternStore, bindings: Bindings) -> Rows:
    """Return the values of some properties of things."""
    properties = {_name(prop): prop for prop in bindings["property"]}
    rows: Rows = []
    for thing in _distinct_nodes(bindings["thing"]):
        found = [
            (name, q.object)
            for q in store.quads(thing, graph=_DEFAULT)
            if (name := q.predicate.value) in properties
        ]
        if len(found) > 1:
            found.sort(key=lambda entry: (entry[0], _order(entry[1])))
        rows += [(thing, properties[name], value) for name, value in found]
    return rows


def _order(term: Term | None) -> Order:
    """Return a key that puts terms in the order of SPARQL: numbers by size, texts by letters."""
    if isinstance(term, NamedNode):
        return 1, 0.0, term.value, "", ""
    if not isinstance(term, Literal):
        return (0 if isinstance(term, BlankNode) else 4), 0.0, str(term), "", ""
    datatype = term.datatype.value
    if datatype in _NUMBERS:
        try:
            return 2, float(term.value), term.value, datatype, ""
        except ValueError:
            pass
    return 3, 0.0, term.value, datatype, term.language or ""


def _in_graphs_that_count(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads without those in graphs that say nothing, and those that are not current."""
    graphs = ((q, q.graph_name) for q in quads)
    return (q for q, graph in graphs if _name(graph) not in _OF_SERVERS and is_current(graph))


def _graph(quad: Quad) -> NamedNode | BlankNode | None:
    graph = quad.graph_name
    return None if isinstance(graph, DefaultGraph) else graph


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode | BlankNode) else ""


_LOOKUPS: Final = {
    ("statements", frozenset({"thing"})): (("thing", "property", "value", "graph"), _statements),
    ("mentions", frozenset({"thing"})): (("subject", "property", "thing", "graph"), _mentions),
    ("values", frozenset({"thing", "property"})): (("thing", "property", "value"), _values),
}
"""By the name of a query and its parameters: its variables, and what finds its rows."""
