"""The network: things of some kinds and their links, as a drawing and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.exports.networks import AT_SAME_STAGE, shortest_way
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.explore.network.drawn_links import (
    DrawnLink,
    lines_of,
    links_among,
    pairs_of,
    without_same_stage,
)
from rallynov_graph.site.explore.network.selection import (
    NetworkKind,
    Selection,
    around,
    busiest,
    kinds,
)
from rallynov_graph.site.model.drawing.placement import Community, Dot, placed_network
from rallynov_graph.site.model.links.shortest_paths import PathSearch
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import Judged, StatedTriple, Statement, read_from
from rallynov_graph.site.model.thing_choice import Choice, choose

SORTS: Final = ("degree", "name", "kind")
STEPS: Final = ("1", "2", "3")
MOSTS: Final = ("100", "300", "1000", "2000")
"""How many things are drawn at most: ``busiest.rq`` answers as many as the last."""

SAME_STAGE: Final = ("no", "yes")
"""Whether computed links between those who were at the same stage are drawn."""

_NAMES: Final = {
    **{name: name for name in ("certainty", "centre", "steps", "most", "sort", "same_stage")},
    **{"from": "start", "to": "end"},
}
NAMES: Final = ("kind", *_NAMES)
"""What the address of a network says."""
_LONG: Final = 1000
"""More steps than a way has: no number of sure links outweighs one step more."""


@dataclass(frozen=True)
class NetworkRequest:
    """What a reader wants to see: every part of the page's address."""

    kinds: tuple[str, ...] = ()
    certainty: str = LEAST_SURE
    centre: str = ""
    steps: str = "1"
    most: str = "300"
    sort: str = "degree"
    same_stage: str = SAME_STAGE[0]
    start: str = ""
    """The thing that is picked; ``from`` in the address."""
    end: str = ""
    """The thing to which the way from the picked one is shown; ``to`` in the address."""

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """Return the parameters of the page's address with some changed, those at rest left out."""
        at_rest = NetworkRequest()
        values = {
            name: changes.get(name, getattr(self, attribute)) for name, attribute in _NAMES.items()
        }
        return [("kind", kind) for kind in self.kinds] + [
            (name, value)
            for name, value in values.items()
            if value != getattr(at_rest, _NAMES[name])
        ]


@dataclass(frozen=True)
class LinkedThing:
    """A thing that another is linked to, with the links as read from the other."""

    dot: Dot
    line: DrawnLink
    links: list[Statement]


@dataclass(frozen=True)
class NetworkPage:
    """The network as it was asked for."""

    request: NetworkRequest
    kinds: tuple[NetworkKind, ...]
    centre: Choice
    start: Choice
    end: Choice
    dots: tuple[Dot, ...]
    """In the order of the table."""
    communities: tuple[Community, ...]
    lines: tuple[DrawnLink, ...]
    links: tuple[StatedTriple, ...]
    """The statements that the lines stand for."""
    total: int
    """How many things there are to be shown."""
    alone: int
    """How many of the things that were chosen are linked to no other of them."""
    same_stage: int
    """How many pairs of those who were at the same stage have no other link."""
    whole: bool
    strokes: tuple[str, ...]
    query: str
    width: int
    height: int
    picked: Dot | None = None
    """The thing that is picked, where it is drawn."""
    target: Dot | None = None
    """The other thing that is picked, where it is drawn."""
    beside: tuple[LinkedThing, ...] = ()
    """What the picked thing is linked to, the surest first; empty where a way is shown."""
    way: tuple[LinkedThing, ...] = ()
    """The shortest way over drawn links to the other picked thing, step by step."""

    @property
    def left_out(self) -> int:
        """How many things with fewer links are left out."""
        return max(0, self.total - len(self.dots) - self.alone)

    @property
    def used_kinds(self) -> tuple[str, ...]:
        """The kinds with a sign that are drawn, in the order of the network."""
        used = {dot.node.shape for dot in self.dots}
        return tuple(kind for kind in DRAWN if kind in used)

    @property
    def is_on_way(self) -> frozenset[str]:
        """The things of the way that is shown, by IRI."""
        start = {self.picked.node.iri} if self.picked and self.way else set()
        return frozenset(start | {step.dot.node.iri for step in self.way})


