"""How sure several facts are together: as sure as the weakest of them, which has the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rallynov_graph.site.model.statement import Statement, rank_of_mark, rank_of_surest


@dataclass(frozen=True)
class Weighed:
    """What is said by facts together; macros show its mark as they show that of one fact."""

    facts: tuple[Statement, ...]

    @cached_property
    def weakest(self) -> Statement:
        """The first of the least sure facts."""
        return max(self.facts, key=lambda it: rank_of_surest(it.evidence))

    @property
    def rank(self) -> int:
        """How sure it is: a place among the certainties."""
        return rank_of_surest(self.weakest.evidence)

    @property
    def certainty(self) -> str:
        """The mark of the surest evidence of its weakest fact; the empty string without any."""
        marks = (it.mark for it in self.weakest.evidence)
        return min(marks, key=rank_of_mark, default="")

    @property
    def explanation(self) -> str | None:
        """The address of that evidence."""
        evidence = self.weakest.evidence
        return self.weakest.note or (evidence[0].source.href if evidence else None)

    @property
    def has_note(self) -> bool:
        """Whether that is an evidence note; else it is the page of what states the fact."""
        return self.weakest.note is not None

    @property
    def in_words(self) -> str:
        """That fact in a line; its property where it has no note, and is no claim of a document."""
        return self.weakest.in_words if self.has_note else self.weakest.name.value
