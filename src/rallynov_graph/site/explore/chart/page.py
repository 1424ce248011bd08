"""How many of the things of a list have each value of a facet, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, SUREST, admitted
from rallynov_graph.base.kinds import CERTAINTY, WITHIN, Facet
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.drawing.bars import BarPart, CountAxis, parts_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection.list_queries import Choices, Selection, Source

MOST_BARS: Final = 40
"""How many values a chart shows: those of most things."""
HEADER: Final = ("value", "value_label", "things", *CERTAINTIES)
_FIRST: Final = ("larger", "theme")
"""What the bars are by preference."""


@dataclass(frozen=True)
class Bar:
    """A value, and how many things have it how surely."""

    value: Node
    term: Term
    things: int
    parts: tuple[BarPart, ...]


@dataclass(frozen=True)
class Chart:
    """The bars of a facet, the longest first."""

    by: Facet
    axis: CountAxis
    bars: tuple[Bar, ...]
    more: int
    """How many values are not shown."""
    without: int
    """How many of the things have no value."""
    certainties: tuple[str, ...]
    """Those of which a bar has a part."""


def ways(source: Source) -> tuple[Facet, ...]:
    """Return the facets that bars can be made by, the best first."""
    fitting = [facet for facet in source.facets if facet.path.form != CERTAINTY]
    return tuple(sorted(fitting, key=lambda facet: _place(facet.name)))


def chart(view: GraphView, selection: Selection, facet: Facet, most: int = MOST_BARS) -> Chart:
    """Return the chart of a selection by the values of a facet."""
    counts = _counts(view, selection, facet)
    largest = {term: max(by_name.values()) for term, by_name in counts.items()}
    nodes = _nodes(view, facet, counts)
    order = sorted(counts, key=lambda term: (-largest[term], _key(term, nodes[term])))[:most]
    axis = CountAxis.up_to(max(largest.values(), default=0))
    bars = tuple(
        Bar(nodes[term], term, largest[term], parts_of(axis, _single(counts[term]), CERTAINTIES))
        for term in order
    )
    used = {part.certainty for bar in bars for part in bar.parts}
    return Chart(
        facet,
        axis,
        bars,
        len(counts) - len(bars),
        selection.without_value(facet.name),
        tuple(name for name in CERTAINTIES if name in used),
    )


def _counts(view: GraphView, selection: Selection, facet: Facet) -> dict[Term, dict[str, int]]:
    """Return how many things have each value, at each certainty that the reader admits."""
    certainties = admitted(selection.choices.certainty) if selection.source.certain else (SUREST,)
    found: dict[Term, dict[str, int]] = {}
    for certainty in certainties:
        at = _at(selection, certainty)
        for term, things in at.counts_of_all(facet.name).items():
            found.setdefault(term, {})[certainty] = things
    return found


def _at(selection: Selection, certainty: str) -> Selection:
    if not selection.source.certain:
        return selection
    choices: Choices = replace(selection.choices, certainty=certainty)
    return replace(selection, choices=choices)


def _single(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the things by their own certainty, from the things at least so certain."""
    found, before = {}, 0
    for name in CERTAINTIES:
        if name in counts:
            found[name] = max(0, counts[name] - before)
            before = max(before, counts[name])
    return found


def _nodes(view: GraphView, facet: Facet, terms: Mapping[Term, object]) -> dict[Term, Node]:
    words = {term: in_carnet_language(view, facet.path.last(), term) for term in terms}
    if facet.path.form == WITHIN:
        words = {term: term for term in terms}
    nodes = view.nodes(words.values())
    return {term: nodes[word] for term, word in words.items()}


def _key(term: Term, node: Node) -> str:
    return term.value if isinstance(term, Literal) else sortable(node.text)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def iri_of(term: Term) -> str:
    """Return the IRI of a value, empty for one that is no thing."""
    return term.value if isinstance(term, NamedNode) else ""
