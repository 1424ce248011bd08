"""Links as a GEXF 1.3 file, for Gephi and what else reads it: https://gexf.net/schema.html."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

NAMESPACE: Final = "http://gexf.net/1.3"
_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ATTRIBUTES: Final = {"node": ("kind",), "edge": ("certainty", "property")}
_FORBIDDEN: Final = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What no XML 1.0 document may hold, however it is written."""


@dataclass(frozen=True)
class Dot:
    """A thing by its IRI, what it is called and of which kind it is."""

    iri: str
    label: str
    kind: str


@dataclass(frozen=True)
class Line:
    """A link between two things, as strong as there is evidence for it."""

    one: str
    other: str
    weight: int
    certainty: str
    property: str


@dataclass(frozen=True)
class Network:
    """Things and the links between them; without a date where the graph says none."""

    title: str
    creator: str
    issued: str
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]


def written(network: Network) -> bytes:
    """Return a network as a file; characters that XML forbids are replaced by U+FFFD."""
    root = ElementTree.Element("gexf", {"xmlns": NAMESPACE, "version": "1.3"})
    dated = {"lastmodifieddate": network.issued} if network.issued else {}
    meta = ElementTree.SubElement(root, "meta", dated)
    ElementTree.SubElement(meta, "creator").text = _plain(network.creator)
    ElementTree.SubElement(meta, "description").text = _plain(network.title)
    graph = ElementTree.SubElement(root, "graph", {"defaultedgetype": "undirected"})
    for of, names in _ATTRIBUTES.items():
        declared = ElementTree.SubElement(graph, "attributes", {"class": of})
        for name in names:
            told = {"id": name, "title": name, "type": "string"}
            ElementTree.SubElement(declared, "attribute", told)
    nodes = ElementTree.SubElement(graph, "nodes")
    for dot in network.dots:
        told = {"id": _plain(dot.iri), "label": _plain(dot.label)}
        _valued(ElementTree.SubElement(nodes, "node", told), [("kind", dot.kind)])
    edges = ElementTree.SubElement(graph, "edges")
    for number, line in enumerate(network.lines):
        ends = {"source": _plain(line.one), "target": _plain(line.other)}
        told = {"id": str(number), **ends, "weight": str(line.weight)}
        said = [("certainty", line.certainty), ("property", line.property)]
        _valued(ElementTree.SubElement(edges, "edge", told), said)
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, "unicode")
    return f"{_DECLARED}{text}\n".encode()


def _valued(element: ElementTree.Element, values: Iterable[tuple[str, str]]) -> None:
    told = ElementTree.SubElement(element, "attvalues")
    for name, value in values:
        ElementTree.SubElement(told, "attvalue", {"for": name, "value": _plain(value)})


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
