"""The same link, said the other way."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from rallynov_graph.site.model.nodes import GraphView


def converses(view: GraphView, link: Triple) -> Iterator[Triple]:
    """Yield the links that say the same from the other end."""
    if isinstance(link.object, NamedNode):
        for prop in view.graph.converses.get(link.predicate.value, ()):
            yield Triple(link.object, NamedNode(prop), link.subject)
