"""The facets and the sorting of a list, the choices made, and the address without each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import Facet
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.explore.lists.list_choices import AddressKeys, Pair, sorts
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection.list_queries import Choices, Selection
from rallynov_graph.site.model.selection.value_tables import Counts

FIRST: Final = 7
"""How many values of a facet are shown before the reader opens the rest."""
MOST: Final = 100
"""How many values of a facet are shown in all, those of most things."""


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet, and the number of things with it among those of the other choices."""

    key: str
    node: Node
    things: int
    chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """A facet with its values: first those chosen, then those of most things."""

    name: str
    label: Text | None
    """The name of a property of another graph; None where the words of the site have the name."""
    first: tuple[FacetOption, ...]
    rest: tuple[FacetOption, ...]
    hidden_count: int
    """How many values are not shown."""


@dataclass(frozen=True)
class Pill:
    """A chosen value, and the address of the list without it."""

    facet: ShownFacet
    node: Node
    href: str


@dataclass(frozen=True)
class Narrowing:
    """What a list can be narrowed and sorted by, and the choices made."""

    facets: tuple[ShownFacet, ...]
    pills: tuple[Pill, ...]
    clear: str
    """The address of the list with nothing chosen."""
    certainty: str
    sort: str
    sorts: tuple[str, ...]
    action: str
    """The path of the form."""
    form_fields: tuple[Pair, ...]
    """The hidden fields of the form."""
    files: tuple[tuple[str, str], ...]
    """The formats of the files of the list, with their addresses."""


def narrowing(view: GraphView, address_keys: AddressKeys, selection: Selection) -> Narrowing:
    """Return what a list can be narrowed and sorted by after a reader's choices."""
    source, choices, addresses = selection.source, selection.choices, view.addresses
    counts = selection.counts()
    with_values = [
        (facet, _shown_facet(view, address_keys, choices, facet, counts[facet.name]))
        for facet in source.facets
    ]
    facets = [(facet, shown) for facet, shown in with_values if shown.first]
    pairs = address_keys.pairs(choices)
    form_fields = [(name, value) for name, value in pairs if name == "class" and value]
    return Narrowing(
        tuple(shown for _, shown in facets),
        tuple(
            pill
            for facet, shown in facets
            for pill in _pills(view, address_keys, choices, facet, shown)
        ),
        address_keys.address(addresses, replace(choices, chosen={})),
        choices.certainty,
        choices.sort,
        sorts(source),
        addresses.file(source.path),
        tuple(form_fields),
        tuple(
            (name, addresses.file(f"{source.path}.{name}", [*pairs])) for name in ("csv", "json")
        ),
    )


def _shown_facet(
    view: GraphView, address_keys: AddressKeys, choices: Choices, facet: Facet, counts: Counts
) -> ShownFacet:
    """Return a facet with its values, always with those that are chosen."""
    chosen = choices.chosen.get(facet.name, ())
    counts_shown = {**dict.fromkeys(chosen, 0), **counts}
    by_size = sorted(counts_shown, key=lambda term: (term not in chosen, -counts_shown[term]))
    nodes = _nodes(view, facet, by_size[:MOST])
    by_size = sorted(
        by_size[:MOST], key=lambda t: (t not in chosen, -counts_shown[t], _sort_text(t, nodes[t]))
    )
    options = [
        FacetOption(
            address_keys.keys[facet.name][term], nodes[term], counts_shown[term], term in chosen
        )
        for term in by_size
    ]
    first = max(FIRST, len(chosen))
    if len(options) == first + 1:
        first += 1
    return ShownFacet(
        facet.name,
        _label(view, facet),
        tuple(options[:first]),
        tuple(options[first:]),
        max(0, len(counts_shown) - MOST),
    )


def _nodes(view: GraphView, facet: Facet, terms: Sequence[Term]) -> dict[Term, Node]:
    """Return the nodes of values of a facet, by value."""
    words = {term: in_carnet_language(view, facet.path.last(), term) for term in terms}
    nodes = view.nodes(words.values())
    return {term: nodes[word] for term, word in words.items()}


def _sort_text(term: Term, node: Node) -> str:
    """Return the text that sorts values of equal counts: the name of a thing, else the value."""
    return term.value if isinstance(term, Literal) else sortable(node.text)


def _label(view: GraphView, facet: Facet) -> Text | None:
    if facet.name != facet.path.property:
        return None
    node = view.nodes([NamedNode(facet.name)])[NamedNode(facet.name)]
    return Text(node.text, node.language)


def _pills(
    view: GraphView, address_keys: AddressKeys, choices: Choices, facet: Facet, shown: ShownFacet
) -> Iterable[Pill]:
    terms = choices.chosen.get(facet.name, ())
    nodes = _nodes(view, facet, terms)
    for term in terms:
        chosen = {**choices.chosen, facet.name: _without(terms, term)}
        remaining = replace(choices, chosen={name: kept for name, kept in chosen.items() if kept})
        yield Pill(shown, nodes[term], address_keys.address(view.addresses, remaining))


def _without(terms: tuple[Term, ...], term: Term) -> tuple[Term, ...]:
    return tuple(kept for kept in terms if kept != term)
