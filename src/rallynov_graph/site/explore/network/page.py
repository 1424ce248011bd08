"""The network: things of some kinds and their links, as a drawing and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.explore.network.selection import (
    NetworkKind,
    Selection,
    around,
    busiest,
    kinds,
)
from rallynov_graph.site.model.drawing.placement import Dot, dots_at_places, size
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.links.explained_links import STROKES, admits, stroke
from rallynov_graph.site.model.links.shortest_paths import PathLink
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.thing_choice import Choice, choose

SORTS: Final = ("degree", "name", "kind")
STEPS: Final = ("1", "2", "3")
MOSTS: Final = ("100", "300", "1000", "2000")
"""How many things are drawn at most: ``busiest.rq`` answers as many as the last."""

_NAMES: Final = ("certainty", "centre", "steps", "most", "sort")
NAMES: Final = ("kind", *_NAMES)
"""What the address of a network says."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class NetworkRequest:
    """What a reader wants to see: every part of the page's address."""

    kinds: tuple[str, ...] = ()
    certainty: str = LEAST_SURE
    centre: str = ""
    steps: str = "1"
    most: str = "300"
    sort: str = "degree"

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """Return the parameters of the page's address with some changed, those at rest left out."""
        at_rest = NetworkRequest()
        told = {name: changes.get(name, getattr(self, name)) for name in _NAMES}
        return [("kind", kind) for kind in self.kinds] + [
            (name, value) for name, value in told.items() if value != getattr(at_rest, name)
        ]


@dataclass(frozen=True)
class Line:
    """A link between two things that are shown, or several, by the surest."""

    one: Dot
    other: Dot
    label: str
    how: str


@dataclass(frozen=True)
class NetworkPage:
    """The network as it was asked for."""

    asked: NetworkRequest
    kinds: tuple[NetworkKind, ...]
    centre: Choice
    dots: tuple[Dot, ...]
    """In the order of the table."""
    lines: tuple[Line, ...]
    links: tuple[PathLink, ...]
    """The statements that the lines stand for."""
    total: int
    """How many things there are to be shown."""
    alone: int
    """How many of the things that were chosen are linked to no other of them."""
    whole: bool
    strokes: tuple[str, ...]
    query: str
    width: int
    height: int


def network_page(
    view: GraphView, finder: Finder, asked: NetworkRequest, among: Selection | None = None
) -> NetworkPage:
    """Return the things that were asked for, or those ``among`` some, placed, with their links."""
    offered = kinds(view, [*asked.kinds])
    centre = choose(view, finder, asked.centre)
    wanted = among or _selected(view, asked, offered, centre)
    links = links_among(view, wanted.things, asked.certainty)
    pairs = _pairs(links)
    degrees = Counter(iri for pair in pairs for iri in pair)
    middle = centre.chosen.node.iri if centre.chosen else ""
    shown = sorted(
        (iri for iri in wanted.things if iri in degrees or iri == middle),
        key=lambda iri: (iri != middle, -degrees[iri], iri),
    )
    dots = dots_at_places(view, shown, pairs, degrees, middle)
    names = _names(view, links)
    lines = tuple(
        Line(dots[a], dots[b], _said(names, found), stroke(_surest(found)))
        for (a, b), found in pairs.items()
    )
    used = {it.how for it in lines}
    return NetworkPage(
        asked,
        offered,
        centre,
        tuple(sorted(dots.values(), key=lambda dot: _rank(dot, asked.sort))),
        lines,
        tuple(links),
        wanted.total,
        len(wanted.things) - len(shown),
        wanted.whole,
        tuple(how for how in STROKES if how in used),
        readable(wanted.query) if wanted.query else "",
        *size(len(shown)),
    )


def links_among(
    view: GraphView, things: tuple[str, ...], certainty: str
) -> dict[PathLink, tuple[Evidence, ...]]:
    """Return the links among things, at least so certain, with who says them, the surest first."""
    terms = [NamedNode(iri) for iri in things]
    graphs: dict[PathLink, list[str]] = {}
    for thing, prop, other, graph in view.queries.rows(
        "links_among", thing=terms, other=terms
    ).rows:
        link = PathLink(*(str(getattr(term, "value", term)) for term in (thing, prop, other)))
        them = graphs.setdefault(link, [])
        if isinstance(graph, NamedNode):
            them.append(graph.value)
    said = evidence_of_graphs(view, (g for them in graphs.values() for g in them))
    found = {}
    for link, them in graphs.items():
        known = [said[g] for g in them if g in said]
        accepted = [proof for proof in known if admits(certainty, proof)]
        if accepted or not known:
            found[link] = tuple(sorted(accepted, key=lambda proof: proof.rank))
    return found


def triples(page: NetworkPage) -> Iterator[Triple]:
    """Yield the statements that the lines of a network stand for."""
    for link in page.links:
        yield Triple(*map(NamedNode, (link.subject, link.property, link.object)))


def _selected(
    view: GraphView, asked: NetworkRequest, offered: tuple[NetworkKind, ...], centre: Choice
) -> Selection:
    chosen = [kind for kind in offered if kind.chosen]
    if centre.chosen:
        iri = centre.chosen.node.iri
        return around(view, iri, int(asked.steps), chosen, asked.certainty, int(asked.most))
    return busiest(view, chosen, int(asked.most)) if not centre.text else Selection((), 0)


Links = dict[PathLink, tuple[Evidence, ...]]


def _pairs(links: Links) -> dict[Pair, Links]:
    """Return the links between each two things, whichever way they go."""
    pairs: dict[Pair, Links] = {}
    for link, evidence in links.items():
        one, other = sorted((link.subject, link.object))
        pairs.setdefault((one, other), {})[link] = evidence
    return pairs


def _surest(links: Links) -> tuple[Evidence, ...]:
    return min(links.values(), key=lambda proofs: proofs[0].rank if proofs else (9, ""))


def _names(view: GraphView, links: Links) -> dict[str, str]:
    """Return what each property is called."""
    described = view.described(link.property for link in links)
    return {
        prop: (view.best(known.names) or Text(last_part(prop))).value
        for prop, known in described.items()
    }


def _said(names: dict[str, str], links: Links) -> str:
    return ", ".join(dict.fromkeys(names[link.property] for link in links))


def _rank(dot: Dot, sort: str) -> tuple[object, ...]:
    name = sortable(dot.node.text), dot.node.iri
    if sort == "name":
        return name
    if sort == "kind":
        return (sortable(dot.kind.value) if dot.kind else "", -dot.degree, *name)
    return (-dot.degree, *name)
