"""Networks of named things as GEXF, for Gephi, and as GraphML, for igraph.

A network is a networkx graph. A node has a ``label``, a ``kind``, and perhaps a ``place`` in a
drawing: x and y in pixels from its upper left corner, and a radius. A link has a ``kind``, a
``weight``, and perhaps the ``date`` of its day. All other attributes are texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import CERTAINTIES, certainty_of, surest
from rallynov_graph.base.kinds import DRAWN, KINDS
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.exports.citations import CREATORS
from rallynov_graph.exports.rdf_dumps import FORBIDDEN
from rallynov_graph.exports.statement_rows import current_quads, kind_of
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from networkx import MultiGraph

    from rallynov_graph.release.release import Release

AT_SAME_STAGE: Final = RN + "atSameStageAs"
"""The links of those who were at one stage: there are many, and each follows from two others."""
MOST_GROUPED: Final = 50_000
"""Among more pairs of things no groups are looked for."""
REPLACEMENT: Final = "\ufffd"
"""The replacement of a character that XML has no way to write."""
STROKES: Final = dict(zip(CERTAINTIES, ("solid", "dashed", "dotted"), strict=True))
"""The line of each certainty, by the words that GEXF has."""
FEWEST: Final = 3
"""A community of fewer things has no name."""
NAMING: Final = ("stage", "theme")
"""The kinds that a community is named by, if it has one of them."""
_SEED: Final = 1
_SIGNS: Final = {"circle": "disc", "rectangle": "square"}
"""The signs with another name in GEXF, or with only a similar one."""
_INFERENCE: Final = RN + "Inference"
_CERTAINTY: Final = RN + "certainty"
_START: Final = PREFIXES["schema"] + "startDate"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
Edge = tuple[int, int]
"""The numbers of two nodes that are linked."""
_Link = tuple[str, str, str]


def empty_network(title: str, issued: str, licence: str, *, is_directed: bool) -> MultiGraph:
    """Return a network without things; ``issued`` and ``licence`` are empty if unknown."""
    import networkx

    kind = networkx.MultiDiGraph if is_directed else networkx.MultiGraph
    return kind(title=title, issued=issued, licence=licence)


def write_gexf(network: MultiGraph, file: IO[bytes]) -> int:
    """Write a network as GEXF 1.3; return how many characters became U+FFFD."""
    from networkx.readwrite.gexf import GEXFWriter

    class Writer(GEXFWriter):  # type: ignore[misc]
        def add_attributes(
            self, element: str, xml: Element, data: dict[str, Any], default: dict[str, Any]
        ) -> dict[str, Any]:
            if element == "edge":
                del data["key"]
                xml.set("kind", data.pop("kind"))
            return super().add_attributes(element, xml, data, default)  # type: ignore[no-any-return]

    graph, about = network.copy(), network.graph
    for _, data in graph.nodes(data=True):
        data["viz"] = _look(data.get("kind", ""), data.pop("place", None))
    for *_, data in graph.edges(data=True):
        data["label"] = data["kind"]
        if day := data.pop("date", ""):
            data["start"] = data["end"] = day
            graph.graph["mode"] = "dynamic"
        if stroke := STROKES.get(data.get("certainty", "")):
            data["viz"] = {"shape": stroke}
    writer = Writer(version="1.3")
    writer.add_graph(graph)
    meta = writer.xml.find("meta")
    meta.clear()  # the day is today's, and networkx the creator
    if about["issued"]:
        meta.set("lastmodifieddate", about["issued"])
    description = ", ".join(filter(None, (about["title"], about["licence"])))
    for name, text in (("creator", CREATORS), ("description", description)):
        SubElement(meta, name).text = text
    return _write(writer, file)


def gexf_of_release(release: Release, file: IO[bytes], progress: Progress | None = None) -> int:
    return write_gexf(network(release, progress), file)


def graphml_of_release(release: Release, file: IO[bytes], progress: Progress | None = None) -> int:
    return write_graphml(network(release, progress), file)


def gexf(network: MultiGraph) -> bytes:
    """Return a network as GEXF; characters that XML cannot represent become U+FFFD."""
    file = BytesIO()
    write_gexf(network, file)
    return file.getvalue()


def _look(kind: str, place: tuple[int, int, int] | None) -> dict[str, Any]:
    """Return a node's appearance; Gephi counts heights from below."""
    look: dict[str, Any] = {}
    known = KINDS.get(kind)
    if known and known.colours:
        look["color"] = dict(zip("rgb", bytes.fromhex(known.colours["light"][1:]), strict=True))
    if place:
        look |= {"position": {"x": place[0], "y": -place[1], "z": 0}, "size": 2 * place[2]}
    if known and known.drawn:
        look["shape"] = _SIGNS.get(known.drawn.sign, known.drawn.sign)
    return look


