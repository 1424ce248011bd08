"""The joint certainty of several facts: that of the weakest, which gives the evidence."""

from dataclasses import dataclass
from functools import cached_property

from rallynov_graph.site.model.statement import Statement, rank_of_mark, rank_of_surest


@dataclass(frozen=True)
class Weighed:
    """Facts stated together; macros show its mark like that of one fact."""

    facts: tuple[Statement, ...]

    @cached_property
    def weakest(self) -> Statement:
        """The first of the least sure facts."""
        return max(self.facts, key=lambda it: rank_of_surest(it.evidence))

    @property
    def rank(self) -> int:
        return rank_of_surest(self.weakest.evidence)

    @property
    def certainty(self) -> str:
        """The mark of the surest evidence of its weakest fact; the empty string without any."""
        marks = (it.mark for it in self.weakest.evidence)
        return min(marks, key=rank_of_mark, default="")

    @property
    def explanation(self) -> str | None:
        evidence = self.weakest.evidence
        return self.weakest.note or (evidence[0].source.href if evidence else None)

    @property
    def has_note(self) -> bool:
        """Whether its address is an evidence note; else it is the page of the fact's graph."""
        return self.weakest.note is not None

    @property
    def in_words(self) -> str:
        """The fact on one line; its property if it has no note, or is not a document's claim."""
        return self.weakest.in_words if self.has_note else self.weakest.name.value
