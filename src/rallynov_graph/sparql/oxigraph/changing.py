"""A change of a store in memory whose default graph holds each triple of its named graphs once."""

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

TripleChange = tuple[list[Triple], list[Triple]]
"""The triples that leave the default graph, and those that come into it."""


def change(
    store: Store, removed: Iterable[Quad], added: Iterable[Quad], *, apart: str
) -> TripleChange:
    """Return the triples that leave the default graph and that come into it by a change.

    The quads lie in named graphs; those of the graph ``apart`` are not in the default graph.
    """
    names = (DefaultGraph(), NamedNode(apart))
    before, after = list(removed), list(added)
    for quad in before:
        store.remove(quad)
    store.extend(after)
    gone: list[Triple] = []
    for triple in dict.fromkeys(quad.triple for quad in before):
        where = store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        if Quad(*triple) in store and all(quad.graph_name in names for quad in where):
            store.remove(Quad(*triple))
            gone.append(triple)
    come = [t for t in dict.fromkeys(q.triple for q in after) if Quad(*t) not in store]
    store.extend(Quad(*triple) for triple in come)
    return gone, come
