"""The description of a thing in a dataset, read as plain values that are required."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Triple

from rallynov_graph.base.errors import SourceError


@dataclass(frozen=True)
class About:
    """A thing in a dataset, and the place that an error names when something is missing."""

    dataset: Dataset
    thing: NamedNode | BlankNode | Triple
    place: str

    def text(self, predicate: str) -> str:
        """Return the only value of a property; raise SourceError where there is none or more."""
        values = {_plain(value) for value in self._values(predicate)}
        if len(values) != 1:
            raise SourceError(
                self.place, f"exactly one value of <{predicate}> belongs to {self.thing}"
            )
        return values.pop()

    def texts(self, predicate: str) -> dict[str, str]:
        """Return the values of a property by their language, ``""`` for none."""
        values = [v for v in self._values(predicate) if isinstance(v, Literal)]
        return {v.language or "": v.value for v in sorted(values, key=str)}

    def _values(self, predicate: str) -> list[NamedNode | BlankNode | Literal | Triple]:
        return [
            quad.object
            for quad in self.dataset.quads_for_subject(self.thing)
            if quad.predicate.value == predicate
        ]


def _plain(term: NamedNode | BlankNode | Literal | Triple) -> str:
    return str(term) if isinstance(term, Triple) else term.value