def network_page(view: GraphView, finder: Finder, request: NetworkRequest) -> NetworkPage:
    """Return the things that were asked for, placed, with their links."""
    offered = kinds(view, [*request.kinds])
    centre, start, end = (
        choose(view, finder, text) for text in (request.centre, request.start, request.end)
    )
    wanted = _selected(view, request, offered, centre)
    found, is_whole = links_among(view, wanted.things, request.certainty)
    links, same_stage = without_same_stage(found, request.same_stage == SAME_STAGE[1])
    pairs = pairs_of(links)
    degrees = Counter(iri for pair in pairs for iri in pair)
    middle = centre.chosen.node.iri if centre.chosen else ""
    shown = sorted(
        (iri for iri in wanted.things if iri in degrees or iri == middle),
        key=lambda iri: (iri != middle, -degrees[iri], iri),
    )
    placed = placed_network(view, shown, pairs, degrees, middle)
    lines = lines_of(view, placed.dots, links, pairs)
    used = {line.certainty for line in lines}
    picked = placed.dots.get(start.chosen.node.iri) if start.chosen else None
    target = placed.dots.get(end.chosen.node.iri) if end.chosen else None
    way = tuple(_way(view, lines, picked, target, links)) if picked and target else ()
    return NetworkPage(
        request,
        offered,
        centre,
        start,
        end,
        tuple(sorted(placed.dots.values(), key=lambda dot: _rank(dot, request.sort))),
        placed.communities,
        lines,
        tuple(links),
        wanted.total,
        len(wanted.things) - len(shown),
        same_stage,
        wanted.whole and is_whole,
        tuple(certainty for certainty in CERTAINTIES if certainty in used),
        readable(wanted.query) if wanted.query else "",
        placed.width,
        placed.height,
        picked,
        target,
        tuple(_beside(view, lines, picked, links)) if picked and not way else (),
        way,
    )


def triples(page: NetworkPage) -> Iterator[Triple]:
    """Return the statements that the lines of a network stand for."""
    return (link.triple for link in page.links)


def _selected(
    view: GraphView, request: NetworkRequest, offered: tuple[NetworkKind, ...], centre: Choice
) -> Selection:
    chosen = [kind for kind in offered if kind.chosen]
    if centre.chosen:
        iri = centre.chosen.node.iri
        without = () if request.same_stage == SAME_STAGE[1] else (AT_SAME_STAGE,)
        search = PathSearch(view.queries, request.certainty)
        return around(view, iri, int(request.steps), chosen, search, int(request.most), without)
    return busiest(view, chosen, int(request.most)) if not centre.text else Selection((), 0)


def _beside(
    view: GraphView, lines: Iterable[DrawnLink], picked: Dot, links: Judged
) -> Iterator[LinkedThing]:
    """Yield what a thing is linked to, the surest and best-linked first."""
    iri = picked.node.iri
    own = [line for line in lines if iri in (line.one.node.iri, line.other.node.iri)]
    own.sort(
        key=lambda line: (
            CERTAINTIES.index(line.certainty or SUREST),
            line.is_computed,
            -line.other_end(picked).degree,
        )
    )
    for line in own:
        yield LinkedThing(line.other_end(picked), line, _read_from(view, iri, line, links))


def _way(
    view: GraphView, lines: Iterable[DrawnLink], start: Dot, end: Dot, links: Judged
) -> Iterator[LinkedThing]:
    """Yield the steps of a shortest way; of several ways, one over surer links."""
    line_of = {(line.one.node.iri, line.other.node.iri): line for line in lines}
    weights = {
        ends: _LONG + CERTAINTIES.index(it.certainty or SUREST) for ends, it in line_of.items()
    }
    dot = start
    for iri, following in pairwise(shortest_way(weights, start.node.iri, end.node.iri)):
        one, other = sorted((iri, following))
        line = line_of[one, other]
        dot = line.other_end(dot)
        yield LinkedThing(dot, line, _read_from(view, iri, line, links))


def _read_from(view: GraphView, iri: str, line: DrawnLink, links: Judged) -> list[Statement]:
    return read_from(view, iri, {link: links[link] for link in line.links})


def _rank(dot: Dot, sort: str) -> tuple[object, ...]:
    name = sortable(dot.node.text), dot.node.iri
    if sort == "name":
        return name
    if sort == "kind":
        return (sortable(dot.kind.value) if dot.kind else "", -dot.degree, *name)
    return (-dot.degree, *name)
