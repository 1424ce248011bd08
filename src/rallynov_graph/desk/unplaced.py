"""What an import could not place, with the place in the file and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from rallynov_graph.desk.words import message

_SHOWN: Final = 80
"""How many characters of a statement are shown."""


@dataclass(frozen=True)
class Unplaced:
    """Something that was not taken in: where it stands, and why in each language."""

    path: str
    line: int
    reasons: Mapping[str, str]
    unit: str = "line"
    """What is counted: lines, or annotations."""

    def text(self, language: str) -> str:
        """Return place and reason as a line."""
        reason = self.reasons[language]
        place = message(f"unplaced.{self.unit}", path=self.path, n=self.line, reason=reason)
        return place[language]

    @classmethod
    def remark(cls, path: str, line: int, remark: str) -> Self:
        """Return that a remark stands inside of a file."""
        return cls(path, line, message("unplaced.remark", text=remark[:_SHOWN]))

    @classmethod
    def statement(cls, path: str, line: int, statement: str) -> Self:
        """Return that a statement cannot be decided about."""
        return cls(path, line, message("unplaced.statement", text=statement))
