"""The distinct triples of a dataset by their predicate: what the quick validator reads.

A term is a number here. That takes a third of the memory of terms, and comparing numbers is what
makes it quick.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.terms import Term

Numbers = AbstractSet[int]
NOTHING: Final[frozenset[int]] = frozenset()


class TripleIndex:
    """The triples of all graphs together; statements can be put in and taken out."""

    def __init__(self, triples: Iterable[Triple | Quad] = ()) -> None:
        self.terms: list[Term] = []
        self._numbers: dict[Term, int] = {}
        self._objects: dict[int, dict[int, set[int]]] = {}
        self._subjects: dict[int, dict[int, set[int]]] = {}
        self._size = 0
        self._load(triples)

    def __len__(self) -> int:
        """Return the number of triples."""
        return self._size

    def number(self, term: Term) -> int:
        """Return the number of a term, which gets one if it has none yet."""
        if (known := self._numbers.get(term)) is not None:
            return known
        if isinstance(term, Triple):
            raise RallynovError(f"SHACL checking does not read triple terms (RDF 1.2): {term}")
        self._numbers[term] = number = len(self.terms)
        self.terms.append(term)
        return number

    def known(self, terms: Iterable[Term]) -> set[int]:
        """Return the numbers of those terms that have one."""
        return {self._numbers[term] for term in terms if term in self._numbers}

    def add(self, triple: Triple | Quad) -> None:
        """Hold a triple; one that is there already stays as it is."""
        number = self.number
        subject, predicate = number(triple.subject), number(triple.predicate)
        value = number(triple.object)
        by_subject = self.objects_by_subject(predicate)
        objects = by_subject.get(subject)
        if objects is None:
            by_subject[subject] = {value}
        elif value in objects:
            return
        else:
            objects.add(value)
        self._size += 1
        if predicate in self._subjects:
            self._subjects[predicate].setdefault(value, set()).add(subject)

    def _load(self, triples: Iterable[Triple | Quad]) -> None:
        """Hold triples as ``add`` does, in one loop: a call for each would take a third more."""
        known, number, objects_of = self._numbers.get, self.number, self._objects
        size = 0
        for triple in triples:
            if (subject := known(triple.subject)) is None:
                subject = number(triple.subject)
            if (predicate := known(triple.predicate)) is None:
                predicate = number(triple.predicate)
            if (value := known(triple.object)) is None:
                value = number(triple.object)
            if (by_subject := objects_of.get(predicate)) is None:
                by_subject = self.objects_by_subject(predicate)
            if (objects := by_subject.get(subject)) is None:
                by_subject[subject] = {value}
                size += 1
            elif value not in objects:
                objects.add(value)
                size += 1
        self._size = size

    def remove(self, triple: Triple | Quad) -> None:
        """Hold a triple no longer; nothing is done for one that is not there."""
        numbers = self._numbers.get(triple.subject), self._numbers.get(triple.object)
        predicate = self._numbers.get(triple.predicate)
        subject, value = numbers
        if subject is None or predicate is None or value is None:
            return
        by_subject = self.objects_by_subject(predicate)
        if value not in by_subject.get(subject, NOTHING):
            return
        self._size -= 1
        _take_out(by_subject, subject, value)
        if predicate in self._subjects:
            _take_out(self._subjects[predicate], value, subject)

    def objects_by_subject(self, predicate: int) -> dict[int, set[int]]:
        """Return the objects of a predicate by subject; the same mapping as long as this lives."""
        return self._objects.setdefault(predicate, {})

    def subjects_by_object(self, predicate: int) -> dict[int, set[int]]:
        """Return the subjects of a predicate by object; the same mapping as long as this lives."""
        if predicate not in self._subjects:
            turned = self._subjects[predicate] = {}
            for subject, objects in self.objects_by_subject(predicate).items():
                for value in objects:
                    turned.setdefault(value, set()).add(subject)
        return self._subjects[predicate]

    def turn(self) -> None:
        """Have the subjects of all predicates by object, which are else found when first asked."""
        for predicate in list(self._objects):
            self.subjects_by_object(predicate)

    def statements_about(self, subject: int) -> Iterator[tuple[int, Numbers]]:
        """Yield the predicates of a subject with their objects."""
        for predicate, by_subject in self._objects.items():
            if found := by_subject.get(subject):
                yield predicate, found

    def triples_about(self, chosen: Callable[[Term], bool]) -> Iterator[Triple]:
        """Yield the statements about things that are chosen."""
        terms = self.terms
        for subject in set[int]().union(*self._objects.values()):
            if chosen(terms[subject]):
                for predicate, objects in self.statements_about(subject):
                    for value in objects:
                        yield Triple(terms[subject], terms[predicate], terms[value])  # type: ignore[arg-type]

    def objects_of(self, subject: int) -> Numbers:
        """Return the objects of a subject, whatever the predicate."""
        return NOTHING.union(*(found for _, found in self.statements_about(subject)))

    def subjects_of(self, value: int) -> Numbers:
        """Return the subjects of an object, whatever the predicate."""
        every = map(self.subjects_by_object, list(self._objects))
        return NOTHING.union(*(subjects.get(value, NOTHING) for subjects in every))

    def triples(self) -> Iterator[Triple]:
        """Yield all triples."""
        terms = self.terms
        for predicate, by_subject in self._objects.items():
            for subject, objects in by_subject.items():
                for value in objects:
                    yield Triple(terms[subject], terms[predicate], terms[value])  # type: ignore[arg-type]

    def triples_of(self, predicates: Iterable[str]) -> Iterator[Triple]:
        """Yield the triples of some predicates, given by their IRIs."""
        terms = self.terms
        for predicate in map(NamedNode, sorted(predicates)):
            for subject, objects in self._objects.get(self._numbers.get(predicate, -1), {}).items():
                for value in objects:
                    yield Triple(terms[subject], predicate, terms[value])  # type: ignore[arg-type]

    def blank_node_parents(self) -> Mapping[int, Collection[int]]:
        """Return the subjects that each blank node is an object of, in one pass over all."""
        parents: dict[int, set[int]] = {}
        for by_subject in self._objects.values():
            for subject, objects in by_subject.items():
                for value in objects:
                    if isinstance(self.terms[value], BlankNode):
                        parents.setdefault(value, set()).add(subject)
        return parents


def _take_out(mapping: dict[int, set[int]], key: int, member: int) -> None:
    mapping[key].discard(member)
    if not mapping[key]:
        del mapping[key]
