"""The document of what the graph says of a thing, in each format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from rallynov_graph.base.namespaces import RN
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.said_before import standings_of
from rallynov_graph.site.web.page_files import graph_content
from rallynov_graph.site.web.reader import absolute, site, view

_OF_SETS: Final = (NamedNode(f"{RN}standingOf"), NamedNode(f"{RN}replacedBy"))
"""What leads from a graph of what is not current to sets."""
_WITH_EVIDENCE: Final = frozenset({".trig", ".nq"})


def document_of_thing(thing: NamedNode, form: Format) -> bytes | None:
    """Return the document about a thing in a format; None where the graph does not mention it.

    A thing that only what does not stand names has nothing in a format without graphs but the
    description of the document. Raises UnwritableError where the format cannot express a statement.
    """
    with_evidence = form.suffix in _WITH_EVIDENCE
    found = [*(_quads if with_evidence else _triples)(view(), thing)]
    if not found and not standings_of(view(), thing.value):
        return None
    document = absolute(view().addresses.document(thing.value))
    own = [*site().origin.of(document, thing.value)]
    described = [Quad(t.subject, t.predicate, t.object) for t in own] if with_evidence else own
    return graph_content([*found, *described], form, site().context)


def _triples(graph: GraphView, thing: NamedNode) -> Iterable[Triple]:
    return graph.store.construct(graph.queries.text("about_thing", thing=thing))


def _quads(graph: GraphView, thing: NamedNode) -> Iterable[Quad]:
    """Return the statements about a thing in the graphs that make them, and who made those.

    Those that are not current are among them, each in its graph, with the set that states it.
    """
    rows = {*graph.queries.rows("said_in_graphs", thing=thing).rows}
    known = unread = {graph for *_, graph in rows if isinstance(graph, NamedNode)}
    while unread:
        described = {*graph.queries.rows("said_of_graphs", graph=sorted(unread, key=str)).rows}
        rows |= described
        unread = {
            o for _, p, o, _ in described if p in _OF_SETS and isinstance(o, NamedNode)
        } - known
        known = known | unread
    stated = {row[:3] for row in rows if row[3] is not None}
    return {
        Quad(s, p, o, g if isinstance(g, NamedNode) else DefaultGraph())  # type: ignore[arg-type]
        for s, p, o, g in rows
        if g is not None or (s, p, o) not in stated
    }
