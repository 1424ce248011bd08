"""Which things of a check a changed statement may concern: read from the patterns of its query.

A row of a check is another one, or is there no more, only where a statement changed that one of its
patterns matches. From there, the patterns that hold together with that one lead to the thing that
the row is about. What is found so may be too much, and never too little.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from rallynov_graph.base.terms import Term
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation import check_patterns
from rallynov_graph.validation.check_patterns import Name, Pattern
from rallynov_graph.validation.quick import dependencies, paths
from rallynov_graph.validation.quick.paths import Path
from rallynov_graph.validation.quick.triple_index import NOTHING, TripleIndex

FOCUS: Final = Name("focus")
Terms = frozenset[Term]


@dataclass(frozen=True)
class Data:
    """A store and the index of its default graph."""

    store: EmbeddedStore
    index: TripleIndex


@dataclass(frozen=True)
class _Hop:
    """From what one variable may be to what another one may be with it, by a pattern of both."""

    pattern: Pattern
    begin: Name
    end: Name

    def follow(self, terms: Terms, data: Data) -> Terms:
        """Return what the end may be."""
        if isinstance(self.pattern.graph, Name):
            return frozenset(self._in_graphs(terms, data.store))
        index, path = data.index, self.pattern.path
        back = self.pattern.object == self.begin
        along: paths.Step
        if isinstance(path, Name):
            along = index.subjects_of if back else index.objects_of
        else:
            along = paths.step(dependencies.inverted(path) if back else path, index)
        found = NOTHING.union(*map(along, index.known(terms)))
        return frozenset(index.terms[number] for number in found)

    def _in_graphs(self, terms: Terms, store: EmbeddedStore) -> Iterator[Term]:
        pattern = self.pattern
        attributes = {
            pattern.object: "object",
            pattern.graph: "graph_name",
            pattern.subject: "subject",
        }
        begin, end = attributes[self.begin], attributes[self.end]
        for term in terms:
            if begin == "object" or isinstance(term, (NamedNode, BlankNode)):
                place = {"object": "value", "graph_name": "graph"}.get(begin, begin)
                for quad in store.quads(**{place: term}):  # type: ignore[arg-type]
                    if not isinstance(quad.graph_name, DefaultGraph) and _fits(pattern.path, quad):
                        yield getattr(quad, end)


@dataclass(frozen=True)
class _Route:
    """From a statement that a pattern matches to the things that rows with it are about."""

    pattern: Pattern
    companions: tuple[Pattern, ...]
    hops: tuple[_Hop, ...] | None
    """None where no pattern leads to them: they may be any."""

    def foci(self, quads: Sequence[Quad], data: Data) -> Terms | None:
        """Return the things; None for any."""
        begin = self.hops[0].begin if self.hops else FOCUS
        terms: set[Term] = set()
        for quad in quads:
            for known in _matched(self.pattern, quad, data.index):
                if all(self._possible(name, ones, data) for name, ones in known.items()):
                    if self.hops is None:
                        return None
                    terms |= known[begin]
        reached: Terms = frozenset(terms)
        for hop in self.hops or ():
            reached = hop.follow(reached, data)
        return reached

    def _possible(self, name: Name, terms: Terms, data: Data) -> bool:
        """Whether one of some terms is what patterns with nothing else unknown want of a name."""
        index = data.index
        for pattern in self.companions:
            if (
                pattern is not self.pattern
                and pattern.subject == name
                and pattern.graph is None
                and isinstance(pattern.path, paths.Predicate)
                and not isinstance(pattern.object, Name)
            ):
                wanted, along = index.known([pattern.object]), paths.step(pattern.path, index)
                if all(wanted.isdisjoint(along(node)) for node in index.known(terms)):
                    return False
        return True


class Reach:
    """What changed statements concern in a check."""

    def __init__(self, query: str) -> None:
        """Read a query; what is not read makes every change concern everything."""
        self._routes: list[_Route] | None = None
        try:
            scope = check_patterns.read(query)
        except NotImplementedError:
            return
        self._routes = [
            _Route(pattern, companions, _hops(pattern, companions))
            for pattern, *others in scope.with_companions()
            for companions in [tuple(others)]
        ]

    @property
    def is_read(self) -> bool:
        """Whether the query was read; if not, every change concerns everything."""
        return self._routes is not None

    def foci(self, quads: Sequence[Quad], data: Data) -> Terms | None:
        """Return the things that a check may find otherwise; None where they may be any."""
        if self._routes is None:
            return None
        found: set[Term] = set()
        for route in self._routes:
            foci = route.foci(quads, data)
            if foci is None:
                return None
            found |= foci
        return frozenset(found)


def _fits(path: Path | Name, quad: Quad) -> bool:
    return isinstance(path, Name) or path == paths.Predicate(quad.predicate)


def _matched(pattern: Pattern, quad: Quad, index: TripleIndex) -> Iterator[dict[Name, Terms]]:
    """Yield what variables of a pattern are where a statement is what it matches, or a part."""
    if pattern.graph is not None and _differs(pattern.graph, quad.graph_name):
        return
    if not isinstance(pattern.path, (Name, paths.Predicate)):
        yield from _on_the_way(pattern, quad, index)
        return
    predicate = pattern.path if isinstance(pattern.path, Name) else pattern.path.iri
    places: list[tuple[Name | Term, object]] = [
        (pattern.subject, quad.subject),
        (predicate, quad.predicate),
        (pattern.object, quad.object),
    ]
    if pattern.graph is not None:
        places.append((pattern.graph, quad.graph_name))
    if not any(_differs(place, term) for place, term in places):
        yield {p: frozenset({term}) for p, term in places if isinstance(p, Name)}  # type: ignore[arg-type]


def _on_the_way(pattern: Pattern, quad: Quad, index: TripleIndex) -> Iterator[dict[Name, Terms]]:
    """Yield where a path may begin that goes along a statement."""
    assert not isinstance(pattern.path, Name)
    for part in dependencies.along(pattern.path, dependencies.SAME):
        if part.predicate == quad.predicate:
            end = index.number(quad.object if part.from_object else quad.subject)
            begins = paths.step(dependencies.inverted(part.way), index)(end)
            if isinstance(pattern.subject, Name):
                yield {pattern.subject: frozenset(index.terms[node] for node in begins)}
            else:
                yield {}


def _differs(place: Name | Term, term: object) -> bool:
    return not isinstance(place, Name) and place != term


def _hops(pattern: Pattern, companions: Sequence[Pattern]) -> tuple[_Hop, ...] | None:
    """Return the shortest way from what is known with a pattern to the things of the check."""
    simple = isinstance(pattern.path, (Name, paths.Predicate))
    places = (pattern.subject, pattern.path, pattern.object, pattern.graph)
    known = [p for p in (places if simple else places[:1]) if isinstance(p, Name)]
    ways: dict[Name, tuple[_Hop, ...]] = dict.fromkeys(known, ())
    waiting = list(known)
    for name in waiting:
        if name == FOCUS:
            return ways[name]
        for hop in _from(name, companions):
            if hop.end not in ways:
                ways[hop.end] = (*ways[name], hop)
                waiting.append(hop.end)
    return None


def _from(name: Name, patterns: Iterable[Pattern]) -> Iterator[_Hop]:
    """Yield the hops that begin at a variable."""
    for pattern in patterns:
        places = (pattern.subject, pattern.object, pattern.graph)
        if name in places and _leads_on(pattern):
            for end in places:
                if isinstance(end, Name) and end != name:
                    yield _Hop(pattern, name, end)


def _leads_on(pattern: Pattern) -> bool:
    """Whether a pattern can be followed: not in one given graph, nor along a path in graphs."""
    simple = isinstance(pattern.path, (Name, paths.Predicate))
    return pattern.graph is None or (isinstance(pattern.graph, Name) and simple)
