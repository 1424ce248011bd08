"""Triples by their subject, with the blank nodes that belong to it."""

from collections.abc import Iterable, Iterator

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)


def read_sorted(text: bytes, form: RdfFormat) -> tuple[Triple, ...]:
    """Return the triples of a text in order; its blank nodes have the same names each time."""
    dataset = Dataset(parse(text, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted((quad.triple for quad in dataset), key=str))


class Statements:
    """Triples in their order, and those of each thing."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._by_subject: dict[object, list[Triple]] = {}
        for triple in self.triples:
            self._by_subject.setdefault(triple.subject, []).append(triple)

    def names(self) -> Iterator[str]:
        """Yield the IRIs of the things that are subjects."""
        return (thing.value for thing in self._by_subject if isinstance(thing, NamedNode))

    def about(self, thing: NamedNode) -> Iterator[Triple]:
        """Yield the triples of a thing, and those of the blank nodes that it leads to."""
        pending: list[object] = [thing]
        reached = set(pending)
        while pending:
            for triple in self._by_subject.get(pending.pop(), ()):
                yield triple
                if isinstance(triple.object, BlankNode) and triple.object not in reached:
                    reached.add(triple.object)
                    pending.append(triple.object)
