"""Triples by predicate, with terms as numbers, and paths through them.

Numbers take a third of the memory of terms and compare faster, which makes validation quick.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Numbers = AbstractSet[int]
NOTHING: Final[frozenset[int]] = frozenset()


class TripleTermError(ValueError):
    """Data contain triple terms (RDF 1.2), which SHACL does not know."""

    def __init__(self, term: object) -> None:
        super().__init__(f"SHACL checking does not read triple terms (RDF 1.2): {term}")


class TripleIndex:
    """The distinct triples of all graphs together."""

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        """Index triples; raise TripleTermError."""
        self.terms: list[Term] = []
        self._numbers: dict[Term, int] = {}
        self._objects: dict[int, dict[int, set[int]]] = {}
        self._subjects: dict[int, dict[int, set[int]]] = {}
        # Most of a validation's time may be spent here: no call for known terms.
        known, number = self._numbers.get, self.number
        for triple in triples:
            if (subject := known(triple.subject)) is None:
                subject = number(triple.subject)
            if (predicate := known(triple.predicate)) is None:
                predicate = number(triple.predicate)
            if (value := known(triple.object)) is None:
                value = number(triple.object)
            if (by_subject := self._objects.get(predicate)) is None:
                by_subject = self.objects_by_subject(predicate)
            if (objects := by_subject.get(subject)) is None:
                by_subject[subject] = {value}
            else:
                objects.add(value)

    def __len__(self) -> int:
        return sum(len(found) for objects in self._objects.values() for found in objects.values())

    def number(self, term: Term) -> int:
        """Return the number of a term, a new one if the term is new."""
        if (known := self._numbers.get(term)) is not None:
            return known
        if isinstance(term, Triple):
            raise TripleTermError(term)
        self._numbers[term] = number = len(self.terms)
        self.terms.append(term)
        return number

    def known(self, terms: Iterable[Term]) -> set[int]:
        return {self._numbers[term] for term in terms if term in self._numbers}

    def objects_by_subject(self, predicate: int) -> dict[int, set[int]]:
        return self._objects.setdefault(predicate, {})

    def subjects_by_object(self, predicate: int) -> dict[int, set[int]]:
        if predicate not in self._subjects:
            turned = self._subjects[predicate] = {}
            for subject, objects in self.objects_by_subject(predicate).items():
                for value in objects:
                    turned.setdefault(value, set()).add(subject)
        return self._subjects[predicate]

    def statements_about(self, subject: int) -> Iterator[tuple[int, Numbers]]:
        for predicate, by_subject in self._objects.items():
            if found := by_subject.get(subject):
                yield predicate, found

    def triples(self) -> Iterator[Triple]:
        terms = self.terms
        for predicate, by_subject in self._objects.items():
            for subject, objects in by_subject.items():
                for value in objects:
                    yield Triple(terms[subject], terms[predicate], terms[value])  # type: ignore[arg-type]

    def blank_node_parents(self) -> Mapping[int, Collection[int]]:
        """Return the subjects of which each blank node is an object, in one pass."""
        parents: dict[int, set[int]] = {}
        for by_subject in self._objects.values():
            for subject, objects in by_subject.items():
                for value in objects:
                    if isinstance(self.terms[value], BlankNode):
                        parents.setdefault(value, set()).add(subject)
        return parents


def named_around(node: Term, parents: Callable[[Term], Iterable[Term]]) -> str | None:
    """Return the IRI of a node, or of the nearest named node that contains it."""
    nodes, visited = [node], {node}
    for current in nodes:
        if isinstance(current, NamedNode):
            return current.value
        for parent in sorted(parents(current), key=str) if isinstance(current, BlankNode) else ():
            if parent not in visited:
                visited.add(parent)
                nodes.append(parent)
    return None


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
Step = Callable[[int], Numbers]
"""Returns the nodes that a path leads to from a node."""


def step(path: Path, index: TripleIndex) -> Step:
    """Return the function that follows a path in an index."""
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
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(iri):
            return f"^<{iri.value}>"
        case Sequence(parts):
            return "/".join(map(in_sparql, parts))
        case Alternatives(choices):
            return f"({'|'.join(map(in_sparql, choices))})"
        case Repeated(inner, sign):
            return f"({in_sparql(inner)}){sign}"


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
