"""What leads through a document: its stages in order, its themes, and who speaks in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable

STAGE: Final = "stage"
THEME: Final = "theme"
VOICE: Final = "voice"
CHOICES: Final = (THEME, VOICE)
"""What a reader may follow through a document."""
_MOST_CHOICES: Final = 300
_SHARED: Final = 2
"""A part that speaks of more stages alike is a heading of them all, and of none."""
_LEAST: Final = 1 / 3
"""How much a run of parts must say of a stage, against the part that says most, to be its account:
a mere mention elsewhere is none."""


@dataclass(frozen=True)
class Chapter:
    """Parts that follow each other and tell of one stage, or of none."""

    parts: tuple[Term, ...]
    stage: Term | None = None


@dataclass(frozen=True)
class DocumentFacet:
    """A theme or a voice, and the parts in which it is found."""

    node: Node
    parts: frozenset[Term]


@dataclass
class DocumentContents:
    """What each part of a document speaks of."""

    stages: dict[Term, dict[Term, int]] = field(default_factory=dict)
    """For each part, how often other words speak of each stage."""
    found: dict[str, dict[Term, set[Term]]] = field(default_factory=dict)
    """The parts of each theme and of each voice."""

    @classmethod
    def read(cls, view: GraphView, document: str) -> DocumentContents:
        """Return the contents of a document; its graph is asked once."""
        contents = cls(found={THEME: {}, VOICE: {}})
        for part, facet, thing, accounts in view.cached_rows(
            "contents_of_document", document=NamedNode(document)
        ).rows:
            assert part is not None and thing is not None
            assert isinstance(facet, Literal) and isinstance(accounts, Literal)
            if facet.value == STAGE:
                contents.stages.setdefault(part, {})[thing] = int(accounts.value)
            elif thing != NamedNode(document):  # it speaks everywhere
                contents.found[facet.value].setdefault(thing, set()).add(part)
        return contents

    def choices(self, view: GraphView, facet: str) -> tuple[DocumentFacet, ...]:
        """Return the themes or the voices of a document by their names.

        Where they are very many, those that are in the most parts.
        """
        counted = sorted(self.found[facet].items(), key=lambda it: -len(it[1]))[:_MOST_CHOICES]
        nodes = view.nodes(thing for thing, _ in counted)
        found = (DocumentFacet(nodes[thing], frozenset(parts)) for thing, parts in counted)
        return tuple(sorted(found, key=lambda it: sortable(it.node.text)))

    def chapters(self, parts: Sequence[Term]) -> tuple[Chapter, ...]:
        """Return the parts in their order, those together that tell of one stage."""
        runs = _runs([self._main_stages(part) for part in parts])
        most: dict[Term, int] = {}
        for counts in self.stages.values():
            for stage, count in counts.items():
                most[stage] = max(count, most.get(stage, 0))
        stages: list[Term | None] = []
        for main_stages, size in runs:
            within = parts[len(stages) : len(stages) + size]
            stages += [self._account(main_stages, within, most)] * size
        pairs = zip(parts, stages, strict=True)
        return tuple(
            Chapter(tuple(part for part, _ in group), stage)
            for stage, group in groupby(pairs, key=lambda pair: pair[1])
        )

    def _main_stages(self, part: Term) -> frozenset[Term]:
        """Return the stages that a part speaks of most; none where they are many alike."""
        counts = self.stages.get(part, {})
        most = max(counts.values(), default=0)
        main_stages = frozenset(stage for stage, count in counts.items() if count == most)
        return main_stages if len(main_stages) <= _SHARED else frozenset()

    def _account(
        self, main_stages: frozenset[Term], parts: Sequence[Term], most: Mapping[Term, int]
    ) -> Term | None:
        for stage in sorted(main_stages, key=str):
            count = sum(self.stages.get(part, {}).get(stage, 0) for part in parts)
            if count >= most[stage] * _LEAST:
                return stage
        return None


def _runs(stages_of_parts: Iterable[frozenset[Term]]) -> list[tuple[frozenset[Term], int]]:
    """Return how many parts follow each other that have a stage in common, and which."""
    runs: list[tuple[frozenset[Term], int]] = []
    for stages in stages_of_parts:
        common, size = runs[-1] if runs else (frozenset(), 0)
        if runs and (common & stages or common == stages):
            runs[-1] = (common & stages, size + 1)
        else:
            runs.append((stages, 1))
    return runs
