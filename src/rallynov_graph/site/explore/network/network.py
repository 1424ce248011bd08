"""The network: things of some kinds and their links, as a drawing and as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST, rank_of
from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports.networks import AT_SAME_STAGE, shortest_way
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.explore.network.drawing import (
    Community,
    Dot,
    PlacedNetwork,
    placed_network,
)
from rallynov_graph.site.model.links.shortest_paths import PathSearch
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import (
    CURATION,
    DERIVED,
    Evidence,
    Judged,
    StatedTriple,
    Statement,
    iri_of,
    judged,
    mark_of,
    note_of,
    rank_of_mark,
    read_from,
    stated_with,
)
from rallynov_graph.site.model.thing_choice import Choice, choose
from rallynov_graph.site.web.params import Certainty, Of, Params, one_of, several
from rallynov_graph.site.web.params import Text as Name
from rallynov_graph.site.web.reader import view

CLASSES_OFFERED: Final = 8
MOST_KINDS: Final = 20
MOSTS: Final = ("100", "300", "1000", "2000")
"""How many things are drawn at most: ``busiest.rq`` answers as many as the last."""
_MOST_LINKS: Final = 20_000
"""How many statements are links at most."""
_NO_LINKS: Final = frozenset(
    PREFIXES[prefix] + name
    for prefix, name in (
        *(("rdf", "type"), ("rdfs", "isDefinedBy"), ("rdfs", "seeAlso")),
        *(("dcterms", "source"), ("rn", "voice")),
    )
)
"""Properties that say what a thing is, or where a fact comes from."""
_LONG: Final = 1000
"""More steps than a way has: no number of sure links outweighs one step more."""

Pairs = dict[tuple[str, str], Judged]
"""The links between each two things, whichever way they go."""


def _known_kind(text: str) -> str:
    return str(one_of(*(kind.key for kind in kinds(view()))).read(text))


@dataclass(frozen=True)
class NetworkParams(Params):
    """The reader's settings: every part of the page's address."""

    kind: Annotated[tuple[str, ...], several(Of(_known_kind, {"type": "string"}), MOST_KINDS)] = ()
    certainty: Certainty = LEAST_SURE
    centre: Name = ""
    steps: Annotated[str, one_of("1", "2", "3")] = "1"
    most: Annotated[str, one_of(*MOSTS)] = "300"
    sort: Annotated[str, one_of("degree", "name", "kind")] = "degree"
    same_stage: Annotated[str, one_of("no", "yes")] = "no"
    """Whether computed links between those who were at the same stage are drawn."""
    from_: Name = ""
    """The thing that is picked."""
    to: Name = ""
    """The thing to which the way from the picked one is shown."""

    @property
    def has_same_stage(self) -> bool:
        """Whether computed links between those who were at the same stage are drawn."""
        return self.same_stage == "yes"


@dataclass(frozen=True)
class NetworkKind:
    """A kind that a reader may choose: one of ours, or a class of another graph."""

    key: str
    label: Text | None
    """The name of a class; our own kinds have the site's words."""
    chosen: bool


@dataclass(frozen=True)
class DrawnLink:
    """A link between two things that are shown, or several, by the surest."""

    one: Dot
    other: Dot
    label: str
    certainty: str
    """Its certainty: a computed link is as certain as its weakest premise."""
    mark: str
    """The content of its mark: the certainty, or the source if it is not a document."""
    is_computed: bool
    """Whether rules alone state it."""
    note: str
    """The address of the evidence of its surest link; empty if there is none."""
    links: tuple[StatedTriple, ...]
    middle: tuple[int, int] | None = None
    """The position of its mark; None if there is no room."""

    def other_end(self, dot: Dot) -> Dot:
        """Return the end that is not this one."""
        return self.other if self.one.node.iri == dot.node.iri else self.one


@dataclass(frozen=True)
class LinkedThing:
    """A thing that another is linked to, with the links as read from the other."""

    dot: Dot
    line: DrawnLink
    links: list[Statement]


