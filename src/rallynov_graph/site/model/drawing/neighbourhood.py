"""A thing among the things it is linked to, as a drawing: where each stands is settled here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from math import sqrt
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.site.model.evidence import Evidence
from rallynov_graph.site.model.facts import Surroundings, label_of
from rallynov_graph.site.model.links.explained_links import CERTAIN, line
from rallynov_graph.site.model.links.hubs import CLASSIFYING
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statements import Statement

MOST: Final = 24
"""How many neighbours are drawn."""
HALF: Final = 330
"""How wide each of the two halves is, the thing on the edge between them: that of a telephone."""
ROW: Final = 27
"""How far apart two names stand."""
RADIUS: Final = 112
LONGEST: Final = 28
"""How many characters of a name are drawn."""
SHAPES: Final = (*DRAWN, "")
"""The kinds in the order that they stand in; the empty one is all others."""
NO_LINKS: Final = frozenset(
    {
        TYPE,
        PREFIXES["rdfs"] + "isDefinedBy",
        PREFIXES["rdfs"] + "seeAlso",
        PREFIXES["dcterms"] + "source",
        PREFIXES["oa"] + "hasSource",
        PREFIXES["oa"] + "hasSelector",
        PREFIXES["prov"] + "wasAttributedTo",
        PREFIXES["prov"] + "wasDerivedFrom",
        PREFIXES["prov"] + "wasGeneratedBy",
        RN + "certainty",
        RN + "passage",
        RN + "quotedSegment",
        RN + "takenIn",
        RN + "voice",
    }
)
"""What says what something is, or where a fact comes from: ``neighbours.rq`` leaves it out too."""


_QUESTION: Final = RN + "OpenQuestion"


@dataclass(frozen=True)
class Neighbour:
    """A thing beside the one that the drawing is about."""

    node: Node
    label: str
    """What links them."""
    how: str
    """The stroke of the line: how sure the surest link is."""


@dataclass(frozen=True)
class PlacedNeighbour:
    """A neighbour at its place, its name cut to what there is room for."""

    neighbour: Neighbour
    name: str
    x: int
    y: int
    is_left: bool


@dataclass(frozen=True)
class Neighbourhood:
    """A drawing of a thing among its neighbours, in halves that stand side by side or below."""

    name: str
    language: str
    """That of the name, where it is another than the page's."""
    shape: str
    right: tuple[PlacedNeighbour, ...]
    left: tuple[PlacedNeighbour, ...]
    more: int
    half: int
    """The width of a half; the thing stands so far from the left."""
    height: int
    strokes: tuple[str, ...]
    """The strokes that the drawing has, the surest first."""


def neighbourhood(
    around: Surroundings, me: Node, statements: Iterable[Statement]
) -> Neighbourhood | None:
    """Return the drawing of a thing's neighbours, those of each kind side by side; None without."""
    links = _links(around, statements)
    if not links:
        return None
    chosen = [_neighbour(around, node, told) for node, told in _chosen(links)]
    right = (len(chosen) + 1) // 2
    height = max(5, right) * ROW + ROW
    used = {neighbour.how for neighbour in chosen}
    return Neighbourhood(
        cut(me.text),
        me.language,
        me.shape,
        tuple(_placed(chosen[:right], height, False)),
        tuple(_placed(chosen[right:], height, True)),
        len(links) - len(chosen),
        HALF,
        height,
        tuple(how for how in CERTAIN if how in used),
    )


def cut(name: str) -> str:
    """Return as much of a name as there is room for."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


Links = list[tuple[Node, list[Statement]]]


def _links(around: Surroundings, statements: Iterable[Statement]) -> Links:
    """Return each thing that is linked and has a page here, with its links."""
    links: dict[str, list[Statement]] = {}
    for told in statements:
        if isinstance(told.other, NamedNode) and _is_link(around, told, told.other.value):
            links.setdefault(told.other.value, []).append(told)
    nodes = ((around.node(NamedNode(iri)), told) for iri, told in links.items())
    return [(node, told) for node, told in nodes if node.href and not node.external]


def _neighbour(around: Surroundings, node: Node, told: list[Statement]) -> Neighbour:
    if len(told) > 1:
        told.sort(key=lambda s: (_rank(around.proofs(s)), s.path))
    labels = dict.fromkeys(_label(around, statement).value for statement in told)
    return Neighbour(node, ", ".join(labels), line(around.proofs(told[0])))


def _rank(proofs: tuple[Evidence, ...]) -> tuple[int, str]:
    return proofs[0].rank if proofs else (9, "")


def _is_link(around: Surroundings, told: Statement, other: str) -> bool:
    return (
        other != around.iri
        and told.path not in NO_LINKS
        and (told.backwards or told.path not in CLASSIFYING)
        and not other.startswith(ONTOLOGY)
        and _QUESTION not in around.described[other].classes
    )


def _label(around: Surroundings, told: Statement) -> Text:
    return label_of(around.view, told.path, told.backwards, around.described[told.path])


def _chosen(links: Links) -> Links:
    """Return as many as are drawn, in turn of each kind, those of one kind side by side."""
    kinds: list[Links] = [[] for _ in SHAPES]
    for link in sorted(links, key=lambda link: (sortable(link[0].text), link[0].iri)):
        kinds[SHAPES.index(link[0].shape)].append(link)
    in_turn = [link for them in zip_longest(*kinds) for link in them if link is not None][:MOST]
    return sorted(in_turn, key=lambda link: SHAPES.index(link[0].shape))


def _placed(neighbours: list[Neighbour], height: int, is_left: bool) -> Iterator[PlacedNeighbour]:
    """Yield neighbours on one side of an ellipse, from top to bottom at even heights."""
    room = height / max(1, len(neighbours))
    for rank, neighbour in enumerate(neighbours):
        y = (rank + 0.5) * room
        off = (2 * y / height - 1) ** 2
        x = RADIUS * sqrt(1 - 0.75 * off)
        at = HALF + (-x if is_left else x)
        yield PlacedNeighbour(neighbour, cut(neighbour.node.text), round(at), round(y), is_left)
