"""This program as an agent: whose graphs are worked out, and written by nobody."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES

PROGRAM: Final = NamedNode(f"{ID}agent/rallynov")
"""The agent that the descriptions of what is worked out are attributed to."""

_NAMES: Final = (("fr", "programme rallynov"), ("en", "rallynov program"))


def program(graph: NamedNode) -> Iterator[Quad]:
    """Yield that a graph is this program's, in that graph."""
    yield Quad(graph, NamedNode(f"{PREFIXES['prov']}wasAttributedTo"), PROGRAM, graph)
    agent = NamedNode(f"{PREFIXES['prov']}Agent")
    yield Quad(PROGRAM, NamedNode(f"{PREFIXES['rdf']}type"), agent, graph)
    for language, text in _NAMES:
        label = Literal(text, language=language)
        yield Quad(PROGRAM, NamedNode(f"{PREFIXES['rdfs']}label"), label, graph)
