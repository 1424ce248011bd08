"""What a list can be narrowed and sorted by, what is chosen, and the way back from each choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import Facet
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.explore.lists.list_choices import AddressKeys
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection.facet_values import Counts
from rallynov_graph.site.model.selection.list_queries import Choices, Selection
from rallynov_graph.site.web.feature import Pair

FIRST: Final = 4
"""How many values of a facet are shown at once."""
OPEN: Final = 4
"""How many facets are unfolded; what is chosen is always seen."""
MOST: Final = 100
"""How many values of a facet are shown at all, those of most things."""


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet, and how many things have it under the other facets' choices."""

    key: str
    node: Node
    things: int
    chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """A facet with its values: those chosen and those of most things first."""

    name: str
    label: Text | None
    """What a property of somebody else's graph is called; words of the site name ours."""
    first: tuple[FacetOption, ...]
    rest: tuple[FacetOption, ...]
    hidden_count: int
    """How many values are not shown."""

    @property
    def is_chosen(self) -> bool:
        """Whether one of its values is chosen; those stand before all others."""
        return self.first[0].chosen

    @property
    def narrows(self) -> bool:
        """Whether another choice is left: one value that all things have tells none apart."""
        return len(self.first) > 1 or (bool(self.first) and self.is_chosen)


@dataclass(frozen=True)
class Pill:
    """A chosen value, and the address of the list without it."""

    facet: ShownFacet
    node: Node
    href: str


@dataclass(frozen=True)
class Narrowing:
    """What a list can be narrowed and sorted by, and what is chosen."""

    facets: tuple[ShownFacet, ...]
    folded: tuple[ShownFacet, ...]
    """Those that few readers want."""
    pills: tuple[Pill, ...]
    clear: str
    """The address of the list with nothing chosen."""
    certainty: str
    sort: str
    sorts: tuple[str, ...]
    rest: str
    """The order that an address without one has."""
    action: str
    """The path of the form."""
    form_fields: tuple[Pair, ...]
    """The hidden fields of the form."""


def narrowing(view: GraphView, keys: AddressKeys, selection: Selection) -> Narrowing:
    """Return what a list under a reader's choices can be narrowed by."""
    source, choices, addresses = selection.source, selection.choices, view.addresses
    counts = selection.counts()
    shown = [(f, _shown_facet(view, keys, choices, f, counts[f.name])) for f in source.facets]
    facets = [(facet, it) for facet, it in shown if it.narrows]
    first = [it for place, (_, it) in enumerate(facets) if place < OPEN or it.is_chosen]
    form_fields = [(name, value) for name, value in keys.pairs(Choices(sort=keys.sort)) if value]
    return Narrowing(
        tuple(first),
        tuple(it for _, it in facets if it not in first),
        tuple(pill for facet, it in facets for pill in _pills(view, keys, choices, facet, it)),
        keys.address(addresses, replace(choices, chosen={})),
        choices.certainty,
        choices.sort,
        keys.sorts,
        keys.sort,
        addresses.file(source.path),
        tuple(form_fields),
    )


def _shown_facet(
    view: GraphView, keys: AddressKeys, choices: Choices, facet: Facet, counts: Counts
) -> ShownFacet:
    """Return a facet with its values under the choices; what is chosen is always among them."""
    chosen = choices.chosen.get(facet.name, ())
    wanted = {**dict.fromkeys(chosen, 0), **counts}
    by_size = sorted(wanted, key=lambda term: (term not in chosen, -wanted[term]))
    nodes = value_nodes(view, facet, by_size[:MOST])
    by_size = sorted(
        by_size[:MOST], key=lambda t: (t not in chosen, -wanted[t], sort_text(t, nodes[t]))
    )
    options = [
        FacetOption(keys.keys[facet.name][term], nodes[term], wanted[term], term in chosen)
        for term in by_size
    ]
    first = max(FIRST, len(chosen))
    if len(options) == first + 1:
        first += 1
    return ShownFacet(
        facet.name,
        facet_label(view, facet),
        tuple(options[:first]),
        tuple(options[first:]),
        max(0, len(wanted) - MOST),
    )


def value_nodes(view: GraphView, facet: Facet, terms: Sequence[Term]) -> dict[Term, Node]:
    """Return how values of a facet are shown, by what they are in the address."""
    words = {term: in_carnet_language(view, facet.path.last(), term) for term in terms}
    nodes = view.nodes(words.values())
    return {term: nodes[word] for term, word in words.items()}


def sort_text(term: Term, node: Node) -> str:
    """Return where a value stands among equals: things by their names, dates by time."""
    return term.value if isinstance(term, Literal) else sortable(node.text)


def facet_label(view: GraphView, facet: Facet) -> Text | None:
    """Return what a property of somebody's class is called; None for a facet of our kinds."""
    if facet.name != facet.path.property:
        return None
    node = view.nodes([NamedNode(facet.name)])[NamedNode(facet.name)]
    return Text(node.text, node.language)


def _pills(
    view: GraphView, keys: AddressKeys, choices: Choices, facet: Facet, shown: ShownFacet
) -> Iterable[Pill]:
    terms = choices.chosen.get(facet.name, ())
    nodes = value_nodes(view, facet, terms)
    for term in terms:
        left = {**choices.chosen, facet.name: _without(terms, term)}
        remaining = replace(choices, chosen={name: kept for name, kept in left.items() if kept})
        yield Pill(shown, nodes[term], keys.address(view.addresses, remaining))


def _without(terms: tuple[Term, ...], term: Term) -> tuple[Term, ...]:
    return tuple(kept for kept in terms if kept != term)
