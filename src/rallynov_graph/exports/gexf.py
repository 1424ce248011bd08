"""Networks as GEXF 1.3, which Gephi reads: labels, kinds, weights, days and further attributes.

How things look is in its module ``viz``: the colour and sign of a kind, the stroke of a certainty.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode, names
from rallynov_graph.exports.xml_writer import XmlWriter

NAMESPACE: Final = "http://gexf.net/1.3"
VIZ: Final = f"{NAMESPACE}/viz"
STROKES: Final = dict(zip(CERTAINTIES, ("solid", "dashed", "dotted"), strict=True))
"""The line of each certainty, by the words that GEXF has."""
_SIGNS: Final = {"circle": "disc", "rectangle": "square"}
"""The signs of kinds that GEXF calls otherwise, or for which it only has one that is near."""
_DIRECTED: Final = {True: "directed", False: "undirected"}


def written(network: Network) -> bytes:
    """Return a network as a file; what XML has no way to write stands as U+FFFD."""
    file = BytesIO()
    write(network, file)
    return file.getvalue()


def write(network: Network, file: IO[bytes]) -> int:
    """Write a network; return how many characters stand as U+FFFD, as XML has no way to."""
    xml = XmlWriter(file)
    xml.begin("gexf", xmlns=NAMESPACE, **{"xmlns:viz": VIZ}, version="1.3")
    xml.begin("meta", **({"lastmodifieddate": network.issued} if network.issued else {}))
    xml.whole("creator", network.creator)
    xml.whole("description", ", ".join(filter(None, (network.title, network.licence))))
    xml.end()
    dated = {"mode": "dynamic", "timeformat": "date"} if network.is_dated else {"mode": "static"}
    xml.begin("graph", defaultedgetype=_DIRECTED[network.directed], **dated)
    of_nodes, of_edges = names(network.nodes), names(network.edges)
    _declare(xml, "node", of_nodes)
    _declare(xml, "edge", of_edges)
    xml.begin("nodes")
    for node in network.nodes:
        xml.begin("node", id=node.id, label=node.label)
        _values(xml, of_nodes, node.attributes)
        _look(xml, node)
        xml.end()
    xml.end()
    xml.begin("edges")
    for number, edge in enumerate(network.edges):
        xml.begin("edge", **_edge(str(number), edge))
        _values(xml, of_edges, edge.attributes)
        if stroke := STROKES.get(edge.attributes.get("certainty", "")):
            xml.whole("viz:shape", value=stroke)
        xml.end()
    for _ in ("edges", "graph", "gexf"):
        xml.end()
    return xml.replaced


def _look(xml: XmlWriter, node: NetworkNode) -> None:
    """Write how a thing looks; Gephi counts heights from below."""
    kind = KINDS.get(node.attributes.get("kind", ""))
    if kind and kind.colours:
        red, green, blue = (str(part) for part in bytes.fromhex(kind.colours["light"][1:]))
        xml.whole("viz:color", r=red, g=green, b=blue)
    if place := node.place:
        xml.whole("viz:position", x=str(place.x), y=str(-place.y), z="0")
        xml.whole("viz:size", value=str(2 * place.radius))
    if kind and kind.drawn:
        xml.whole("viz:shape", value=_SIGNS.get(kind.drawn.sign, kind.drawn.sign))


def _edge(number: str, edge: NetworkEdge) -> dict[str, str]:
    attributes = {"id": number, "source": edge.source, "target": edge.target, "kind": edge.kind}
    days = {"start": edge.day, "end": edge.day} if edge.day else {}
    return attributes | {"label": edge.kind, "weight": str(edge.weight)} | days


def _declare(xml: XmlWriter, element: str, attributes: tuple[str, ...]) -> None:
    if attributes:
        xml.begin("attributes", class_=element, mode="static")
        for number, name in enumerate(attributes):
            xml.whole("attribute", id=str(number), title=name, type="string")
        xml.end()


def _values(xml: XmlWriter, known: tuple[str, ...], attributes: Mapping[str, str]) -> None:
    if attributes:
        xml.begin("attvalues")
        for number, name in enumerate(known):
            if name in attributes:
                xml.whole("attvalue", for_=str(number), value=attributes[name])
        xml.end()