@dataclass(frozen=True)
class Network:
    request: NetworkParams
    kinds: tuple[NetworkKind, ...]
    centre: Choice
    start: Choice
    end: Choice
    dots: tuple[Dot, ...]
    """In the order of the table."""
    communities: tuple[Community, ...]
    lines: tuple[DrawnLink, ...]
    links: tuple[StatedTriple, ...]
    """The statements behind the lines."""
    total: int
    """How many things there are to be shown."""
    alone: int
    """How many of the things that were chosen are linked to no other of them."""
    same_stage: int
    """How many pairs of those who were at the same stage have no other link."""
    whole: bool
    """Whether all links were looked at."""
    query: str
    width: int
    height: int
    picked: Dot | None
    """The picked thing, if it is drawn."""
    target: Dot | None
    """The other picked thing, if it is drawn."""
    beside: tuple[LinkedThing, ...]
    """The neighbours of the picked thing, the surest first; empty if a path is shown."""
    way: tuple[LinkedThing, ...]
    """The shortest way over drawn links to the other picked thing, step by step."""

    @property
    def left_out(self) -> int:
        """The number of things with fewer links that are left out."""
        return max(0, self.total - len(self.dots) - self.alone)

    @property
    def certainties(self) -> tuple[str, ...]:
        """The certainties of the lines, the surest first."""
        used = {line.certainty for line in self.lines}
        return tuple(certainty for certainty in CERTAINTIES if certainty in used)

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

    def triples(self) -> Iterator[Triple]:
        return (link.triple for link in self.links)


@dataclass(frozen=True)
class _Wanted:
    """The things that a network shows, and how many there are to be shown."""

    things: tuple[str, ...] = ()
    total: int = 0
    whole: bool = True
    query: str = ""


def network_of(view: GraphView, finder: Finder, request: NetworkParams) -> Network:
    """Return the things that were asked for, placed, with their links."""
    offered = kinds(view, request.kind)
    centre, start, end = (
        choose(view, finder, text) for text in (request.centre, request.from_, request.to)
    )
    chosen = [kind.key for kind in offered if kind.chosen]
    middle = centre.chosen.node.iri if centre.chosen else ""
    wanted = _Wanted()
    if middle:
        wanted = _around(view, middle, request, {*chosen})
    elif not centre.text:
        wanted = _busiest(view, chosen, int(request.most))
    found, is_whole = _links_among(view, wanted.things, request.certainty)
    others = {link: it for link, it in found.items() if link.path != AT_SAME_STAGE}
    links = found if request.has_same_stage else others
    pairs = _pairs_of(links)
    degrees = Counter(iri for pair in pairs for iri in pair)
    shown = sorted(
        (iri for iri in wanted.things if iri in degrees or iri == middle),
        key=lambda iri: (iri != middle, -degrees[iri], iri),
    )
    placed = placed_network(view, shown, pairs, degrees, middle)
    lines = _lines(view, placed, links, pairs)
    picked = placed.dots.get(start.chosen.node.iri) if start.chosen else None
    target = placed.dots.get(end.chosen.node.iri) if end.chosen else None
    way = tuple(_way(view, lines, picked, target, links)) if picked and target else ()
    return Network(
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
        len(_pairs_of(found).keys() - _pairs_of(others).keys()),
        wanted.whole and is_whole,
        readable(wanted.query) if wanted.query else "",
        placed.width,
        placed.height,
        picked,
        target,
        tuple(_beside(view, lines, picked, links)) if picked and not way else (),
        way,
    )


def kinds(view: GraphView, wanted: Iterable[str] = ()) -> tuple[NetworkKind, ...]:
    """Return the chosen kinds; all if none or only unknown ones are chosen."""
    if view.foreign:
        classes = [row[0] for row in view.queries.rows("classes").rows[:CLASSES_OFFERED]]
        keys = tuple(it.value for it in classes if isinstance(it, NamedNode))
        described = view.described(keys)
        labels = {iri: view.best(described[iri].names) or Text(last_part(iri)) for iri in keys}
    else:
        keys, labels = tuple(DRAWN), {}
    known = {*wanted} & {*keys} or {*keys}
    return tuple(NetworkKind(key, labels.get(key), key in known) for key in keys)


def _busiest(view: GraphView, chosen: Iterable[str], most: int) -> _Wanted:
    """Return the things of some kinds with the most links, up to a number."""
    members = (DRAWN[key].members if key in DRAWN else (key,) for key in chosen)
    classes = [NamedNode(it) for them in members for it in them]
    if not classes:
        return _Wanted()
    given = {"class": classes}
    rows = view.cached_rows("busiest", **given).rows
    [[total]] = view.cached_rows("how_many", **given).rows
    assert isinstance(total, Literal)
    things = tuple(thing.value for thing, _ in rows[:most] if isinstance(thing, NamedNode))
    return _Wanted(things, int(total.value), query=view.queries.text("busiest", **given))


