"""What links organisations to themes, and which themes are within which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView

LINKED: Final = RN + "linkedToTheme"
LARGER: Final = RN + "linkedToLargerTheme"

Pair = tuple[str, str]
Proofs = Mapping[str, int]
"""How certain each piece of evidence is: its place among the certainties."""


@dataclass(frozen=True)
class Strength:
    """How many pieces of evidence link two things, the strongest certainty, and what they say."""

    count: int
    how: str
    property: str


@dataclass(frozen=True)
class Tree:
    """Which themes are narrower than which."""

    narrower: Mapping[str, tuple[str, ...]]

    @cached_property
    def broader(self) -> dict[str, tuple[str, ...]]:
        """The themes right above each theme."""
        found: dict[str, tuple[str, ...]] = {}
        for theme, below in self.narrower.items():
            for one in below:
                found[one] = (*found.get(one, ()), theme)
        return found

    def above(self, theme: str) -> Iterator[str]:
        """Yield a theme and all that are above it, each once."""
        met, waiting = {theme}, [theme]
        while waiting:
            yield (one := waiting.pop(0))
            further = [other for other in self.broader.get(one, ()) if other not in met]
            met.update(further)
            waiting += further


@dataclass(frozen=True)
class Linked:
    """The evidence that links organisations to the very themes that it addresses."""

    directly: Mapping[Pair, Proofs]
    tree: Tree

    @cached_property
    def within(self) -> dict[Pair, dict[str, int]]:
        """The evidence that links an organisation to a theme or to one within it, each once."""
        found: dict[Pair, dict[str, int]] = {}
        for (organisation, theme), proofs in self.directly.items():
            for above in self.tree.above(theme):
                known = found.setdefault((organisation, above), {})
                for via, rank in proofs.items():
                    known[via] = min(rank, known.get(via, rank))
        return found

    @cached_property
    def addressed(self) -> frozenset[str]:
        """The themes that something addresses themselves."""
        return frozenset(theme for _, theme in self.directly)

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(theme for _, theme in self.within)

    def strength(self, pair: Pair, *, alone: bool = False) -> Strength | None:
        """Return what links an organisation to a theme or, unless alone, to one within it.

        None where nothing does.
        """
        outright = self.directly.get(pair, {})
        proofs = outright if alone else self.within.get(pair)
        if not proofs:
            return None
        larger = proofs.keys() != outright.keys()
        return Strength(
            len(proofs), CERTAINTIES[min(proofs.values())], LARGER if larger else LINKED
        )

    @property
    def themes(self) -> tuple[str, ...]:
        """The largest themes that something is linked to."""
        return tuple(sorted(theme for theme in self._there if theme not in self.tree.broader))

    def narrower(self, theme: str) -> tuple[str, ...]:
        """Return the themes right below one that something is linked to."""
        return tuple(t for t in self.tree.narrower.get(theme, ()) if t in self._there)


def linked(view: GraphView, certainty: str) -> Linked:
    """Return what links organisations to themes at least so certainly."""
    directly: dict[Pair, dict[str, int]] = {}
    for organisation, theme, via, *hows in view.queries.saved(
        "linked", query(view, certainty)
    ).rows:
        pair, rank = (_iri(organisation), _iri(theme)), max(map(_rank, hows))
        proofs = directly.setdefault(pair, {})
        proofs[_iri(via)] = min(rank, proofs.get(_iri(via), rank))
    return Linked(directly, tree(view))


def numbers_of_links(view: GraphView) -> Mapping[str, int]:
    """Return how many themes organisations are linked to, all added up, at each certainty."""
    return view.queries.once("numbers of links", "", lambda: _numbers(view))


def _numbers(view: GraphView) -> Mapping[str, int]:
    return {certainty: len(linked(view, certainty).directly) for certainty in CERTAINTIES}


def query(view: GraphView, certainty: str) -> str:
    """Return the query for what links organisations to themes."""
    return view.queries.text("organisations_by_theme", certainty=NamedNode(RN + certainty))


def tree(view: GraphView) -> Tree:
    """Return the tree of themes."""
    narrower: dict[str, tuple[str, ...]] = {}
    for theme, broader in view.queries.rows("broader_themes").rows:
        narrower[_iri(broader)] = (*narrower.get(_iri(broader), ()), _iri(theme))
    return Tree(narrower)


def _rank(how: Term | None) -> int:
    return rank_of(_iri(how).removeprefix(RN))


def _iri(term: Term | None) -> str:
    assert isinstance(term, NamedNode)
    return term.value
