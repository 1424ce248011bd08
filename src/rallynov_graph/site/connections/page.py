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
from rallynov_graph.site.model.links.explained_links import (
    ExplainedLink,
    evidence_of_links,
    links_read_from,
)
from rallynov_graph.site.model.links.hubs import BUSY, Avoided
from rallynov_graph.site.model.links.shortest_paths import STEPS, Connections, PathSearch
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

    links: tuple[ExplainedLink, ...]
    to: Node

    @property
    def weakness(self) -> int:
        """How weak the surest link is: 0 is said outright."""
        return min((_weakness(link) for link in self.links), default=0)


@dataclass(frozen=True)
class Connection:
    """A chain of links from one thing to the other."""

    steps: tuple[PathStep, ...]

    @property
    def certainty(self) -> str:
        """The certainty of its weakest step; the empty string where nobody says how certain."""
        has_evidence = any(link.evidence for step in self.steps for link in step.links)
        return CERTAINTIES[max(step.weakness for step in self.steps)] if has_evidence else ""


@dataclass(frozen=True)
class NotPassed:
    """A thing that connects too much to be a step, and why."""

    node: Node
    reason: str
    links: int
    short: str = ""
    """Its address, where another thing that was not passed through is called the same."""


@dataclass(frozen=True)
class FoundConnections:
    """What connects two things, and how far was looked."""

    connections: tuple[Connection, ...]
    total: int
    steps: int
    is_complete: bool
    is_exhausted: bool
    not_passed: tuple[NotPassed, ...]
    more_not_passed: int
    busy: int = BUSY
    furthest: int = STEPS


@dataclass(frozen=True)
class BetweenPage:
    """Two things as the reader named them, and what connects them once both are known."""

    first: Choice
    second: Choice
    certainty: str
    found: FoundConnections | None
    query: str

    @property
    def is_same(self) -> bool:
        """Whether both are one thing."""
        return self.first.means_the_same(self.second)


def rows(page: BetweenPage) -> Iterator[tuple[str | int, ...]]:
    """Yield the links of each connection, under the header of the file."""
    if page.found is None or page.first.chosen is None:
        return
    for number, connection in enumerate(page.found.connections, 1):
        start = page.first.chosen.node
        for place, step in enumerate(connection.steps, 1):
            for link in step.links:
                subject, object = (step.to, start) if link.backwards else (start, step.to)
                ends = subject.iri, subject.text, link.link.property, object.iri, object.text
                yield (number, place, *ends, link.certainty)
            start = step.to


def triples(page: BetweenPage) -> Iterator[Triple]:
    """Yield the links of all connections as statements."""
    for connection in page.found.connections if page.found else ():
        for link in (explained.link for step in connection.steps for explained in step.links):
            yield Triple(NamedNode(link.subject), NamedNode(link.property), NamedNode(link.object))


def between_page(
    view: GraphView, finder: Finder, first_text: str, second_text: str, certainty: str
) -> BetweenPage:
    """Return what connects two things at least so certainly; nothing while one is not known."""
    first, second = choose(view, finder, first_text), choose(view, finder, second_text)
    query = ""
    found = None
    if first.chosen and second.chosen and first.chosen != second.chosen:
        ends = first.chosen.node.iri, second.chosen.node.iri
        search = PathSearch(view.queries, certainty)
        found = _found(view, search.between(*ends, SHOWN), certainty)
        query = readable(search.query_text(ends))
    return BetweenPage(first, second, certainty, found, query)


def _found(view: GraphView, connections_found: Connections, certainty: str) -> FoundConnections:
    evidence = evidence_of_links(
        view, (link for links in connections_found.links.values() for link in links), certainty
    )
    nodes = view.nodes(NamedNode(iri) for path in connections_found.paths for iri in path)
    avoided = connections_found.avoided[:NAMED]
    avoided_nodes = view.nodes(NamedNode(hub.iri) for hub in avoided)
    connections = [
        Connection(
            tuple(
                PathStep(
                    links_read_from(
                        view, start, connections_found.links[frozenset((start, end))], evidence
                    ),
                    nodes[NamedNode(end)],
                )
                for start, end in pairwise(path)
            )
        )
        for path in connections_found.paths
    ]
    connections.sort(key=lambda c: sum(10**step.weakness for step in c.steps))
    return FoundConnections(
        tuple(connections),
        connections_found.total,
        connections_found.steps,
        connections_found.is_complete,
        connections_found.is_exhausted,
        tuple(_not_passed(view, [(avoided_nodes[NamedNode(hub.iri)], hub) for hub in avoided])),
        len(connections_found.avoided) - len(avoided),
    )


def _not_passed(
    view: GraphView, avoided_with_nodes: Sequence[tuple[Node, Avoided]]
) -> Iterator[NotPassed]:
    """Yield what was not passed through, things of one name told apart by their addresses."""
    names = Counter(node.text for node, _ in avoided_with_nodes)
    for node, avoided in avoided_with_nodes:
        short = view.addresses.short_or_iri(node.iri) if names[node.text] > 1 else ""
        yield NotPassed(node, avoided.reason, avoided.links, short)


def _weakness(link: ExplainedLink) -> int:
    certainties = [piece.certainty or piece.kind for piece in link.evidence]
    return min(
        (rank_of(certainty) for certainty in certainties if certainty in CERTAINTIES), default=0
    )
