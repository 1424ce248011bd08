"""The statistics of a graph for catalogues of data: its size, its classes, its links."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries


@dataclass(frozen=True)
class Partition:
    """A class with the number of its things, or a property with those of its uses."""

    iri: str
    count: int
    subjects: int = 0
    objects: int = 0


@dataclass(frozen=True)
class OutgoingLinks:
    """The number of links by a property to things of another site."""

    property: str
    site: str
    count: int


@dataclass(frozen=True)
class Statistics:
    """The counts of the default graph."""

    triples: int
    subjects: int
    objects: int
    entities: int
    """How many things have an address in our namespace."""
    classes: tuple[Partition, ...]
    properties: tuple[Partition, ...]
    links: tuple[OutgoingLinks, ...]
    examples: tuple[str, ...]

    @classmethod
    def of(cls, queries: PageQueries, space: str) -> "Statistics":
        """Return the counts; the things of the namespace ``space`` are the entities."""
        found = queries.select_all([*_texts(queries, space)])
        [[subjects, objects]], [[things]], examples, classes, properties, links = (
            answer.rows for answer in found
        )
        used = tuple(_partitions(properties))
        return cls(
            sum(part.count for part in used),
            _number(subjects),
            _number(objects),
            _number(things),
            tuple(_partitions(classes)),
            used,
            tuple(OutgoingLinks(_text(prop), _text(site), _number(n)) for prop, site, n in links),
            tuple(_text(thing) for (thing,) in examples),
        )

    @classmethod
    def saved(cls, queries: PageQueries, space: str) -> "Statistics":
        """Return the counts, which are kept beside the release where that is possible."""
        key = "\n".join(_texts(queries, space))
        return queries.result_cache.get(
            "statistics", key, lambda: cls.of(queries, space), asdict, cls._read
        )

    @classmethod
    def _read(cls, saved: Any) -> "Statistics":
        """Return the counts that were saved; raise KeyError, TypeError for anything else."""
        parts: dict[str, Any] = {
            "classes": tuple(Partition(**part) for part in saved["classes"]),
            "properties": tuple(Partition(**part) for part in saved["properties"]),
            "links": tuple(OutgoingLinks(**part) for part in saved["links"]),
            "examples": tuple(saved["examples"]),
        }
        return cls(**{**saved, **parts})


def _texts(queries: PageQueries, space: str) -> Iterator[str]:
    """Yield the queries that count, each whole."""
    prefix = Literal(space)
    yield queries.text("void_totals")
    yield queries.text("things_in_space", prefix=prefix)
    yield queries.text("examples_in_space", prefix=prefix)
    yield queries.text("void_classes")
    yield queries.text("void_properties")
    yield queries.text("void_links", prefix=prefix)


def _partitions(rows: Iterable[tuple[Term | None, ...]]) -> Iterable[Partition]:
    return (Partition(_text(iri), *map(_number, counts)) for iri, *counts in rows)


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
