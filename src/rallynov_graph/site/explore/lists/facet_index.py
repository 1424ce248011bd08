"""What a list is narrowed by in an edition: each value of each facet with the rows that have it.

Rows are counted from 0 and stand by certainty: those that are said most surely first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES, admitted, certainty_of
from rallynov_graph.base.kinds import CERTAINTY, WITHIN, Facet
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.explore.lists.list_choices import value_keys
from rallynov_graph.site.explore.lists.list_table import SIZE, things_of_table
from rallynov_graph.site.explore.lists.narrowing import (
    FIRST,
    MOST,
    OPEN,
    facet_label,
    sort_text,
    value_nodes,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.facet_values import RANKS, Surest
from rallynov_graph.site.model.selection.list_queries import (
    Choices,
    Selection,
    Source,
)

_ID: Final = 8


RowsByCertainty = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class IndexedValue:
    """A value of a facet, and the rows of the list that have it."""

    key: str
    node: Node
    rows: RowsByCertainty
    """None of a certainty: a script works them out under each choice."""
    is_inner: bool
    """Whether it lies within a wider value: an address may name it, no form offers it."""

    @property
    def certainty(self) -> str:
        """The name of the certainty that the value is; empty for any other value."""
        return certainty_of(self.node.iri)


@dataclass(frozen=True)
class IndexedFacet:
    """A facet with its values, those of equally many rows in the order that readers expect."""

    name: str
    label: Text | None
    """What a property of a class is called; words of the site name those of our kinds."""
    values: tuple[IndexedValue, ...]
    form: str
    """How a thing has its values, as ``ValuePath`` has it."""


@dataclass(frozen=True)
class FacetIndex:
    """The facets of a list at a certainty, in the order in which they are shown."""

    facets: tuple[IndexedFacet, ...]
    columns: tuple[str, ...]
    rows: RowsByCertainty
    """All rows of the list, by how surely they are of its class."""


def facet_index(view: GraphView, source: Source) -> FacetIndex | None:
    """Return what a list is narrowed by; None where it has no facets, or is too long."""
    queries, certainty = view.queries, view.addresses.certainty
    if not Selection(queries, source).is_narrowed_in_browser():
        return None
    selection = Selection(queries, source, Choices(certainty, source.sort))
    listed, values = things_of_table(view, selection), selection.values()
    row_of = {iri: row for row, iri in enumerate(listed)}

    def rows(things: Surest) -> RowsByCertainty:
        found: list[list[int]] = [[] for _ in admitted(certainty)]
        for iri, rank in things.items():
            if iri in row_of and rank < len(found):
                found[rank].append(row_of[iri])
        return tuple(tuple(sorted(of)) for of in found)

    facets = (
        _facet(
            view,
            facet,
            {term: rows(of) for term, of in values.things[facet.name].items()}
            if facet.name in values.things
            else dict.fromkeys(RANKS, ()),
            values.inner.get(facet.name, frozenset()),
        )
        for facet in source.facets
    )
    columns = tuple(column.name for column in source.columns)
    return FacetIndex(tuple(facets), columns, rows(values.members))


def _facet(
    view: GraphView, facet: Facet, rows: Mapping[Term, RowsByCertainty], inner: Set[Term]
) -> IndexedFacet:
    keys, nodes = value_keys(rows), value_nodes(view, facet, [*rows])
    in_order = sorted(rows, key=lambda term: sort_text(term, nodes[term]))
    values = tuple(
        IndexedValue(keys[term], nodes[term], rows[term], term in inner) for term in in_order
    )
    return IndexedFacet(facet.name, facet_label(view, facet), values, facet.path.form)


def written(index: FacetIndex, labels: dict[str, Text], pages: list[str]) -> tuple[str, bytes]:
    """Return an index as a script reads it, and the id by which its pages know it.

    Of rows it says how far each is from the one before of the same certainty.
    """
    content: dict[str, object] = {
        "rows": _gaps(index.rows),
        "how": CERTAINTIES,
        "page": SIZE,
        "first": FIRST,
        "open": OPEN,
        "most": MOST,
        "columns": index.columns,
        "facets": [
            {
                "name": facet.name,
                **({facet.form: True} if facet.form in (WITHIN, CERTAINTY) else {}),
                **_text(labels[facet.name].value, labels[facet.name].language),
                "values": [_value(value) for value in facet.values],
            }
            for facet in index.facets
        ],
    }
    name = hashlib.sha256(_json(content)).hexdigest()[:_ID]
    return name, _json({"id": name, **content, "pages": pages})


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _value(value: IndexedValue) -> dict[str, object]:
    return {
        "key": value.key,
        **_text(value.node.text, value.node.language),
        **({"how": value.certainty} if value.certainty else {}),
        **({"inner": True} if value.is_inner else {}),
        "rows": _gaps(value.rows),
    }


def _gaps(rows: RowsByCertainty) -> list[list[int]]:
    return [[after - before for before, after in pairwise((0, *of))] for of in rows]


def _text(text: str, language: str | None) -> dict[str, str]:
    return {"text": text, **({"lang": language} if language else {})}
