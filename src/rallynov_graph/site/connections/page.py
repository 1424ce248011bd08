"""What connects two things: each shortest connection, step by step, with who says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.links.explained_links import Proven, proofs, read_from
from rallynov_graph.site.model.links.hubs import BUSY, Avoided
from rallynov_graph.site.model.links.shortest_paths import STEPS, Connections, Search
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.thing_choice import Choice, choose

SHOWN: Final = 25
"""How many connections a page shows."""
NAMED: Final = 30
"""How many of the things that were not passed through a page names."""
HEADER: Final = (
    "connection",
    "step",
    "subject",
    "subject_label",
    "property",
    "object",
    "object_label",
    "certainty",
)
"""What a file says of each link."""
QUESTION: Final = "links_between"
"""The question of the catalogue that tells the direct links of two things."""


@dataclass(frozen=True)
class PathStep:
    """What links a thing to the next one, and that one."""

    links: tuple[Proven, ...]
    to: Node

    @property
    def strength(self) -> int:
        """How weak the surest link is: 0 is said outright."""
        return min((_weakness(link) for link in self.links), default=0)


@dataclass(frozen=True)
class Connection:
    """A chain of links from one thing to the other."""

    steps: tuple[PathStep, ...]

    @property
    def certainty(self) -> str:
        """The certainty of its weakest step; the empty string where nobody says how certain."""
        told = any(link.evidence for step in self.steps for link in step.links)
        return CERTAINTIES[max(step.strength for step in self.steps)] if told else ""


@dataclass(frozen=True)
class NotPassed:
    """A thing that connects too much to be a step, and why."""

    node: Node
    why: str
    links: int
    short: str = ""
    """Its address, where another thing that was not passed through is called the same."""


@dataclass(frozen=True)
class Found:
    """What connects two things, and how far was looked."""

    connections: tuple[Connection, ...]
    total: int
    steps: int
    whole: bool
    ended: bool
    not_passed: tuple[NotPassed, ...]
    more_not_passed: int
    busy: int = BUSY
    furthest: int = STEPS


@dataclass(frozen=True)
class BetweenPage:
    """Two things as the reader named them, and what connects them once both are known."""

    one: Choice
    other: Choice
    certainty: str
    found: Found | None
    query: str

    @property
    def is_same(self) -> bool:
        """Whether both are one thing."""
        return self.one.means_the_same(self.other)


def rows(page: BetweenPage) -> Iterator[tuple[str | int, ...]]:
    """Yield the links of each connection, under the header of the file."""
    if page.found is None or page.one.chosen is None:
        return
    for number, connection in enumerate(page.found.connections, 1):
        start = page.one.chosen.node
        for place, step in enumerate(connection.steps, 1):
            for it in step.links:
                one, other = (step.to, start) if it.backwards else (start, step.to)
                ends = one.iri, one.text, it.link.property, other.iri, other.text
                yield (number, place, *ends, it.how)
            start = step.to


def triples(page: BetweenPage) -> Iterator[Triple]:
    """Yield the links of all connections as statements."""
    for connection in page.found.connections if page.found else ():
        for link in (it.link for step in connection.steps for it in step.links):
            yield Triple(NamedNode(link.subject), NamedNode(link.property), NamedNode(link.object))


def between_page(
    view: GraphView, finder: Finder, one: str, other: str, certainty: str
) -> BetweenPage:
    """Return what connects two things at least so certainly; nothing while one is not known."""
    a, b = choose(view, finder, one), choose(view, finder, other)
    query = ""
    found = None
    if a.chosen and b.chosen and a.chosen != b.chosen:
        ends = a.chosen.node.iri, b.chosen.node.iri
        search = Search(view.queries, certainty)
        found = _found(view, search.between(*ends, SHOWN), certainty)
        query = readable(search.asked(ends))
    return BetweenPage(a, b, certainty, found, query)


def _found(view: GraphView, told: Connections, certainty: str) -> Found:
    said = proofs(view, (link for links in told.links.values() for link in links), certainty)
    nodes = view.nodes(NamedNode(iri) for path in told.paths for iri in path)
    avoided = told.avoided[:NAMED]
    others = view.nodes(NamedNode(a.iri) for a in avoided)
    connections = [
        Connection(
            tuple(
                PathStep(
                    read_from(view, start, told.links[frozenset((start, end))], said),
                    nodes[NamedNode(end)],
                )
                for start, end in pairwise(path)
            )
        )
        for path in told.paths
    ]
    connections.sort(key=lambda c: sum(10**step.strength for step in c.steps))
    return Found(
        tuple(connections),
        told.total,
        told.steps,
        told.whole,
        told.ended,
        tuple(_not_passed(view, [(others[NamedNode(a.iri)], a) for a in avoided])),
        len(told.avoided) - len(avoided),
    )


def _not_passed(view: GraphView, them: Sequence[tuple[Node, Avoided]]) -> Iterator[NotPassed]:
    """Yield what was not passed through, things of one name told apart by their addresses."""
    names = Counter(node.text for node, _ in them)
    for node, avoided in them:
        short = view.addresses.named(node.iri) if names[node.text] > 1 else ""
        yield NotPassed(node, avoided.why, avoided.links, short)


def _weakness(link: Proven) -> int:
    said = [proof.certainty or proof.how for proof in link.evidence]
    return min((rank_of(how) for how in said if how in CERTAINTIES), default=0)
