"""Networks as GraphML: ``name`` and ``weight`` as igraph reads them, ``label`` as Gephi does."""

from collections.abc import Iterator, Mapping
from typing import IO, Final

from rallynov_graph.exports.link_graphs import Network, NetworkEdge, names
from rallynov_graph.exports.xml_writer import XmlWriter

NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_OF_NODES: Final = ("name", "label")
_OF_GRAPH: Final = ("title", "licence")
_OF_EDGES: Final = ("kind", "weight", "date")


def write(network: Network, file: IO[bytes]) -> int:
    """Write a network; return how many characters stand as U+FFFD, as XML has no way to."""
    xml = XmlWriter(file)
    xml.begin("graphml", xmlns=NAMESPACE)
    _declare(xml, "node", (*_OF_NODES, *names(network.nodes)))
    _declare(xml, "edge", (*_OF_EDGES, *names(network.edges)))
    _declare(xml, "graph", _OF_GRAPH)
    xml.begin("graph", id="network", edgedefault="directed" if network.directed else "undirected")
    _values(xml, "graph", {"title": network.title, "licence": network.licence})
    for node in network.nodes:
        xml.begin("node", id=node.id)
        _values(xml, "node", {"name": node.id, "label": node.label, **node.attributes})
        xml.end()
    for number, edge in enumerate(network.edges):
        xml.begin("edge", id=f"e{number}", source=edge.source, target=edge.target)
        _values(xml, "edge", {**dict(_edge_data(edge)), **edge.attributes})
        xml.end()
    for _ in ("graph", "graphml"):
        xml.end()
    return xml.replaced


def _edge_data(edge: NetworkEdge) -> Iterator[tuple[str, str]]:
    yield "kind", edge.kind
    yield "weight", str(edge.weight)
    if edge.day:
        yield "date", edge.day


def _declare(xml: XmlWriter, element: str, attributes: tuple[str, ...]) -> None:
    for name in dict.fromkeys(attributes):
        kind = "double" if name == "weight" else "string"
        xml.whole("key", id=f"{element}-{name}", for_=element, attr__name=name, attr__type=kind)


def _values(xml: XmlWriter, element: str, attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        xml.whole("data", value, key=f"{element}-{name}")
