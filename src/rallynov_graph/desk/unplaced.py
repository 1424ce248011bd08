"""What an import could not place, with the place in the file and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

_SHOWN: Final = 80
"""How many characters of a statement are shown."""
_PLACES: Final = {
    "line": {"fr": "{}, ligne {} : {}", "en": "{}, line {}: {}"},
    "annotation": {"fr": "{}, annotation {} : {}", "en": "{}, annotation {}: {}"},
}


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
        place = _PLACES[self.unit][language]
        return place.format(self.path, self.line, reason)

    @classmethod
    def remark(cls, path: str, line: int, remark: str) -> Self:
        """Return that a remark stands inside of a file."""
        shown = remark[:_SHOWN]
        return cls(
            path,
            line,
            {
                "fr": f"le commentaire « {shown} » n’a de place qu’en tête du fichier.",
                "en": f"the remark “{shown}” has a place at the head of the file only.",
            },
        )

    @classmethod
    def statement(cls, path: str, line: int, statement: str) -> Self:
        """Return that a statement cannot be decided about."""
        return cls(
            path,
            line,
            {
                "fr": f"cet énoncé n’a pas de place dans les décisions : {statement}",
                "en": f"this statement has no place among decisions: {statement}",
            },
        )
