"""A change of a store in memory whose default graph holds each triple of its named graphs once."""

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from rallynov_graph.base.standings import is_current

TripleChange = tuple[list[Triple], list[Triple]]
"""The triples that leave the default graph, and those that come into it."""


def change(
    store: Store, removed: Iterable[Quad], added: Iterable[Quad], *, apart: str
) -> TripleChange:
    """Return the triples that leave the default graph and that come into it by a change.

    The quads lie in named graphs; those of the graph ``apart``, and those that are not current, are
    not in the default graph.
    """
    names = (DefaultGraph(), NamedNode(apart))

    def counts(quad: Quad) -> bool:
        return quad.graph_name not in names and is_current(quad.graph_name)

    before, after = list(removed), list(added)
    for quad in before:
        store.remove(quad)
    store.extend(after)
    gone: list[Triple] = []
    for triple in dict.fromkeys(quad.triple for quad in before if counts(quad)):
        where = store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        if Quad(*triple) in store and not any(map(counts, where)):
            store.remove(Quad(*triple))
            gone.append(triple)
    come = [t for t in dict.fromkeys(q.triple for q in after if counts(q)) if Quad(*t) not in store]
    store.extend(Quad(*triple) for triple in come)
    return gone, come
