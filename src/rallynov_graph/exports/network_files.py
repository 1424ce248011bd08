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
from rallynov_graph.exports.link_graphs import Edge, Network, Node
from rallynov_graph.exports.statement_rows import Tell, kind_of, quads
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_CERTAINTY: Final = RN + "certainty"
_START: Final = PREFIXES["schema"] + "startDate"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_Link = tuple[str, str, str]


@dataclass
class _Read:
    """What was read of a release."""

    names: dict[str, list[tuple[int, Text]]] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    graphs: dict[_Link, list[str]] = field(default_factory=dict)
    certainty: dict[str, str] = field(default_factory=dict)


def network(release: Release, tell: Tell | None = None) -> Network:
    """Return the things of the kinds that are drawn, and each link of two of them once.

    A link weighs as many graphs as state it, is as certain as the surest of them, and holds for
    the day of the stage that it is of.
    """
    read = _Read()
    for quad in quads(release, tell):
        _take_note(read, quad)
    nodes = tuple(_node(iri, names) for iri, names in sorted(read.names.items()))
    links = ((link, read.graphs[link]) for link in sorted(read.graphs))
    edges = tuple(
        _edge(link, graphs, read)
        for link, graphs in links
        if link[0] in read.names and link[2] in read.names
    )
    about = release.manifest
    title = about.title.get("fr") or next(iter(about.title.values()), "")
    issued = about.issued if _DAY.fullmatch(about.issued) else ""
    return Network(f"{title} ({about.id})", CREATORS, issued, nodes, edges, licence=about.licence)


def _take_note(read: _Read, quad: Quad) -> None:
    subject, prop, value = quad.subject, quad.predicate.value, quad.object
    if prop == _CERTAINTY and (how := certainty_of(_iri(value))):
        read.certainty[_iri(subject)] = how
    if kind_of(subject) not in DRAWN:
        return
    iri = _iri(subject)
    named = read.names.setdefault(iri, [])
    if isinstance(value, Literal):
        if prop in NAMINGS:
            named.append((NAMINGS.index(prop), Text(value.value, value.language or "")))
        elif prop == _START and _DAY.fullmatch(value.value):
            read.days[iri] = min(read.days.get(iri, value.value), value.value)
    elif kind_of(value) in DRAWN:
        read.graphs.setdefault((iri, prop, _iri(value)), []).append(_iri(quad.graph_name))


def _node(iri: str, names: Iterable[tuple[int, Text]]) -> Node:
    texts = [text for _, text in sorted(names, key=lambda found: found[0])]
    attributes = {"kind": kind_of(NamedNode(iri))}
    for language in LANGUAGES:
        text = best_text(texts, language)
        attributes[f"label_{language}"] = text.value if text else last_part(iri)
    return Node(iri, attributes["label_fr"], attributes)


def _edge(link: _Link, graphs: list[str], read: _Read) -> Edge:
    source, prop, target = link
    attributes = {"property": prop}
    if how := surest(read.certainty[g] for g in graphs if g in read.certainty):
        attributes["certainty"] = how
    day = read.days.get(source) or read.days.get(target) or ""
    kind = in_prefixes(prop)
    return Edge(source, target, kind, len(set(graphs)), day, attributes)


def _iri(term: object) -> str:
    return str(getattr(term, "value", term))
