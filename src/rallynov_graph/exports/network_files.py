"""Organisations, people, stages, innovations and themes of a release, and the links among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import certainty_of, surest
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.exports.citation_formats import CREATORS
from rallynov_graph.exports.graph_analysis import FEWEST, NAMING, best_linked, communities
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode
from rallynov_graph.exports.statement_rows import current_quads, kind_of
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

AT_SAME_STAGE: Final = RN + "atSameStageAs"
"""The links of those who were at one stage: there are many, and each follows from two others."""
MOST_GROUPED: Final = 50_000
"""Among more pairs of things no groups are looked for."""
_INFERENCE: Final = RN + "Inference"
_CERTAINTY: Final = RN + "certainty"
_START: Final = PREFIXES["schema"] + "startDate"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_YES_OR_NO: Final = {True: "yes", False: "no"}
_Link = tuple[str, str, str]


@dataclass
class _NetworkData:
    """The data of a network, as they are read from a release."""

    names: dict[str, list[tuple[int, Text]]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    graphs: dict[_Link, list[str]] = field(default_factory=dict)
    certainty: dict[str, str] = field(default_factory=dict)
    inferences: set[str] = field(default_factory=set)
    """The graphs that rules state."""


def network(release: Release, progress: Progress | None = None) -> Network:
    """Return the things of the kinds that are drawn, and each link of two of them once.

    The weight of a link is the number of graphs that state it, its certainty that of the surest of
    them, its day that of its stage. The groups are those of the page of the network.
    """
    data = _NetworkData()
    for quad in current_quads(release, progress):
        _add(data, quad)
    nodes = tuple(_node(iri, names) for iri, names in sorted(data.names.items()))
    links = ((link, data.graphs[link]) for link in sorted(data.graphs))
    edges = tuple(
        _edge(link, graphs, data)
        for link, graphs in links
        if link[0] in data.names and link[2] in data.names
    )
    nodes = _grouped(nodes, edges)
    manifest = release.manifest
    title = manifest.title.get("fr") or next(iter(manifest.title.values()), "")
    issued = manifest.issued if _DAY.fullmatch(manifest.issued) else ""
    return Network(
        f"{title} ({release.id})", CREATORS, issued, nodes, edges, licence=manifest.licence
    )


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


def _node(iri: str, names: Iterable[tuple[int, Text]]) -> NetworkNode:
    texts = [text for _, text in sorted(names, key=lambda found: found[0])]
    attributes = {"kind": kind_of(NamedNode(iri))}
    for language in LANGUAGES:
        text = best_text(texts, language)
        attributes[f"label_{language}"] = text.value if text else last_part(iri)
    return NetworkNode(iri, attributes["label_fr"], attributes)


def _edge(link: _Link, graphs: list[str], data: _NetworkData) -> NetworkEdge:
    source, prop, target = link
    attributes = {"property": prop, "computed": _YES_OR_NO[data.inferences.issuperset(graphs)]}
    if certainty := surest(data.certainty[g] for g in graphs if g in data.certainty):
        attributes["certainty"] = certainty
    day = data.days.get(source) or data.days.get(target) or ""
    kind = in_prefixes(prop)
    return NetworkEdge(source, target, kind, len(set(graphs)), day, attributes)


def _grouped(
    nodes: tuple[NetworkNode, ...], edges: Iterable[NetworkEdge]
) -> tuple[NetworkNode, ...]:
    """Return nodes with the community of each that has two more, by its best-linked stage or theme.

    Links of the same stage make no community.
    """
    pairs = {
        (min(ends), max(ends))
        for edge in edges
        if edge.attributes["property"] != AT_SAME_STAGE and edge.source != edge.target
        for ends in ((edge.source, edge.target),)
    }
    if len(pairs) > MOST_GROUPED:
        return nodes
    degrees = Counter(iri for pair in pairs for iri in pair)
    by_iri = {node.id: node for node in nodes}
    ordered = sorted(degrees, key=lambda iri: (-degrees[iri], iri))
    numbers = {iri: number for number, iri in enumerate(ordered)}
    links = [(numbers[one], numbers[other]) for one, other in pairs]
    groups = [them for them in communities(len(ordered), links) if len(them) >= FEWEST]
    naming = {n for n, iri in enumerate(ordered) if by_iri[iri].attributes["kind"] in NAMING}
    group_of = {
        ordered[member]: f"{number}. {by_iri[ordered[best]].label}"
        for number, (group, best) in enumerate(
            zip(groups, best_linked(groups, links, naming), strict=True), 1
        )
        for member in group
    }
    return tuple(
        replace(node, attributes={**node.attributes, "group": group_of[node.id]})
        if node.id in group_of
        else node
        for node in nodes
    )


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))
