"""What a graph says of one thing, with the nodes without names that belong to it."""

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


def read_in_order(text: bytes, form: RdfFormat) -> tuple[Triple, ...]:
    """Return the triples of a text in order; nodes without names are called the same each time."""
    dataset = Dataset(parse(text, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return tuple(sorted((quad.triple for quad in dataset), key=str))


class Statements:
    """Triples in their order, and what they say of each thing."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._of: dict[object, list[Triple]] = {}
        for triple in self.triples:
            self._of.setdefault(triple.subject, []).append(triple)

    def names(self) -> Iterator[str]:
        """Yield the IRIs of the things that something is said of."""
        return (thing.value for thing in self._of if isinstance(thing, NamedNode))

    def about(self, thing: NamedNode) -> Iterator[Triple]:
        """Yield what is said of a thing, and of the nodes without names that this leads to."""
        waiting: list[object] = [thing]
        seen = set(waiting)
        while waiting:
            for triple in self._of.get(waiting.pop(), ()):
                yield triple
                if isinstance(triple.object, BlankNode) and triple.object not in seen:
                    seen.add(triple.object)
                    waiting.append(triple.object)
