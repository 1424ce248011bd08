"""The JSON-LD context as a page: each short name with the IRI that it stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.rdf.compact import Context
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.shapes import term_nodes


@dataclass(frozen=True)
class ShortName:
    """A short name of a property, and the datatype of its plain values."""

    name: str
    property: Node
    datatype: str


@dataclass(frozen=True)
class ContextPage:
    """Prefixes, names of properties, and names of the keywords of JSON-LD."""

    prefixes: tuple[tuple[str, str], ...]
    names: tuple[ShortName, ...]
    keywords: tuple[tuple[str, str], ...]


def context_page(view: GraphView, text: bytes) -> ContextPage:
    """Return the page of a context."""
    context = Context.read(text)
    nodes = term_nodes(view, [NamedNode(iri) for iri in context.terms])
    names = (
        ShortName(short.name, nodes[NamedNode(iri)], in_prefixes(short.datatype))
        for iri, short in context.terms.items()
    )
    definitions = json.loads(text)["@context"].items()
    keywords = ((k, v) for k, v in definitions if isinstance(v, str) and v.startswith("@"))
    return ContextPage(
        tuple(sorted(context.prefixes.items())),
        tuple(sorted(names, key=lambda short_name: short_name.name)),
        tuple(sorted(keywords)),
    )
