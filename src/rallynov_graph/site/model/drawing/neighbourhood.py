"""The drawing of a thing among the things that it is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from math import sqrt
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.site.model.drawing.names import text_width
from rallynov_graph.site.model.facts import Surroundings
from rallynov_graph.site.model.layout import AUTHOR, CERTAINTY, PASSAGE, VOICE
from rallynov_graph.site.model.links.shortest_paths import CLASSIFYING
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import (
    DERIVED,
    STROKES,
    Evidence,
    StatedTriple,
    label_of,
    stroke,
)

MOST: Final = 8
"""How many neighbours are drawn."""
WIDTH: Final = 330
"""What a telephone has room for."""
EDGE: Final = 20
"""How far from the left the thing itself stands."""
ROW: Final = 33
"""How far apart two names stand: two lines of each have room."""
LEAST_RADIUS: Final = 60
"""How far from the thing its neighbour stands, where it has one."""
MOST_RADIUS: Final = 100
BESIDE: Final = 14
"""How far from its middle a name stands beside a sign."""
LETTERS: Final = 13
LONGEST: Final = 80
"""How many characters of a line are looked at."""
MOST_WORDS: Final = 16
SHAPES: Final = (*DRAWN, "")
"""The kinds in their order in the drawing; the empty one stands for all others."""
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
    """A thing beside the one that the drawing is about."""

    node: Node
    label: str
    """The labels of what links the two."""
    certainty: str
    """The certainty of the surest link, which is the stroke of the line."""


@dataclass(frozen=True)
class PlacedNeighbour:
    """A neighbour at its place, its name in the lines that it has room for."""

    neighbour: Neighbour
    name: tuple[str, ...]
    x: int
    y: int


@dataclass(frozen=True)
class Neighbourhood:
    """A drawing of a thing, at the left, and of the things that it is linked to most surely."""

    name: str
    shape: str
    neighbours: tuple[PlacedNeighbour, ...]
    every: int
    """The number of things that it is linked to."""
    width: int
    height: int
    strokes: tuple[str, ...]
    """The strokes in the drawing, the surest first."""

    @property
    def more(self) -> int:
        """How many neighbours are not drawn."""
        return self.every - len(self.neighbours)


def neighbourhood(
    surroundings: Surroundings, node: Node, statements: Iterable[StatedTriple]
) -> Neighbourhood | None:
    """Return the drawing of a thing's neighbours, grouped by kind; None where it has none.

    The same number is drawn of each kind, as long as there are so many: the neighbours with the
    surest links, then with the most.
    """
    links = _links(surroundings, statements)
    if not links:
        return None
    chosen = [
        _neighbour(surroundings, node, statements_of_link)
        for node, statements_of_link in _chosen(surroundings, links)
    ]
    height = len(chosen) * ROW + ROW // 2
    used = {neighbour.certainty for neighbour in chosen}
    return Neighbourhood(
        node.text,
        node.shape,
        tuple(_placed(chosen, height)),
        len(links),
        WIDTH,
        height,
        tuple(certainty for certainty in STROKES if certainty in used),
    )


def in_lines(name: str, room: int) -> tuple[str, ...]:
    """Return a name in one or two lines, the last one cut where its room ends."""
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


Link = tuple[Node, list[StatedTriple]]


def _links(surroundings: Surroundings, statements: Iterable[StatedTriple]) -> list[Link]:
    """Return each linked thing that has a page on the site, with its links."""
    links: dict[str, list[StatedTriple]] = {}
    for statement in statements:
        if isinstance(statement.other_end, NamedNode) and _is_link(
            surroundings, statement, statement.other_end.value
        ):
            links.setdefault(statement.other_end.value, []).append(statement)
    nodes = ((surroundings.node(NamedNode(iri)), statement) for iri, statement in links.items())
    return [(node, statement) for node, statement in nodes if node.href and not node.external]


def _neighbour(surroundings: Surroundings, node: Node, statements: list[StatedTriple]) -> Neighbour:
    if len(statements) > 1:
        statements.sort(key=lambda s: (_rank(surroundings.evidence_of(s)), s.path))
    labels = dict.fromkeys(_label(surroundings, statement).value for statement in statements)
    evidence = surroundings.evidence_of(statements[0])
    concluded_from = evidence[0].certainty if evidence and evidence[0].kind == DERIVED else ""
    return Neighbour(node, ", ".join(labels), concluded_from or stroke(evidence))


def _rank(evidence: tuple[Evidence, ...]) -> tuple[int, str]:
    return evidence[0].rank if evidence else (9, "")


def _strength(surroundings: Surroundings, link: Link) -> tuple[int, int, str, str]:
    """Return a key that sorts the surest neighbours first, then those with the most links."""
    node, statements = link
    surest = min(_sureness(surroundings.evidence_of(statement)) for statement in statements)
    return surest, -len(statements), sortable(node.text), node.iri


def _sureness(evidence: tuple[Evidence, ...]) -> int:
    known = (piece.certainty if piece.kind == DERIVED else piece.kind for piece in evidence)
    return min((rank_of(kind) for kind in known if kind in CERTAINTIES), default=0)


def _is_link(surroundings: Surroundings, statement: StatedTriple, other: str) -> bool:
    return (
        other != surroundings.iri
        and statement.path not in NO_LINKS
        and (statement.backwards or statement.path not in CLASSIFYING)
        and not other.startswith(ONTOLOGY)
        and _QUESTION not in surroundings.described[other].classes
    )


def _label(surroundings: Surroundings, statement: StatedTriple) -> Text:
    return label_of(
        surroundings.view,
        statement.path,
        statement.backwards,
        surroundings.described[statement.path],
    )


def _chosen(surroundings: Surroundings, links: list[Link]) -> list[Link]:
    """Return the links that are drawn, taken in turn from each kind and then grouped by kind."""
    kinds: list[list[Link]] = [[] for _ in SHAPES]
    for link in links:
        kinds[SHAPES.index(link[0].shape)].append(link)
    for of_kind in kinds:
        of_kind.sort(key=lambda link: _strength(surroundings, link))
    in_turn = [
        link for links_in_turn in zip_longest(*kinds) for link in links_in_turn if link is not None
    ][:MOST]
    return sorted(in_turn, key=lambda link: SHAPES.index(link[0].shape))


def _placed(neighbours: list[Neighbour], height: int) -> Iterator[PlacedNeighbour]:
    """Yield neighbours on the right side of an ellipse, from top to bottom at even heights."""
    count = len(neighbours)
    room = height / count
    radius = min(LEAST_RADIUS + (count - 1) * 10, MOST_RADIUS)
    for rank, neighbour in enumerate(neighbours):
        y = (rank + 0.5) * room
        off = (2 * y / height - 1) ** 2
        x = round(EDGE + radius * sqrt(1 - 0.75 * off))
        name = in_lines(neighbour.node.text, WIDTH - x - BESIDE)
        yield PlacedNeighbour(neighbour, name, x, round(y))