def write_graphml(network: MultiGraph, file: IO[bytes]) -> int:
    """Write a network as GraphML; return how many characters became U+FFFD.

    igraph reads ``name`` and ``weight``, Gephi reads ``label``.
    """
    from networkx.readwrite.graphml import GraphMLWriter

    graph = network.copy()
    graph.graph["id"] = "network"
    del graph.graph["issued"]
    for iri, data in graph.nodes(data=True):
        data["name"] = iri
    for *_, data in graph.edges(data=True):
        data["weight"] = float(data["weight"])
    return _write(GraphMLWriter(graph), file)


def _write(writer: Any, file: IO[bytes]) -> int:
    """Write networkx's output with valid XML characters, reproducibly."""
    replaced = 0
    writer.indent(writer.xml)
    for element in writer.xml.iter():
        for name, value in element.items():
            writable, count = FORBIDDEN.subn(REPLACEMENT, value)
            element.set(name, writable)
            replaced += count
        if element.text:
            element.text, count = FORBIDDEN.subn(REPLACEMENT, element.text)
            replaced += count
    content: bytes = tostring(writer.xml, "utf-8", xml_declaration=True)
    # A reader would take a carriage return that is written as it is for a line feed.
    file.write(content.replace(b"\r", b"&#13;"))
    return replaced


