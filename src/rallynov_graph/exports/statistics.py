"""What is counted of a graph for those who look for data: its size, its classes, its links."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.store import Term


@dataclass(frozen=True)
class Partition:
    """A class with the number of its things, or a property with those of its uses."""

    iri: str
    count: int
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class Leading:
    """How often a property leads to things of another site."""

    property: str
    site: str
    count: int


@dataclass(frozen=True)
class Statistics:
    """The default graph, counted."""

    triples: int
    subjects: int
    objects: int
    entities: int
    """How many things have an address in our namespace."""
    classes: tuple[Partition, ...]
    properties: tuple[Partition, ...]
    links: tuple[Leading, ...]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, queries: PageQueries, space: str) -> "Statistics":
        """Return what there is to count; the things of a namespace are its entities."""
        prefix = Literal(space)
        [totals] = queries.rows("void_totals").rows
        [things] = queries.rows("things_in_space", prefix=prefix).rows
        examples = queries.rows("examples_in_space", prefix=prefix).rows
        triples, subjects, objects = map(_number, totals)
        return cls(
            triples,
            subjects,
            objects,
            _number(things[0]),
            tuple(_partitions(queries.rows("void_classes").rows)),
            tuple(_partitions(queries.rows("void_properties").rows)),
            tuple(
                Leading(_text(prop), _text(site), _number(count))
                for prop, site, count in queries.rows("void_links", prefix=prefix).rows
            ),
            tuple(_text(thing) for (thing,) in examples),
        )


def _partitions(rows: Iterable[tuple[Term | None, ...]]) -> Iterable[Partition]:
    return (Partition(_text(iri), *map(_number, counts)) for iri, *counts in rows)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