def _around(view: GraphView, centre: str, request: NetworkParams, keys: set[str]) -> _Wanted:
    """Return a thing and those of some kinds that it leads to in some steps, nearest first."""
    search, most = PathSearch(view.queries, request.certainty), int(request.most)
    without = () if request.has_same_stage else (AT_SAME_STAGE,)
    found, edge, total = {centre: None}, [centre], 1
    for _ in range(int(request.steps)):
        links = Counter(
            link.object if link.subject == thing else link.subject
            for link, thing in search.links(edge)
            if link.property not in without
        )
        reached = _of_kinds(view, [iri for iri in links if iri not in found], keys)
        total += len(reached)
        edge = sorted(reached, key=lambda iri: (-links[iri], iri))[: most - len(found)]
        found |= dict.fromkeys(edge)
        if not edge or len(found) >= most:
            break
    return _Wanted((*found,), total, search.is_whole, search.query_text([centre]))


def _of_kinds(view: GraphView, iris: list[str], keys: set[str]) -> list[str]:
    described = view.described(iris)
    if view.foreign:
        return [i for i in iris if keys & {*view.graph.with_superclasses(described[i].classes)}]
    return [iri for iri in iris if view.shape(iri, described[iri].classes) in keys]


def _links_among(view: GraphView, things: tuple[str, ...], certainty: str) -> tuple[Judged, bool]:
    """Return the links among things, at least so certain, and whether these are all."""
    stated = stated_with(view, thing=things, value=things)
    links = [it for it in stated if it.path not in _NO_LINKS and it.subject != it.value]
    links.sort(key=lambda it: (iri_of(it.subject), it.path, iri_of(it.value)))
    return judged(view, links[:_MOST_LINKS], certainty), len(links) <= _MOST_LINKS


def _pairs_of(links: Judged) -> Pairs:
    pairs: Pairs = {}
    for link, evidence in links.items():
        one, other = sorted((iri_of(link.subject), iri_of(link.value)))
        pairs.setdefault((one, other), {})[link] = evidence
    return pairs


def _lines(
    view: GraphView, placed: PlacedNetwork, links: Judged, pairs: Pairs
) -> tuple[DrawnLink, ...]:
    described = view.described(link.path for link in links)
    names = {
        prop: (view.best(known.names) or Text(last_part(prop))).value
        for prop, known in described.items()
    }

    def line(one: Dot, other: Dot, them: Judged) -> DrawnLink:
        link, evidence = min(them.items(), key=lambda item: _sureness(item[1]))
        note = note_of(view.note_address, link, evidence) or ""
        computed = all(pieces and pieces[0].kind == DERIVED for pieces in them.values())
        label = ", ".join(dict.fromkeys(names[it.path] for it in them))
        mark, certainty = mark_of(evidence), _certainty_of(evidence)
        middle = placed.middle(one, other) if mark in CERTAINTIES else None
        return DrawnLink(one, other, label, certainty, mark, computed, note, tuple(them), middle)

    dots = placed.dots
    return tuple(line(dots[one], dots[other], them) for (one, other), them in pairs.items())


def _sureness(evidence: tuple[Evidence, ...]) -> tuple[int, tuple[int, str]]:
    """Return a key that sorts links the surest first; said ones come before computed ones."""
    certainty = _certainty_of(evidence)
    rank = rank_of(certainty) if certainty else -1
    return rank, evidence[0].rank if evidence else (9, "")


def _certainty_of(evidence: tuple[Evidence, ...]) -> str:
    """Return the certainty of the surest evidence; what curators say counts as explicit."""
    first = evidence[0] if evidence else None
    return first.certainty or (SUREST if first.kind == CURATION else "") if first else ""


def _beside(
    view: GraphView, lines: Iterable[DrawnLink], picked: Dot, links: Judged
) -> Iterator[LinkedThing]:
    """Yield the neighbours of a thing, the surest and best-linked first."""
    iri = picked.node.iri
    own = [line for line in lines if iri in (line.one.node.iri, line.other.node.iri)]
    own.sort(
        key=lambda line: (
            rank_of_mark(line.certainty),
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
    weights = {ends: _LONG + rank_of_mark(it.certainty) for ends, it in line_of.items()}
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