@dataclass
class _NetworkData:
    """The data of a network, as read from a release."""

    names: dict[str, list[tuple[int, Text]]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    graphs: dict[_Link, list[str]] = field(default_factory=dict)
    certainty: dict[str, str] = field(default_factory=dict)
    inferences: set[str] = field(default_factory=set)
    """The graphs that rules state."""


def network(release: Release, progress: Progress | None = None) -> MultiGraph:
    """Return the things of the drawn kinds, and each link between two of them once.

    The weight of a link is the number of graphs that state it, its certainty that of the surest of
    them, its day that of its stage. The groups are those of the network page.
    """
    data = _NetworkData()
    for quad in current_quads(release, progress):
        _add(data, quad)
    manifest = release.manifest
    title = manifest.title.get("fr") or next(iter(manifest.title.values()), "")
    issued = manifest.issued if _DAY.fullmatch(manifest.issued) else ""
    made = empty_network(f"{title} ({release.id})", issued, manifest.licence, is_directed=True)
    for iri, names in sorted(data.names.items()):
        made.add_node(iri, **_node(iri, names))
    for number, link in enumerate(sorted(it for it in data.graphs if it[2] in data.names)):
        made.add_edge(link[0], link[2], f"e{number}", **_edge(link, data))
    _group(made)
    return made


def _add(data: _NetworkData, quad: Quad) -> None:
    subject, prop, value = quad.subject, quad.predicate.value, quad.object
    if prop == _CERTAINTY and (certainty := certainty_of(_iri(value))):
        data.certainty[_iri(subject)] = certainty
    if prop == PREFIXES["rdf"] + "type" and _iri(value) == _INFERENCE:
        data.inferences.add(_iri(subject))
    if kind_of(subject) not in DRAWN:
        return
    iri = _iri(subject)
    texts = data.names.setdefault(iri, [])
    if isinstance(value, Literal):
        if prop in NAMINGS:
            texts.append((NAMINGS.index(prop), Text(value.value, value.language or "")))
        elif prop == _START and _DAY.fullmatch(value.value):
            data.days[iri] = min(data.days.get(iri, value.value), value.value)
    elif kind_of(value) in DRAWN:
        data.graphs.setdefault((iri, prop, _iri(value)), []).append(_iri(quad.graph_name))


def _node(iri: str, names: Iterable[tuple[int, Text]]) -> dict[str, str]:
    texts = [text for _, text in sorted(names, key=lambda found: found[0])]
    found = {language: best_text(texts, language) for language in LANGUAGES}
    labels = {
        f"label_{language}": text.value if text else last_part(iri)
        for language, text in found.items()
    }
    return {"label": labels["label_fr"], "kind": kind_of(NamedNode(iri)), **labels}


def _edge(link: _Link, data: _NetworkData) -> dict[str, Any]:
    source, prop, target = link
    graphs = data.graphs[link]
    edge = {
        "kind": in_prefixes(prop),
        "weight": len(set(graphs)),
        "property": prop,
        "computed": "yes" if data.inferences.issuperset(graphs) else "no",
    }
    if certainty := surest(data.certainty[g] for g in graphs if g in data.certainty):
        edge["certainty"] = certainty
    if day := data.days.get(source) or data.days.get(target):
        edge["date"] = day
    return edge


def _group(network: MultiGraph) -> None:
    """Name a community after its best-linked stage or theme.

    Links of the same stage do not make a community.
    """
    pairs = {
        (min(ends), max(ends))
        for *ends, prop in network.edges(data="property")
        if prop != AT_SAME_STAGE and ends[0] != ends[1]
    }
    if len(pairs) > MOST_GROUPED:
        return
    degrees = Counter(iri for pair in pairs for iri in pair)
    ordered = sorted(degrees, key=lambda iri: (-degrees[iri], iri))
    numbers = {iri: number for number, iri in enumerate(ordered)}
    links = [(numbers[one], numbers[other]) for one, other in pairs]
    groups = [them for them in communities(len(ordered), links) if len(them) >= FEWEST]
    naming = {n for n, iri in enumerate(ordered) if network.nodes[iri]["kind"] in NAMING}
    best = best_linked(groups, links, naming)
    for number, (group, naming_node) in enumerate(zip(groups, best, strict=True), 1):
        name = f"{number}. {network.nodes[ordered[naming_node]]['label']}"
        for member in group:
            network.nodes[ordered[member]]["group"] = name


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))


def communities(count: int, edges: Iterable[Edge]) -> tuple[tuple[int, ...], ...]:
    """Return the node numbers of each community, the largest first.

    The method is Louvain's; the result does not depend on the order or direction of the edges.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(sorted({(min(edge), max(edge)) for edge in edges}))
    found = networkx.community.louvain_communities(graph, seed=_SEED)
    return tuple(
        sorted((tuple(sorted(members)) for members in found), key=lambda them: (-len(them), them))
    )


def best_linked(
    groups: Iterable[Sequence[int]], edges: Iterable[Edge], naming: Collection[int]
) -> list[int]:
    """Return for each community its node with most internal links, among preferred nodes first.

    Of several, it is the one with the lowest number.
    """
    groups = [*groups]
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    inside = Counter(
        end
        for edge in edges
        if group_of.get(edge[0], -1) == group_of.get(edge[1], -2)
        for end in edge
    )
    return [
        min([node for node in group if node in naming] or group, key=lambda n: (-inside[n], n))
        for group in groups
    ]


def shortest_way(weights: Mapping[tuple[str, str], int], start: str, end: str) -> tuple[str, ...]:
    """Return the nodes of the path of least weight, with both ends; empty if there is no path.

    Edges are undirected.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted({start, end}))
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in weights.items())
    try:
        return tuple(networkx.dijkstra_path(graph, start, end))
    except networkx.NetworkXNoPath:
        return ()
