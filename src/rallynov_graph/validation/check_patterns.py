"""The patterns of a check, by scope: which of them hold together in each of its rows.

What stands in one branch of a union, in an OPTIONAL, a MINUS or an EXISTS, holds together with what
stands around it, and not with what stands beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Final

from pyoxigraph import NamedNode
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from rallynov_graph.base.terms import Term
from rallynov_graph.validation.quick import dependencies, paths
from rallynov_graph.validation.quick.paths import Path
from rallynov_graph.validation.rdflib_terms import as_term

_WITHOUT_PATTERNS: Final = ("ToMultiSet", "values")
"""What rdflib makes of a VALUES block."""


@dataclass(frozen=True)
class Name:
    """A variable; those of two subqueries that do not leave them are two."""

    text: str
    subquery: int = 0


@dataclass(frozen=True)
class Pattern:
    """A pattern of a query; its graph is None where it is asked of all graphs together."""

    subject: Name | Term
    path: Path | Name
    object: Name | Term
    graph: Name | Term | None


@dataclass
class Scope:
    """Patterns that hold together, and what is asked within them."""

    patterns: list[Pattern] = field(default_factory=list)
    inner: list["Scope"] = field(default_factory=list)

    def within(self) -> "Scope":
        """Return a new scope within this one."""
        self.inner.append(scope := Scope())
        return scope

    def with_companions(self, around: tuple[Pattern, ...] = ()) -> Iterator[tuple[Pattern, ...]]:
        """Yield each pattern, followed by all that hold where it does."""
        together = (*self.patterns, *around)
        for pattern in self.patterns:
            yield (pattern, *together)
        for scope in self.inner:
            yield from scope.with_companions(together)


@cache
def read(query: str) -> Scope:
    """Return the patterns of a query; raise NotImplementedError for what is not read here.

    A parser needs a good deal of a second for all checks, so a query is read once.
    """
    reader = _Reader()
    scope = Scope()
    algebra = translateQuery(parseQuery(query)).algebra
    reader.read(algebra.p, scope, _Place({str(name): Name(str(name)) for name in algebra.PV}))
    return scope


@dataclass(frozen=True)
class _Place:
    """Where a part of a query stands: what variables are called around it, and its graph."""

    projected: Mapping[str, Name]
    subquery: int = 0
    graph: Name | Term | None = None

    def name(self, variable: object) -> Name:
        text = str(variable)
        return self.projected.get(text) or Name(text, self.subquery)

    def place(self, node: object) -> Name | Term:
        is_name = isinstance(node, (Variable, BNode))
        return self.name(node) if is_name else as_term(node)  # type: ignore[arg-type]


class _Reader:
    """Reads rdflib's algebra."""

    def __init__(self) -> None:
        self._subqueries = count(1)

    def read(self, part: CompValue, scope: Scope, place: _Place) -> None:
        match part.name:
            case "BGP":
                scope.patterns += [_pattern(triple, place) for triple in part.triples]
            case "Join" | "Union" as kind:
                for side in (part.p1, part.p2):
                    self.read(side, scope if kind == "Join" else scope.within(), place)
            case "LeftJoin" | "Minus":
                self.read(part.p1, scope, place)
                inner = scope.within()
                self.read(part.p2, inner, place)
                self._read_exists(part.get("expr"), inner, place)
            case "Filter" | "Extend":
                self.read(part.p, scope, place)
                self._read_exists(part.expr, scope, place)
            case "Graph":
                graph = place.place(part.term)
                self.read(part.p, scope, _Place(place.projected, place.subquery, graph))
            case "Project" | "Distinct" | "Group" | "AggregateJoin" | "ToMultiSet" if "p" in part:
                within = self._subquery(part, place) if part.name == "Project" else place
                self.read(part.p, scope, within)
            case "GroupGraphPatternSub":  # as it stands in the expression of a BIND
                self.read(translateGroupGraphPattern(part), scope, place)
            case other if other not in _WITHOUT_PATTERNS:
                raise NotImplementedError(other)

    def _subquery(self, part: CompValue, place: _Place) -> _Place:
        names = {str(name): place.name(name) for name in part.PV}
        return _Place(names, next(self._subqueries), place.graph)

    def _read_exists(self, expression: object, scope: Scope, place: _Place) -> None:
        if isinstance(expression, CompValue):
            if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                self.read(expression.graph, scope.within(), place)
            else:
                for value in expression.values():
                    self._read_exists(value, scope, place)
        elif isinstance(expression, (list, tuple)):
            for one in expression:
                self._read_exists(one, scope, place)


def _pattern(triple: tuple[object, object, object], place: _Place) -> Pattern:
    subject, predicate, value = triple
    path = place.name(predicate) if isinstance(predicate, Variable) else _path(predicate)
    return Pattern(place.place(subject), path, place.place(value), place.graph)


def _path(path: object) -> Path:
    match path:
        case URIRef():
            return paths.Predicate(NamedNode(str(path)))
        case InvPath():
            return dependencies.inverted(_path(path.arg))
        case SequencePath():
            return paths.Sequence(tuple(map(_path, path.args)))
        case AlternativePath():
            return paths.Alternatives(tuple(map(_path, path.args)))
        case MulPath():
            return paths.Repeated(_path(path.path), path.mod)
        case other:
            raise NotImplementedError(str(other))
