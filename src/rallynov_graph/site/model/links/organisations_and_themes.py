"""The evidence that links things to others, such as organisations to themes; the tree of themes."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import LinkedBy
from rallynov_graph.site.model.statement import has_note, iri_of, judged, stated_with

LINKED: Final = RN + "linkedToTheme"
LARGER: Final = RN + "linkedToLargerTheme"

Pair = tuple[str, str]
RanksByEvidence = Mapping[str, int]
"""The rank of the certainty of each thing that links the two."""
_MARKS: Final = (*CERTAINTIES, "")
"""What ranks mean; the last is that of evidence without a certainty."""
MOST_THINGS: Final = 2000
"""How many things of a list are linked to others by a property."""


@dataclass(frozen=True)
class ThemeTree:
    narrower: Mapping[str, tuple[str, ...]]

    @cached_property
    def broader(self) -> dict[str, tuple[str, ...]]:
        """The themes right above each theme."""
        found: dict[str, tuple[str, ...]] = {}
        for theme, below in self.narrower.items():
            for narrower_theme in below:
                found[narrower_theme] = (*found.get(narrower_theme, ()), theme)
        return found

    def above(self, theme: str) -> Iterator[str]:
        """Yield a theme and all wider ones, each once."""
        visited, waiting = {theme}, [theme]
        while waiting:
            yield (current := waiting.pop(0))
            further = [it for it in self.broader.get(current, ()) if it not in visited]
            visited.update(further)
            waiting += further


@dataclass(frozen=True)
class Cell:
    """The number of pieces of evidence that link an organisation to a theme."""

    count: int
    certainty: str
    """The strongest that one of them has; empty if none has any."""
    prop: str
    """The property that they say; empty if no one property says it."""
    evidence: str
    """The address where each of them is shown; empty if they have none."""


@dataclass(frozen=True)
class EvidenceIndex:
    """The evidence for each pair of an organisation and a theme that it addresses itself.

    Or for pairs of any things that a property links.
    """

    directly: Mapping[Pair, RanksByEvidence]
    tree: ThemeTree
    linked: str = LINKED
    """The property that says it."""
    larger: str = LARGER
    """The property that says it of a theme with narrower ones."""
    without_note: Set[Pair] = frozenset()
    left: int = 0
    """How many of those that the property links to are left out."""

    @cached_property
    def within(self) -> dict[Pair, dict[str, int]]:
        """The evidence for each pair of an organisation and a theme or one within it."""
        found: dict[Pair, dict[str, int]] = {}
        for (organisation, theme), ranks in self.directly.items():
            for above in self.tree.above(theme):
                known_ranks = found.setdefault((organisation, above), {})
                for via, rank in ranks.items():
                    known_ranks[via] = min(rank, known_ranks.get(via, rank))
        return found

    @cached_property
    def addressed(self) -> frozenset[str]:
        """The themes that something addresses directly."""
        return frozenset(theme for _, theme in self.directly)

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """The broadest themes that have evidence."""
        return tuple(sorted(it for it in self._themes_within if it not in self.tree.broader))

    @cached_property
    def _themes_within(self) -> frozenset[str]:
        return frozenset(theme for _, theme in self.within)

    def narrower(self, theme: str) -> tuple[str, ...]:
        """Return the themes right below a theme that have evidence."""
        return tuple(t for t in self.tree.narrower.get(theme, ()) if t in self._themes_within)

    def cell(self, view: GraphView, pair: Pair, *, alone: bool = False) -> Cell | None:
        """Return the links of an organisation to a theme or, unless alone, to one within it.

        None if there are none.
        """
        outright = self.directly.get(pair, {})
        proofs = outright if alone else self.within.get(pair)
        if not proofs:
            return None
        prop = self.larger if proofs.keys() != outright.keys() else self.linked
        has_note = prop and pair not in self.without_note
        note = view.note_address(pair[0], prop, NamedNode(pair[1])) if has_note else None
        return Cell(len(proofs), _MARKS[min(proofs.values())], prop, note or "")


def evidence_index(view: GraphView, certainty: str) -> EvidenceIndex:
    """Return the evidence of at least this certainty that links organisations to themes."""
    directly: dict[Pair, dict[str, int]] = {}
    query = view.queries.text("organisations_by_theme", certainty=NamedNode(RN + certainty))
    for organisation, theme, via, *certainties in view.queries.cached(query).rows:
        pair, rank = (_iri(organisation), _iri(theme)), max(map(_rank, certainties))
        ranks = directly.setdefault(pair, {})
        ranks[_iri(via)] = min(rank, ranks.get(_iri(via), rank))
    return EvidenceIndex(directly, theme_tree(view))


def index_of_statements(
    view: GraphView, things: Sequence[str], by: LinkedBy, certainty: str
) -> EvidenceIndex:
    """Return the evidence of at least this certainty that a property links things to others."""
    given = stated_with(view, thing=things[:MOST_THINGS], property=[by.path])
    linked = [it for it in given if it.iri and iri_of(it.subject)]
    if by.of_class:
        described = view.described(it.iri for it in linked)
        linked = [it for it in linked if by.of_class in described[it.iri].classes]
    directly: dict[Pair, RanksByEvidence] = {}
    without_note: set[Pair] = set()
    for it, evidence in judged(view, linked, certainty).items():
        pair = iri_of(it.subject), it.iri
        marks = [e.certainty if e.certainty in CERTAINTIES else "" for e in evidence] or [""]
        directly[pair] = {str(n): _MARKS.index(mark) for n, mark in enumerate(marks)}
        without_note |= set() if has_note(evidence) else {pair}
    return EvidenceIndex(directly, theme_tree(view), by.path, "", without_note)


def kept_evidence_index(view: GraphView, certainty: str) -> EvidenceIndex:
    """Return the same, worked out once in a process."""
    return view.queries.once("links", certainty, lambda: evidence_index(view, certainty))


def link_counts(view: GraphView) -> Mapping[str, int]:
    """Return the number of pairs of an organisation and a linked theme, at each certainty."""
    return view.queries.once(
        "numbers of links",
        "",
        lambda: {it: len(kept_evidence_index(view, it).directly) for it in CERTAINTIES},
    )


def theme_tree(view: GraphView) -> ThemeTree:
    narrower: dict[str, tuple[str, ...]] = {}
    for theme, broader in view.queries.rows("broader_themes").rows:
        narrower[_iri(broader)] = (*narrower.get(_iri(broader), ()), _iri(theme))
    return ThemeTree(narrower)


def _rank(certainty: Term | None) -> int:
    return rank_of(_iri(certainty).removeprefix(RN))


def _iri(term: Term | None) -> str:
    assert isinstance(term, NamedNode)
    return term.value
