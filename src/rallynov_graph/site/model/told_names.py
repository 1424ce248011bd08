"""Names and addresses of things for scripts."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import kind_of_iri
from rallynov_graph.site.model.nodes import GraphView


def names_of(view: GraphView, things: Iterable[NamedNode]) -> dict[str, dict[str, object]]:
    return {
        node.iri: {
            "label": node.text,
            "language": node.language,
            "address": node.href,
            "external": node.external,
            "shape": node.shape,
        }
        for node in view.nodes(things).values()
    }


def kinds_of(view: GraphView, things: Iterable[str], theme: str) -> dict[str, str]:
    """Return the name of each thing's class, by IRI; for a theme, the word ``theme``.

    A thing whose class has no name in the graph, like those of OWL, has none.
    """
    described = view.described(things)
    classes = view.described(c for it in described.values() for c in it.classes)
    kinds = {iri: [c for c in it.classes if classes[c].names] for iri, it in described.items()}
    return {
        iri: theme if kind_of_iri(iri) == "theme" else view.thing(c[0], classes[c[0]]).text
        for iri, c in kinds.items()
        if c
    }
