"""Find which things a changed statement may concern, from the patterns of a check's query.

A row of a check can only appear or disappear where one of its patterns matches a changed statement.
From there, the patterns joined with that one lead to the thing that the row is about. The result
may contain too many things, never too few.

The patterns in one branch of a UNION, in an OPTIONAL, a MINUS or an EXISTS are joined with those
around it, not with those in another branch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from rallynov_graph.base.terms import Term
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.validation.quick import triples
from rallynov_graph.validation.quick.rdflib_graphs import as_term
from rallynov_graph.validation.quick.triples import (
    NOTHING,
    Alternatives,
    Inverse,
    Path,
    Predicate,
    Repeated,
    TripleIndex,
)

_WITHOUT_PATTERNS: Final = ("ToMultiSet", "values")
"""What rdflib makes of a VALUES block."""

Terms = frozenset[Term]


@dataclass(frozen=True)
class Name:
    """A variable; the same name in two subqueries that do not project it is two variables."""

    text: str
    subquery: int = 0


_FOCUS: Final = Name("focus")


@dataclass(frozen=True)
class Pattern:
    """A pattern of a query; its graph is None if it matches all graphs together."""

    subject: Name | Term
    path: Path | Name
    object: Name | Term
    graph: Name | Term | None

    @property
    def is_simple(self) -> bool:
        """Whether it matches a single statement rather than a path of several."""
        return isinstance(self.path, (Name, Predicate))


Hop = tuple[Pattern, Name, Name]
"""From what one variable may be to what another one may be with it, by a pattern of both."""
Route = tuple[Pattern, tuple[Pattern, ...], tuple[Hop, ...] | None]
"""A pattern, those that hold with it, and the hops from there to the things of the check."""


class Reach:
    """The things that changed statements concern in a check, found in a store and its index."""

    def __init__(self, query: str, store: EmbeddedStore, index: TripleIndex) -> None:
        """Read a query; if it cannot be read, every change concerns everything."""
        self._store, self._index = store, index
        self._routes = routes(query)

    def foci(self, quads: Sequence[Quad]) -> Terms | None:
        """Return the things for which the check may have a new result; None if they may be any."""
        if self._routes is None:
            return None
        found: set[Term] = set()
        for route in self._routes:
            foci = self._foci_of(route, quads)
            if foci is None:
                return None
            found |= foci
        return frozenset(found)

    def _foci_of(self, route: Route, quads: Sequence[Quad]) -> Terms | None:
        pattern, companions, hops = route
        begin = hops[0][1] if hops else _FOCUS
        terms: set[Term] = set()
        for quad in quads:
            for known in self._matched(pattern, quad):
                if all(self._is_possible(*it, pattern, companions) for it in known.items()):
                    if hops is None:
                        return None
                    terms |= known[begin]
        reached: Terms = frozenset(terms)
        for hop in hops or ():
            reached = self._followed(hop, reached)
        return reached

    def _is_possible(
        self, name: Name, terms: Terms, own: Pattern, companions: Iterable[Pattern]
    ) -> bool:
        """Whether one of these terms satisfies all patterns of a name without other unknowns."""
        for it in companions:
            is_known = it.graph is None and not isinstance(it.object, Name)
            if it is not own and it.subject == name and is_known and isinstance(it.path, Predicate):
                wanted = self._index.known([it.object])  # type: ignore[list-item]
                along = triples.step(it.path, self._index)
                if all(wanted.isdisjoint(along(node)) for node in self._index.known(terms)):
                    return False
        return True

    def _followed(self, hop: Hop, terms: Terms) -> Terms:
        """Return the possible ends of a hop."""
        pattern, begin, _ = hop
        if isinstance(pattern.graph, Name):
            return frozenset(self._in_graphs(hop, terms))
        index, is_back = self._index, pattern.object == begin
        along: triples.Step
        if isinstance(pattern.path, Name):
            along = index.subjects_of if is_back else index.objects_of
        else:
            along = triples.step(_inverted(pattern.path) if is_back else pattern.path, index)
        found = NOTHING.union(*map(along, index.known(terms)))
        return frozenset(index.terms[number] for number in found)

    def _in_graphs(self, hop: Hop, terms: Terms) -> Iterator[Term]:
        pattern, begin, end = hop
        places = {
            pattern.object: ("value", "object"),
            pattern.graph: ("graph", "graph_name"),
            pattern.subject: ("subject", "subject"),
        }
        (place, _), (_, attribute) = places[begin], places[end]
        for term in terms:
            if place == "value" or isinstance(term, (NamedNode, BlankNode)):
                for quad in self._store.quads(**{place: term}):  # type: ignore[arg-type]
                    fits = isinstance(pattern.path, Name) or pattern.path == Predicate(
                        quad.predicate
                    )
                    if fits and not isinstance(quad.graph_name, DefaultGraph):
                        yield getattr(quad, attribute)

    def _matched(self, pattern: Pattern, quad: Quad) -> Iterator[dict[Name, Terms]]:
        """Yield the values of a pattern's variables where it matches a statement or passes along
        it.
        """
        in_none = isinstance(quad.graph_name, DefaultGraph)
        if pattern.graph is not None and (in_none or _differs(pattern.graph, quad.graph_name)):
            return
        if not pattern.is_simple:
            yield from self._on_the_way(pattern, quad)
            return
        predicate = pattern.path.iri if isinstance(pattern.path, Predicate) else pattern.path
        places: list[tuple[Name | Term, Term]] = [
            (pattern.subject, quad.subject),
            (predicate, quad.predicate),  # type: ignore[list-item]
            (pattern.object, quad.object),
        ]
        if pattern.graph is not None:
            places.append((pattern.graph, quad.graph_name))  # type: ignore[arg-type]
        if not any(_differs(place, term) for place, term in places):
            yield {p: frozenset({term}) for p, term in places if isinstance(p, Name)}

    def _on_the_way(self, pattern: Pattern, quad: Quad) -> Iterator[dict[Name, Terms]]:
        """Yield the possible starts of a path that passes along a statement."""
        index = self._index
        assert not isinstance(pattern.path, Name)
        for way, last in _parts(pattern.path):
            if last.iri == quad.predicate:
                end = index.number(quad.subject if isinstance(last, Predicate) else quad.object)
                begins = triples.step(_inverted(way), index)(end)
                if isinstance(pattern.subject, Name):
                    yield {pattern.subject: frozenset(index.terms[node] for node in begins)}
                else:
                    yield {}


@cache
def routes(query: str) -> tuple[Route, ...] | None:
    """Return the routes from each pattern of a query to its things; None if it cannot be read.

    Parsing all checks takes almost a second, so each query is read once.
    """
    scope = _Scope()
    algebra = translateQuery(parseQuery(query)).algebra
    names = {str(name): Name(str(name)) for name in algebra.PV}
    try:
        _read(algebra.p, scope, _Place(names), count(1))
    except NotImplementedError:
        return None
    return tuple(
        (pattern, companions, _hops(pattern, companions))
        for pattern, companions in scope.with_companions()
    )


def _differs(place: object, term: object) -> bool:
    return not isinstance(place, Name) and place != term


def _inverted(path: Path) -> Path:
    """Return the inverse path."""
    match path:
        case Predicate(iri):
            return Inverse(iri)
        case Inverse(iri):
            return Predicate(iri)
        case triples.Sequence(steps):
            return triples.Sequence(tuple(_inverted(step) for step in reversed(steps)))
        case Alternatives(choices):
            return Alternatives(tuple(map(_inverted, choices)))
        case Repeated(inner, sign):
            return Repeated(_inverted(inner), sign)


def _parts(path: Path) -> Iterator[tuple[Path, Predicate | Inverse]]:
    """Yield each one-statement step of a path, with the path that leads to it."""
    match path:
        case Predicate() | Inverse():
            yield triples.Sequence(()), path
        case triples.Sequence(steps):
            for number, step in enumerate(steps):
                for way, last in _parts(step):
                    yield triples.Sequence((*steps[:number], way)), last
        case Alternatives(choices):
            for choice in choices:
                yield from _parts(choice)
        case Repeated(inner, _):
            for way, last in _parts(inner):
                yield triples.Sequence((Repeated(inner, "*"), way)), last


def _hops(pattern: Pattern, companions: Sequence[Pattern]) -> tuple[Hop, ...] | None:
    """Return the shortest way from the known terms of a pattern to the things of the check."""
    places = (pattern.subject, pattern.path, pattern.object, pattern.graph)
    known = [p for p in (places if pattern.is_simple else places[:1]) if isinstance(p, Name)]
    ways: dict[Name, tuple[Hop, ...]] = dict.fromkeys(known, ())
    waiting = list(known)
    for name in waiting:
        if name == _FOCUS:
            return ways[name]
        for hop in _hops_from(name, companions):
            if hop[2] not in ways:
                ways[hop[2]] = (*ways[name], hop)
                waiting.append(hop[2])
    return None


def _hops_from(name: Name, patterns: Iterable[Pattern]) -> Iterator[Hop]:
    """Yield the hops from a variable, except in a single given graph and along paths in graphs."""
    for pattern in patterns:
        graph = pattern.graph
        if graph is None or (isinstance(graph, Name) and pattern.is_simple):
            places = (pattern.subject, pattern.object, graph)
            if name in places:
                yield from (
                    (pattern, name, end) for end in places if isinstance(end, Name) and end != name
                )


@dataclass
class _Scope:
    """Patterns that are joined, and the scopes nested in them."""

    patterns: list[Pattern] = field(default_factory=list)
    inner: "list[_Scope]" = field(default_factory=list)

    def within(self) -> "_Scope":
        self.inner.append(scope := _Scope())
        return scope

    def with_companions(
        self, around: tuple[Pattern, ...] = ()
    ) -> Iterator[tuple[Pattern, tuple[Pattern, ...]]]:
        """Yield each pattern with all patterns that are joined with it."""
        together = (*self.patterns, *around)
        for pattern in self.patterns:
            yield pattern, together
        for scope in self.inner:
            yield from scope.with_companions(together)


@dataclass(frozen=True)
class _Place:
    """The surroundings of a part of a query: the outer names of its variables, and its graph."""

    projected: Mapping[str, Name]
    subquery: int = 0
    graph: Name | Term | None = None

    def name(self, variable: object) -> Name:
        text = str(variable)
        return self.projected.get(text) or Name(text, self.subquery)

    def named(self, node: object) -> Name | Term:
        is_name = isinstance(node, (Variable, BNode))
        return self.name(node) if is_name else as_term(node)  # type: ignore[arg-type]


def _read(part: CompValue, scope: _Scope, place: _Place, subqueries: Iterator[int]) -> None:
    """Read a part of rdflib's algebra into a scope; raise NotImplementedError if unknown."""
    match part.name:
        case "BGP":
            scope.patterns += [_pattern(triple, place) for triple in part.triples]
        case "Join":
            _read(part.p1, scope, place, subqueries)
            _read(part.p2, scope, place, subqueries)
        case "Union":
            _read(part.p1, scope.within(), place, subqueries)
            _read(part.p2, scope.within(), place, subqueries)
        case "LeftJoin" | "Minus":
            _read(part.p1, scope, place, subqueries)
            inner = scope.within()
            _read(part.p2, inner, place, subqueries)
            _read_exists(part.get("expr"), inner, place, subqueries)
        case "Filter" | "Extend":
            _read(part.p, scope, place, subqueries)
            _read_exists(part.expr, scope, place, subqueries)
        case _ if "p" in part:
            _read(part.p, scope, _within(part, place, subqueries), subqueries)
        case "GroupGraphPatternSub":  # as in the expression of a BIND
            _read(translateGroupGraphPattern(part), scope, place, subqueries)
        case other if other not in _WITHOUT_PATTERNS:
            raise NotImplementedError(other)


