"""How strongly a thing is linked to themes: by how many clues, and how sure each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, SUREST, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.site.model.facts import Fact, FactValue
from rallynov_graph.site.model.links.organisations_and_themes import (
    ThemeTree,
    kept_evidence_index,
    theme_tree,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import DERIVED, Evidence, admits

MOST_BLOCKS: Final = 10
"""How many clues are drawn of one theme; the words say how many there are."""
SUBJECT: Final = PREFIXES["dcterms"] + "subject"
LINKED: Final = RN + "linkedToTheme"
LINKED_TO_LARGER: Final = RN + "linkedToLargerTheme"
_TOOK_PART: Final = (RN + "participant", True)

Clues = Mapping[str, int]
"""What links a thing to a theme, each with how sure that is: its place among the certainties."""


@dataclass(frozen=True)
class ThemeStrength:
    """A theme that a thing is linked to, with the clues for it."""

    theme: Node
    clues: tuple[str, ...]
    """How sure each clue is, the surest first."""
    within: tuple[Node, ...] = ()
    """The narrower themes that the clues are about, where they are not about this one."""
    fact: FactValue | None = None
    """The link itself, with its evidence, where the graph states it."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """The clues that are drawn."""
        return self.clues[:MOST_BLOCKS]

    @property
    def counted(self) -> tuple[tuple[str, int], ...]:
        """How many clues there are of each certainty, the surest first."""
        return tuple((how, self.clues.count(how)) for how in CERTAINTIES if how in self.clues)


def theme_strengths(
    view: GraphView, iri: str, facts: Iterable[Fact], certainty: str
) -> tuple[ThemeStrength, ...]:
    """Return the themes of a thing, those with the most clues first, then the surest.

    An organisation and a person are linked to what they carry and what they say is about: their
    themes are gathered under the largest ones, an organisation's as the matrix counts them.
    Anything else addresses its themes itself.
    """
    every, kind = [*facts], view.addresses.kind(iri)
    clues: Mapping[str, Clues]
    if kind == "organisation":
        clues = kept_evidence_index(view, certainty).by_organisation.get(iri, {})
    elif kind == "person":
        took_part = (fact for fact in every if (fact.path, fact.backwards) == _TOOK_PART)
        clues = _of_testimonies(took_part, certainty)
    else:
        return _addressed(every)
    links = {
        value.other.iri: value
        for fact in every
        if fact.path in (LINKED, LINKED_TO_LARGER) and not fact.backwards
        for value in fact.values
    }
    return _gathered(view, clues, links)


def _counts(evidence: Evidence, certainty: str) -> bool:
    """Return whether a document says so, as surely as the reader wants."""
    return evidence.kind in CERTAINTIES and admits(certainty, evidence)


def _of_testimonies(facts: Iterable[Fact], certainty: str) -> dict[str, dict[str, int]]:
    """Return the clues that testimonies are: what they are about stands beside them."""
    found: dict[str, dict[str, int]] = {}
    for value in (value for fact in facts for value in fact.values):
        for detail in (it for them in value.details for it in them):
            evidence = [it for it in detail.evidence if _counts(it, certainty)]
            if detail.stated.path == SUBJECT and evidence:
                rank = max(_rank(value.evidence), _rank(evidence))
                _add(found, detail.value.iri, value.other.iri, rank)
    return found


def _add(found: dict[str, dict[str, int]], theme: str, clue: str, rank: int) -> None:
    clues = found.setdefault(theme, {})
    clues[clue] = min(rank, clues.get(clue, rank))


def _gathered(
    view: GraphView, clues: Mapping[str, Clues], links: dict[str, FactValue]
) -> tuple[ThemeStrength, ...]:
    """Return the largest themes with the clues for them and for those within them, each once."""
    themes = view.queries.once("tree of themes", "all", lambda: theme_tree(view))
    gathered: dict[str, dict[str, int]] = {}
    within: dict[str, list[str]] = {}
    for theme, of_theme in clues.items():
        for large in _largest(themes, theme):
            for clue, rank in of_theme.items():
                _add(gathered, large, clue, rank)
            if large != theme:
                within.setdefault(large, []).append(theme)
    nodes = view.nodes(NamedNode(iri) for iri in {*gathered, *clues})
    return _ordered(
        ThemeStrength(
            nodes[NamedNode(large)],
            _certainties(of_large.values()),
            tuple(
                sorted(
                    (nodes[NamedNode(iri)] for iri in within.get(large, ())),
                    key=lambda node: (-len(clues[node.iri]), sortable(node.text)),
                )
            ),
            links.get(large),
        )
        for large, of_large in gathered.items()
    )


def _largest(themes: ThemeTree, theme: str) -> Iterator[str]:
    return (above for above in themes.above(theme) if above not in themes.broader)


def _addressed(facts: Iterable[Fact]) -> tuple[ThemeStrength, ...]:
    return _ordered(
        ThemeStrength(
            value.other,
            _certainties(map(_rank_of_one, value.evidence)) or (SUREST,),
            (),
            value,
        )
        for fact in facts
        if fact.path == SUBJECT and not fact.backwards
        for value in fact.values
    )


def _ordered(them: Iterable[ThemeStrength]) -> tuple[ThemeStrength, ...]:
    def key(it: ThemeStrength) -> tuple[int, list[int], str]:
        return -len(it.clues), [rank_of(how) for how in it.clues], sortable(it.theme.text)

    return tuple(sorted(them, key=key))


def _certainties(ranks: Iterable[int]) -> tuple[str, ...]:
    return tuple(CERTAINTIES[rank] for rank in sorted(ranks))


def _rank(evidence: Iterable[Evidence]) -> int:
    """Return the rank of the surest evidence; what curators and other sources say is sure."""
    return min(map(_rank_of_one, evidence), default=0)


def _rank_of_one(evidence: Evidence) -> int:
    how = evidence.certainty if evidence.kind == DERIVED else evidence.kind
    return rank_of(how) if how in CERTAINTIES else 0
