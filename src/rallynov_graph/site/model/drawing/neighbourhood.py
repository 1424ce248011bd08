"""The drawing of a thing among the things that it is linked to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from math import sqrt
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.drawing.names import text_width
from rallynov_graph.site.model.facts import Surroundings
from rallynov_graph.site.model.layout import AUTHOR, CERTAINTY, PASSAGE, VOICE
from rallynov_graph.site.model.links.shortest_paths import CLASSIFYING
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import (
    Evidence,
    StatedTriple,
    label_of,
    mark_of,
    rank_of_surest,
)

MOST: Final = 8
"""How many neighbours are drawn."""
WIDTH: Final = 330
"""The width of a telephone; ``drawing.html`` draws this width."""
EDGE: Final = 20
"""The distance of the thing itself from the left."""
ROW: Final = 33
"""The distance between two names: each has room for two lines."""
LEAST_RADIUS: Final = 60
"""The distance of a thing from its only neighbour."""
MOST_RADIUS: Final = 100
BESIDE: Final = 14
"""The distance of a name from the middle of its sign."""
LETTERS: Final = 13
LONGEST: Final = 80
"""How many characters of a line are looked at."""
MOST_WORDS: Final = 16
SHAPES: Final = (*DRAWN, "")
"""The kinds in their order in the drawing; the empty one means all others."""
NO_LINKS: Final = frozenset(
    {
        TYPE,
        PREFIXES["rdfs"] + "isDefinedBy",
        PREFIXES["rdfs"] + "seeAlso",
        PREFIXES["dcterms"] + "source",
        PREFIXES["dcterms"] + "isFormatOf",
        PREFIXES["oa"] + "hasSource",
        PREFIXES["oa"] + "hasSelector",
        AUTHOR,
        PREFIXES["prov"] + "wasDerivedFrom",
        PREFIXES["prov"] + "wasGeneratedBy",
        CERTAINTY,
        PASSAGE,
        RN + "quotedSegment",
        RN + "takenIn",
        RN + "alternativeIn",
        RN + "onSubject",
        VOICE,
    }
)
"""Properties that are no links between things; ``neighbours.rq`` leaves them out too."""


_QUESTION: Final = RN + "OpenQuestion"


@dataclass(frozen=True)
class Neighbour:
    """A neighbour in the drawing, with its place."""

    node: Node
    label: str
    """The labels of the links between the two."""
    certainty: str
    """The mark of the surest link."""
    name: tuple[str, ...]
    """Its name in the lines that it has room for."""
    x: int
    y: int


@dataclass(frozen=True)
class Neighbourhood:
    """A drawing of a thing, at the left, and of the things that it is linked to most surely."""

    name: str
    shape: str
    neighbours: tuple[Neighbour, ...]
    every: int
    """The number of things that it is linked to."""
    height: int

    @property
    def more(self) -> int:
        """The number of neighbours that are not drawn."""
        return self.every - len(self.neighbours)


Link = tuple[Node, list[StatedTriple]]


def neighbourhood(
    surroundings: Surroundings, node: Node, statements: Iterable[StatedTriple]
) -> Neighbourhood | None:
    """Return the drawing of a thing's neighbours, grouped by kind; None if it has none.

    The same number of each kind is drawn, if there are enough: those with the surest links, then
    with the most. They are on the right side of an ellipse, from top to bottom at equal heights.
    """
    links = _links(surroundings, statements)
    if not links:
        return None
    chosen = _chosen(surroundings, links)
    height = len(chosen) * ROW + ROW // 2
    radius = min(LEAST_RADIUS + (len(chosen) - 1) * 10, MOST_RADIUS)

    def neighbour(rank: int, other: Node, them: list[StatedTriple]) -> Neighbour:
        y = (rank + 0.5) * (height / len(chosen))
        x = round(EDGE + radius * sqrt(1 - 0.75 * (2 * y / height - 1) ** 2))
        them.sort(key=lambda it: (_rank(surroundings.evidence_of(it)), it.path))
        labels = dict.fromkeys(
            label_of(
                surroundings.view, it.path, it.backwards, surroundings.described[it.path]
            ).value
            for it in them
        )
        evidence = surroundings.evidence_of(them[0])
        name = _in_lines(other.text, WIDTH - x - BESIDE)
        return Neighbour(other, ", ".join(labels), mark_of(evidence), name, x, round(y))

    placed = tuple(neighbour(rank, *link) for rank, link in enumerate(chosen))
    return Neighbourhood(node.text, node.shape, placed, len(links), height)


def _links(surroundings: Surroundings, statements: Iterable[StatedTriple]) -> list[Link]:
    """Return each linked thing that has a page on the site, with its links."""
    links: dict[str, list[StatedTriple]] = {}
    for it in statements:
        if (
            isinstance(it.other_end, NamedNode)
            and it.path not in NO_LINKS
            and (it.backwards or it.path not in CLASSIFYING)
            and it.other_end.value != surroundings.iri
            and not it.other_end.value.startswith(ONTOLOGY)
            and _QUESTION not in surroundings.described[it.other_end.value].classes
        ):
            links.setdefault(it.other_end.value, []).append(it)
    nodes = ((surroundings.node(NamedNode(iri)), them) for iri, them in links.items())
    return [(node, them) for node, them in nodes if node.href and not node.external]


def _chosen(surroundings: Surroundings, links: list[Link]) -> list[Link]:
    """Return the links that are drawn, taken in turn from each kind and then grouped by kind."""

    def strength(link: Link) -> tuple[int, int, str, str]:
        node, statements = link
        surest = min(rank_of_surest(surroundings.evidence_of(it)) for it in statements)
        return surest, -len(statements), sortable(node.text), node.iri

    kinds: list[list[Link]] = [[] for _ in SHAPES]
    for link in sorted(links, key=strength):
        kinds[SHAPES.index(link[0].shape)].append(link)
    in_turn = [link for links in zip_longest(*kinds) for link in links if link is not None][:MOST]
    return sorted(in_turn, key=lambda link: SHAPES.index(link[0].shape))


def _rank(evidence: tuple[Evidence, ...]) -> tuple[int, str]:
    return evidence[0].rank if evidence else (9, "")


def _in_lines(name: str, room: int) -> tuple[str, ...]:
    """Return a name on one or two lines, the last one truncated."""
    name = " ".join(name.split())
    words = name.split(" ", MOST_WORDS)
    for count in range(len(words), 0, -1):
        first, rest = " ".join(words[:count]), " ".join(words[count:])
        if text_width(first, LETTERS) <= room:
            return (first, _cut(rest, room)) if rest else (first,)
    return (_cut(name, room),)


def _cut(name: str, room: int) -> str:
    shown = name[:LONGEST]
    while shown and text_width(shown + ("…" if shown != name else ""), LETTERS) > room:
        shown = shown[:-1].rstrip()
    return shown if shown == name else f"{shown}…"