def _within(part: CompValue, place: _Place, subqueries: Iterator[int]) -> _Place:
    """Return the surroundings of the content of a part; raise NotImplementedError if unknown."""
    match part.name:
        case "Graph":
            return replace(place, graph=place.named(part.term))
        case "Project":
            names = {str(name): place.name(name) for name in part.PV}
            return _Place(names, next(subqueries), place.graph)
        case "Distinct" | "Group" | "AggregateJoin" | "ToMultiSet":
            return place
    raise NotImplementedError(part.name)


def _read_exists(
    expression: object, scope: _Scope, place: _Place, subqueries: Iterator[int]
) -> None:
    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            _read(expression.graph, scope.within(), place, subqueries)
        else:
            _read_exists([*expression.values()], scope, place, subqueries)
    elif isinstance(expression, (list, tuple)):
        for one in expression:
            _read_exists(one, scope, place, subqueries)


def _pattern(triple: tuple[object, object, object], place: _Place) -> Pattern:
    subject, predicate, value = triple
    path = place.name(predicate) if isinstance(predicate, Variable) else _path(predicate)
    return Pattern(place.named(subject), path, place.named(value), place.graph)


def _path(path: object) -> Path:
    match path:
        case URIRef():
            return Predicate(NamedNode(str(path)))
        case InvPath():
            return _inverted(_path(path.arg))
        case SequencePath():
            return triples.Sequence(tuple(map(_path, path.args)))
        case AlternativePath():
            return Alternatives(tuple(map(_path, path.args)))
        case MulPath():
            return Repeated(_path(path.path), path.mod)
        case other:
            raise NotImplementedError(str(other))
