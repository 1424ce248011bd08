"""The shortest connections between two things, found from both ends a level at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms
from rallynov_graph.site.model.links.hubs import Avoided, Obstacles

STEPS: Final = 6
"""How far a connection may reach."""
ROWS: Final = 20_000
"""How many links ``neighbours.rq`` answers at most."""
WIDEST: Final = 4_000
"""How many things are followed from one level to the next."""


@dataclass(frozen=True, order=True)
class PathLink:
    """A triple between two things."""

    subject: str
    property: str
    object: str


@dataclass
class _Side:
    """What was found from one end: how far each thing is, and by which links it was reached."""

    root: str
    depth: int = 0
    far: dict[str, int] = field(default_factory=dict)
    before: dict[str, dict[str, list[PathLink]]] = field(default_factory=dict)
    edge: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.far[self.root] = 0
        self.edge = [self.root]

    def ways(self, thing: str) -> int:
        """Return how many shortest ways lead to a thing."""
        known = {self.root: 1}
        waiting = [thing]
        while waiting:
            last = waiting[-1]
            missing = [b for b in self.before.get(last, ()) if b not in known]
            waiting += missing
            if not missing:
                known.setdefault(last, sum(known[b] for b in self.before.get(last, ())))
                waiting.pop()
        return known[thing]

    def paths(self, thing: str) -> Iterator[tuple[str, ...]]:
        """Yield the shortest ways from the root to a thing, in the order of their addresses."""
        if thing == self.root:
            yield (thing,)
        for before in sorted(self.before.get(thing, ())):
            for path in self.paths(before):
                yield (*path, thing)


@dataclass(frozen=True)
class Connections:
    """What was found between two things, and how far was looked."""

    paths: tuple[tuple[str, ...], ...]
    """Things from one end to the other."""
    links: dict[frozenset[str], list[PathLink]]
    """What links two things that follow each other on a path."""
    total: int
    steps: int
    """How long they are; without any, how far was looked."""
    avoided: tuple[Avoided, ...]
    """Things that were reached, and not passed through since they connect everything."""
    whole: bool
    """Whether every link of each level was looked at."""
    ended: bool
    """Whether there was nothing left to look at."""


class Search:
    """Looks for the shortest connections of two different things of a graph."""

    def __init__(self, queries: PageQueries, certainty: str = LEAST_SURE) -> None:
        self._queries, self._certainty = queries, certainty
        self._whole = True

    def between(self, one: str, other: str, most: int) -> Connections:
        """Return the shortest connections, up to ``most`` of them and their number."""
        obstacles = Obstacles(self._queries, (one, other))
        here, there = _Side(one), _Side(other)
        met: list[str] = []
        while not met and here.depth + there.depth < STEPS and here.edge and there.edge:
            near, far = sorted((here, there), key=lambda side: len(side.edge))
            self._widen(near, obstacles)
            met = obstacles.passable([thing for thing in near.edge if thing in far.far])
        both = (
            path + back[::-1][1:]
            for thing in sorted(met)
            for path in here.paths(thing)
            for back in there.paths(thing)
        )
        paths = tuple(islice(both, most))
        return Connections(
            paths,
            {frozenset(pair): _between(here, there, *pair) for p in paths for pair in pairwise(p)},
            sum(here.ways(thing) * there.ways(thing) for thing in met),
            here.depth + there.depth,
            tuple(obstacles.avoided()),
            self._whole,
            not (here.edge and there.edge),
        )

    def _widen(self, side: _Side, obstacles: Obstacles) -> None:
        """Let a side reach one step further, through what it may pass through."""
        passed = obstacles.passable(side.edge)
        if len(passed) > WIDEST:
            passed, self._whole = sorted(passed)[:WIDEST], False
        reached: dict[str, dict[str, list[PathLink]]] = {}
        for link, thing in self.links(passed):
            other = link.object if link.subject == thing else link.subject
            if other in side.far or (other.startswith(RN) and other not in obstacles.ends):
                continue
            obstacles.note(link.property, link.object)
            reached.setdefault(other, {}).setdefault(thing, []).append(link)
        side.depth += 1
        side.far |= dict.fromkeys(reached, side.depth)
        side.before |= reached
        side.edge = [*reached]

    def links(self, things: Iterable[str]) -> Iterator[tuple[PathLink, str]]:
        """Yield the links of things, each with the thing that it was found at."""
        name, given = self._query(things)
        rows = self._queries.rows(name, **given).rows
        self._whole = self._whole and len(rows) < ROWS
        for thing, prop, other, way in rows:
            # Virtuoso gives back a thing that is asked about alone as a text.
            assert isinstance(thing, NamedNode | Literal) and isinstance(prop, NamedNode)
            assert isinstance(other, NamedNode) and isinstance(way, Literal)
            ends = (thing.value, other.value)
            subject, value = reversed(ends) if way.value == "from" else ends
            yield PathLink(subject, prop.value, value), thing.value

    @property
    def is_whole(self) -> bool:
        """Whether every link of the things that were asked about was looked at."""
        return self._whole

    def asked(self, things: Iterable[str]) -> str:
        """Return the query for the links of things."""
        name, given = self._query(things)
        return self._queries.text(name, **given)

    def _query(self, things: Iterable[str]) -> tuple[str, dict[str, ParameterTerms]]:
        given: dict[str, ParameterTerms] = {"thing": [NamedNode(iri) for iri in things]}
        if self._certainty == LEAST_SURE:
            return "neighbours", given
        return "neighbours_at_least", given | {"certainty": NamedNode(RN + self._certainty)}


def _between(here: _Side, there: _Side, one: str, other: str) -> list[PathLink]:
    """Return the links by which two things that follow each other were reached."""
    return here.before.get(other, {}).get(one) or there.before[one][other]
