"""Organisations, people, stages, innovations and themes of a release, and the links among them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import certainty_of, surest
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.exports.citation_formats import CREATORS
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode
from rallynov_graph.exports.statement_rows import kind_of, quads
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_CERTAINTY: Final = RN + "certainty"
_START: Final = PREFIXES["schema"] + "startDate"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_Link = tuple[str, str, str]


@dataclass
class _NetworkData:
    """The data of a network, as they are read from a release."""

    names: dict[str, list[tuple[int, Text]]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    graphs: dict[_Link, list[str]] = field(default_factory=dict)
    certainty: dict[str, str] = field(default_factory=dict)


def network(release: Release, progress: Progress | None = None) -> Network:
    """Return the things of the kinds that are drawn, and each link of two of them once.

    The weight of a link is the number of graphs that state it, its certainty that of the surest of
    them, its day that of its stage.
    """
    data = _NetworkData()
    for quad in quads(release, progress):
        _add(data, quad)
    nodes = tuple(_node(iri, names) for iri, names in sorted(data.names.items()))
    links = ((link, data.graphs[link]) for link in sorted(data.graphs))
    edges = tuple(
        _edge(link, graphs, data)
        for link, graphs in links
        if link[0] in data.names and link[2] in data.names
    )
    manifest = release.manifest
    title = manifest.title.get("fr") or next(iter(manifest.title.values()), "")
    issued = manifest.issued if _DAY.fullmatch(manifest.issued) else ""
    return Network(
        f"{title} ({manifest.id})", CREATORS, issued, nodes, edges, licence=manifest.licence
    )


def _add(data: _NetworkData, quad: Quad) -> None:
    subject, prop, value = quad.subject, quad.predicate.value, quad.object
    if prop == _CERTAINTY and (certainty := certainty_of(_iri(value))):
        data.certainty[_iri(subject)] = certainty
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
    attributes = {"property": prop}
    if certainty := surest(data.certainty[g] for g in graphs if g in data.certainty):
        attributes["certainty"] = certainty
    day = data.days.get(source) or data.days.get(target) or ""
    kind = in_prefixes(prop)
    return NetworkEdge(source, target, kind, len(set(graphs)), day, attributes)


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))
