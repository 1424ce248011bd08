"""The shortest connections between two things, by a breadth-first search from both ends.

None passes through a hub: a thing that links to almost everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, islice, pairwise
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import RowTerms
from rallynov_graph.questions.evidence_profile import LINKS_AT_LEAST
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms

if TYPE_CHECKING:
    from networkx import Graph

STEPS: Final = 6
"""The most links of a connection."""
ROWS: Final = 20_000
"""How many links ``neighbours.rq`` answers at most."""
WIDEST: Final = 4_000
"""The most things that are followed from one level to the next."""


BUSY: Final = 1_000
"""A thing with more links than this is a hub."""

CLASSIFYING: Final = frozenset(
    {
        PREFIXES["dcterms"] + "language",
        PREFIXES["dcterms"] + "license",
        PREFIXES["dcterms"] + "type",
        PREFIXES["org"] + "classification",
        PREFIXES["schema"] + "dayOfWeek",
        PREFIXES["skos"] + "inScheme",
        PREFIXES["skos"] + "topConceptOf",
        RN + "emphasis",
        RN + "fundingScope",
        RN + "imprintOmits",
        RN + "inferredPart",
        RN + "leavesOpen",
        RN + "measure",
        RN + "mode",
        RN + "nature",
        RN + "role",
        RN + "setting",
        RN + "status",
    }
)
"""Properties whose values classify things, and would connect everything of one class."""


@dataclass(frozen=True)
class Avoided:
    """A hub that was reached and not passed through."""

    iri: str
    reason: str
    """sorting (a term that classifies), class (a class, rally, list or question) or busy."""
    links: int = 0
    """The number of its links, where it is busy."""


class Hubs:
    """The hubs that a search between two ends does not pass through; an end is never a hub.

    Classes and properties are hubs between things, but not where an end is a class or property:
    a vocabulary has no other things to pass through.
    """

    def __init__(self, queries: PageQueries, ends: tuple[str, str]) -> None:
        self._queries, self.ends = queries, ends
        self._sorting: set[str] = set()
        self._classes: set[str] = set()
        self._links: dict[str, int] = {}

    def note_link(self, prop: str, value: str) -> None:
        """Record a link: the value of a property that classifies things becomes a hub."""
        if prop in CLASSIFYING and value not in self.ends:
            self._sorting.add(value)

    def passable(self, things: list[str]) -> list[str]:
        """Return the things that are no hubs; each is looked up once."""
        counted = {*self.ends, *self._sorting, *self._links}
        uncounted = [thing for thing in things if thing not in counted]
        rows = self._queries.rows("connects_everything", thing=map(NamedNode, uncounted)).rows
        self._links |= dict.fromkeys(uncounted, 0)
        for thing, links, sorts, terms in rows:
            assert isinstance(thing, NamedNode | Literal) and isinstance(links, Literal)
            assert isinstance(sorts, Literal) and isinstance(terms, Literal)
            self._links[thing.value] = int(links.value)
            if sorts.value != "0" or (terms.value != "0" and not self._is_about_terms):
                self._classes.add(thing.value)
        return [thing for thing in things if thing in self.ends or not self._blocks(thing)]

    @cached_property
    def _is_about_terms(self) -> bool:
        """Whether an end is a class or a property."""
        return self._queries.ask("is_class_or_property", thing=map(NamedNode, self.ends))

    def avoided(self) -> Iterator[Avoided]:
        """Yield the hubs that were reached: the busiest first, then those that classify."""
        busy = {t: n for t, n in self._links.items() if n > BUSY and t not in self._classes}
        for thing in sorted(busy, key=lambda t: (-busy[t], t)):
            yield Avoided(thing, "busy", busy[thing])
        for thing in sorted(self._classes):
            yield Avoided(thing, "class")
        for thing in sorted(self._sorting - self._classes - busy.keys()):
            yield Avoided(thing, "sorting")

    def _blocks(self, thing: str) -> bool:
        return thing in self._sorting or thing in self._classes or self._links.get(thing, 0) > BUSY


@dataclass(frozen=True, order=True)
class PathLink:
    """A triple between two things."""

    subject: str
    property: str
    object: str


@dataclass(frozen=True)
class Connections:
    """The shortest connections of two things, and the extent of the search."""

    paths: tuple[tuple[str, ...], ...]
    """Things from one end to the other."""
    links: dict[frozenset[str], tuple[PathLink, ...]]
    """The links between two things that follow each other on a path."""
    total: int
    steps: int
    """The length of the paths; without any, the depth of the search."""
    avoided: tuple[Avoided, ...]
    """The hubs that were reached."""
    is_complete: bool
    """Whether every link of each level was followed."""
    is_exhausted: bool
    """Whether no thing was left to follow."""


class PathSearch:
    """Finds the shortest connections of two different things of a graph."""

    def __init__(self, queries: PageQueries, certainty: str = LEAST_SURE) -> None:
        self._queries, self._certainty = queries, certainty
        self._whole = True

    def between(self, start: str, end: str, most: int) -> Connections:
        """Return the shortest connections, ``most`` of them, with the number of all."""
        import networkx

        hubs = Hubs(self._queries, (start, end))
        # Each edge has its links; nodes that are not passed through are left out of ``passed``.
        found = networkx.Graph()
        seen, edges = [{start}, {end}], [[start], [end]]
        passed, steps = {start, end}, 0
        meeting: list[str] = []
        while not meeting and steps < STEPS and all(edges):
            near = len(edges[0]) > len(edges[1])
            passable = self._passable(edges[near], hubs)
            passed.update(passable)
            edges[near] = self._extended(passable, seen[near], hubs, found)
            seen[near].update(edges[near])
            meeting = hubs.passable([thing for thing in edges[near] if thing in seen[not near]])
            steps += 1
        paths, total = list[tuple[str, ...]](), 0
        if meeting:
            whole = found.subgraph(passed.union(meeting))
            ways = networkx.all_shortest_paths(whole, start, end)
            paths = [*map(tuple, islice(ways, most))]
            counts = {start: 1}
            for thing, before in networkx.predecessor(whole, start).items():
                counts.setdefault(thing, sum(counts[it] for it in before))
            total = counts[end]
        return Connections(
            tuple(paths),
            {
                frozenset(pair): (*found.edges[pair]["links"],)
                for p in paths
                for pair in pairwise(p)
            },
            total,
            steps,
            tuple(hubs.avoided()),
            self._whole,
            not all(edges),
        )

    def _passable(self, things: list[str], hubs: Hubs) -> list[str]:
        """Return the things that are no hubs, up to a number."""
        passable = sorted(hubs.passable(things))
        self._whole = self._whole and len(passable) <= WIDEST
        return passable[:WIDEST]

    def _extended(
        self, things: Iterable[str], seen: Set[str], hubs: Hubs, found: Graph
    ) -> list[str]:
        """Return what is one step from things and was not seen; the links are added to a graph.

        A node that says statements is no step: the profile knows how sure it is, its triples not.
        """
        reached: dict[str, None] = {}
        found_links = [
            (link, thing, link.object if link.subject == thing else link.subject)
            for link, thing in self.links(things)
        ]
        saying = self._queries.saying(NamedNode(other) for *_, other in found_links)
        for link, thing, other in found_links:
            if other in seen:
                continue
            if other not in hubs.ends and (other.startswith(RN) or other in saying):
                continue
            hubs.note_link(link.property, link.object)
            reached[other] = None
            found.add_edge(thing, other)
            found.edges[thing, other].setdefault("links", {})[link] = None
        return [*reached]

    def links(self, things: Iterable[str]) -> Iterator[tuple[PathLink, str]]:
        """Return the links of things, each with the one of these things that has it."""
        name, terms = self._query(things)
        rows = self._queries.rows(name, **terms).rows
        self._whole = self._whole and len(rows) < ROWS
        found = [*self._links(rows)]
        if self._certainty != LEAST_SURE and LINKS_AT_LEAST not in self._queries:
            facts = [triple_of(it) for it, _ in found]
            ranks = self._queries.ranks_of(self._queries.stated_of(facts))
            least = rank_of(self._certainty)
            sure = [(ranks.get((*it,)) or 0) <= least for it in facts]
            return compress(found, sure)
        return iter(found)

    def _links(self, rows: Iterable[RowTerms]) -> Iterator[tuple[PathLink, str]]:
        for thing, prop, other, direction in rows:
            # Virtuoso returns a thing as a literal if it is the only one of the query.
            assert isinstance(thing, NamedNode | Literal) and isinstance(prop, NamedNode)
            assert isinstance(other, NamedNode) and isinstance(direction, Literal)
            ends = (thing.value, other.value)
            subject, value = reversed(ends) if direction.value == "from" else ends
            yield PathLink(subject, prop.value, value), thing.value

    @property
    def is_whole(self) -> bool:
        """Whether every link of the things was read."""
        return self._whole

    def query_text(self, things: Iterable[str]) -> str:
        name, terms = self._query(things)
        return self._queries.text(name, **terms)

    def _query(self, things: Iterable[str]) -> tuple[str, dict[str, ParameterTerms]]:
        terms: dict[str, ParameterTerms] = {"thing": [NamedNode(iri) for iri in things]}
        if self._certainty == LEAST_SURE or LINKS_AT_LEAST not in self._queries:
            return "neighbours", terms
        return LINKS_AT_LEAST, terms | {"certainty": NamedNode(RN + self._certainty)}


def triple_of(link: PathLink) -> Triple:
    return Triple(NamedNode(link.subject), NamedNode(link.property), NamedNode(link.object))
