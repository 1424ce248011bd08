"""The chapters of a document: consecutive parts about one stage, or about none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView

_SHARED: Final = 2
"""The number of equally mentioned stages above which a part is about none of them."""
_LEAST: Final = 1 / 3
"""The share of the main part's facts about a stage from which other parts are its account, not a
mere mention."""

_Stages = Mapping[Term, Mapping[Term, int]]
"""For each part, how often other words speak of each stage."""


@dataclass(frozen=True)
class Chapter:
    """Consecutive parts about one stage, or about none."""

    parts: tuple[Term, ...]
    stage: Term | None = None


def chapters(view: GraphView, document: str, parts: Sequence[Term]) -> tuple[Chapter, ...]:
    """Return the parts of a document in order, grouped by the stage that they are about."""
    counts: dict[Term, dict[Term, int]] = {}
    for part, stage, accounts in view.cached_rows(
        "contents_of_document", document=NamedNode(document)
    ).rows:
        assert part is not None and stage is not None and isinstance(accounts, Literal)
        counts.setdefault(part, {})[stage] = int(accounts.value)
    most: dict[Term, int] = {}
    for of_part in counts.values():
        for stage, count in of_part.items():
            most[stage] = max(count, most.get(stage, 0))
    stages: list[Term | None] = []
    for main_stages, size in _runs([_main_stages(counts.get(part, {})) for part in parts]):
        within = parts[len(stages) : len(stages) + size]
        stages += [_account(counts, main_stages, within, most)] * size
    pairs = zip(parts, stages, strict=True)
    return tuple(
        Chapter(tuple(part for part, _ in group), stage)
        for stage, group in groupby(pairs, key=lambda pair: pair[1])
    )


def _main_stages(counts: Mapping[Term, int]) -> frozenset[Term]:
    """Return the main stages of a part; none if many are mentioned equally."""
    most = max(counts.values(), default=0)
    main_stages = frozenset(stage for stage, count in counts.items() if count == most)
    return main_stages if len(main_stages) <= _SHARED else frozenset()


def _account(
    counts: _Stages, main_stages: frozenset[Term], parts: Sequence[Term], most: Mapping[Term, int]
) -> Term | None:
    for stage in sorted(main_stages, key=str):
        count = sum(counts.get(part, {}).get(stage, 0) for part in parts)
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
