"""Which properties a check looks at: a change of others does not change what it finds."""

from collections.abc import Iterator

from rdflib import URIRef
from rdflib.paths import NegatedPath, Path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery


def properties_of(query: str) -> frozenset[str] | None:
    """Return the properties in the patterns of a query; None where one may be any."""
    found: set[str] = set()
    for predicate in _predicates(translateQuery(parseQuery(query)).algebra):
        if isinstance(predicate, Path):
            inner = list(_in_path(predicate))
            if not all(inner):
                return None
            found.update(map(str, inner))
        elif isinstance(predicate, URIRef):
            found.add(str(predicate))
        else:
            return None
    return frozenset(found)


def _predicates(part: object) -> Iterator[object]:
    """Yield the predicate of each pattern in a part of the algebra, filters included."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "triples":
                yield from (triple[1] for triple in value)
            else:
                yield from _predicates(value)
    elif isinstance(part, (list, tuple)):
        for one in part:
            yield from _predicates(one)


def _in_path(path: object) -> Iterator[URIRef | None]:
    """Yield the properties of a path, None where it may go along any."""
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, NegatedPath):
        yield None
    elif isinstance(path, Path):
        for name in ("arg", "path", "args"):
            inner = getattr(path, name, None)
            if inner is not None:
                yield from _in_path(inner)
    elif isinstance(path, (list, tuple)):
        for one in path:
            yield from _in_path(one)
