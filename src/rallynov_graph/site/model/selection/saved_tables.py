"""The facets of lists as JSON and back: for each value the numbers of the things that have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import or_

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.saved_answers import decoded_term, encoded_term
from rallynov_graph.site.model.selection.value_tables import FacetTable, bits_of, places_of


def tables_to_json(tables: Sequence[FacetTable]) -> object:
    """Return the tables of a list as JSON; each holds the things of the stricter one before it."""
    return {
        "there": _places([table.members for table in tables]),
        "facets": {
            name: [
                [encoded_term(value), _places([table.bits[name][value] for table in tables])]
                for value in tables[0].bits[name]
            ]
            for name in tables[0].bits
        },
    }


def tables_from_json(kept: object) -> tuple[FacetTable, ...]:
    """Return the tables of a list from JSON; raise TypeError where it is none."""
    if not isinstance(kept, dict):
        raise TypeError(kept)
    members = _bits(kept["there"])
    facets = {
        name: [(decoded_term(value), _bits(places)) for value, places in values]
        for name, values in kept["facets"].items()
    }
    return tuple(
        FacetTable(
            {name: {value: bits[rank] for value, bits in of} for name, of in facets.items()},
            members,
        )
        for rank, members in enumerate(members)
    )


def values_to_json(values: Mapping[str, Term]) -> object:
    """Return the value of each thing as JSON."""
    return {thing: encoded_term(value) for thing, value in values.items()}


def values_from_json(kept: object) -> dict[str, Term]:
    """Return the value of each thing from JSON; raise TypeError where it is none."""
    if not isinstance(kept, dict):
        raise TypeError(kept)
    return {thing: decoded_term(value) for thing, value in kept.items()}


def _places(by_rank: Sequence[int]) -> list[list[int]]:
    """Return for each number the places of its bits that the numbers before it have not."""
    found, before = [], 0
    for bits in by_rank:
        found.append(places_of(bits & ~before))
        before |= bits
    return found


def _bits(by_rank: Sequence[list[int]]) -> tuple[int, ...]:
    return tuple(accumulate(map(bits_of, by_rank), or_))
