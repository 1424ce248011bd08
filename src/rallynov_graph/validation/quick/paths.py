"""Property paths of shapes, and the values that they lead to."""

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.validation.quick.triple_index import NOTHING, Numbers, TripleIndex

Step = Callable[[int], Numbers]
"""Returns the nodes that a path leads to from a node."""


@dataclass(frozen=True)
class Predicate:
    """A property, followed from subject to object."""

    iri: NamedNode


@dataclass(frozen=True)
class Inverse:
    """A property, followed from object to subject."""

    iri: NamedNode


@dataclass(frozen=True)
class Sequence:
    """Paths, one after the other."""

    steps: "tuple[Path, ...]"


@dataclass(frozen=True)
class Alternatives:
    """Any of several paths."""

    choices: "tuple[Path, ...]"


@dataclass(frozen=True)
class Repeated:
    """A path followed several times: ``*``, ``+`` or ``?``."""

    path: "Path"
    sign: str


Path = Predicate | Inverse | Sequence | Alternatives | Repeated


def step(path: Path, index: TripleIndex) -> Step:
    """Return what follows a path in an index, as long as that lives."""
    match path:
        case Predicate(iri):
            objects = index.objects_by_subject(index.number(iri))
            return lambda node: objects.get(node, NOTHING)
        case Inverse(iri):
            subjects = index.subjects_by_object(index.number(iri))
            return lambda node: subjects.get(node, NOTHING)
        case Sequence(parts):
            return _sequence([step(part, index) for part in parts])
        case Alternatives(choices):
            ways = [step(choice, index) for choice in choices]
            return lambda node: NOTHING.union(*(way(node) for way in ways))
        case Repeated(inner, sign):
            return _repeated(step(inner, index), sign)


def in_sparql(path: Path) -> str:
    """Return a path as SPARQL writes it, as one part of a longer one."""
    return _in_sparql(path) if isinstance(path, Predicate) else f"({_in_sparql(path)})"


def written(path: Path) -> str:
    """Return an IRI as it is, a longer path as SPARQL writes it."""
    return path.iri.value if isinstance(path, Predicate) else _in_sparql(path)


def predicates(path: Path) -> frozenset[NamedNode]:
    """Return the properties that a path goes along."""
    match path:
        case Predicate(iri) | Inverse(iri):
            return frozenset({iri})
        case Sequence(parts) | Alternatives(parts):
            return frozenset().union(*(predicates(part) for part in parts))
        case Repeated(inner, _):
            return predicates(inner)


def _sequence(steps: list[Step]) -> Step:
    def follow(node: int) -> Numbers:
        reached: Numbers = {node}
        for one in steps:
            reached = NOTHING.union(*map(one, reached))
        return reached

    return follow


def _repeated(once: Step, sign: str) -> Step:
    def follow(node: int) -> Numbers:
        if sign == "?":
            return once(node) | {node}
        reached: set[int] = {node} if sign == "*" else set()
        waiting = set(once(node)) - reached
        while waiting:
            current = waiting.pop()
            reached.add(current)
            waiting |= once(current) - reached
        return reached

    return follow


def _in_sparql(path: Path) -> str:
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(iri):
            return f"^<{iri.value}>"
        case Sequence(parts):
            return "/".join(map(_in_sparql, parts))
        case Alternatives(choices):
            return f"({'|'.join(map(_in_sparql, choices))})"
        case Repeated(inner, sign):
            return f"({_in_sparql(inner)}){sign}"
