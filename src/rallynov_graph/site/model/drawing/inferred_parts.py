"""Which part of a printed date is inferred, and in which document it is not printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import documents_of_sets


@dataclass(frozen=True)
class PartOfSets:
    """A part of a date, with the sets that infer it."""

    node: Node
    sets: frozenset[str]


@dataclass(frozen=True)
class InferredPart:
    """A part of a date that is inferred."""

    node: Node
    documents: tuple[Node, ...] = ()
    """The documents whose form lacks it; none where all forms lack the same."""


def parts_not_printed(
    parts: Iterable[PartOfSets], dates: Sequence[frozenset[str]]
) -> tuple[PartOfSets, ...]:
    """Return the parts that no set of the same date does without; ``dates`` are their sets."""
    parts = [*parts]
    inferring = frozenset().union(*(part.sets for part in parts))
    whole = [sets for sets in dates if not sets <= inferring]
    printed = frozenset().union(*whole)
    left = (PartOfSets(part.node, part.sets - printed) for part in parts)
    return tuple(part for part in left if part.sets)


def by_document(
    view: GraphView, parts_of_events: Mapping[str, Sequence[PartOfSets]]
) -> dict[str, tuple[InferredPart, ...]]:
    """Return the inferred parts of each event, with their documents where these differ."""
    several = (part for parts in parts_of_events.values() if len(parts) > 1 for part in parts)
    sets = sorted({name for part in several for name in part.sets})
    found = documents_of_sets(view, sets)
    nodes = view.nodes(NamedNode(iri) for them in found.values() for iri in them)
    documents = {name: [nodes[NamedNode(iri)] for iri in them] for name, them in found.items()}

    def parts(some: Sequence[PartOfSets]) -> tuple[InferredPart, ...]:
        found = [
            InferredPart(
                part.node,
                tuple(dict.fromkeys(d for s in sorted(part.sets) for d in documents.get(s, ()))),
            )
            for part in some
        ]
        if len({part.documents for part in found}) < 2:
            return tuple(InferredPart(part.node) for part in found)
        return tuple(found)

    return {event: parts(some) for event, some in parts_of_events.items()}
