"""Quotations found in a text: spaces, line ends and the look of signs do not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.desk.acts import TextSelection, digest_of
from rallynov_graph.desk.words import message

LEFT_OUT: Final = " […] "
"""Stands for words between two pieces of a quotation."""
_SAME: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-"}
)
_NUMBERS: Final = re.compile(r"\s*[,;]\s*")


@dataclass(frozen=True)
class QuotationFault(Exception):
    """A quotation has no place, or no single one: which piece, and at how many places."""

    quotation: str
    places: tuple[int, ...]
    """The lines of the text in which it begins, from 1."""
    occurrence: str = ""
    """What was asked for, where the text has not so many."""

    @property
    def reasons(self) -> dict[str, str]:
        """Why, in each language."""
        shown = self.quotation if len(self.quotation) <= 60 else f"{self.quotation[:60]}…"
        key = "too few" if self.occurrence else "several" if self.places else "nowhere"
        return message(
            f"quotation.{key}",
            text=shown,
            n=len(self.places),
            lines=", ".join(map(str, self.places)),
            occurrence=self.occurrence,
        )


class QuotedText:
    """A text in which quotations are found."""

    def __init__(self, text: str) -> None:
        self.text = text
        signs: list[str] = []
        self._places: list[int] = []
        for place, sign in enumerate(text.translate(_SAME)):
            plain = " " if sign.isspace() else sign
            if plain != " " or signs[-1:] != [" "]:
                signs.append(plain)
                self._places.append(place)
        self._plain = "".join(signs)

    def selection(self, start: int, end: int) -> TextSelection:
        """Return the words between two positions."""
        return TextSelection(start, end, digest_of(self.text[start:end]))

    def find(self, quotation: str, occurrence: str = "") -> tuple[TextSelection, ...]:
        """Return where a quotation stands, piece by piece; raise QuotationFault.

        Of several places of a piece the occurrence says which, counted from 1, a number a piece.
        """
        pieces = [piece for piece in quotation.split(LEFT_OUT) if piece.strip()]
        wanted = _NUMBERS.split(occurrence.strip()) if occurrence.strip() else []
        wanted += [""] * (len(pieces) - len(wanted))
        return tuple(
            self._piece(piece, number) for piece, number in zip(pieces, wanted, strict=False)
        )

    def places(self, quotation: str) -> Sequence[tuple[int, int]]:
        """Return where words stand, from start to end."""
        plain = " ".join(quotation.translate(_SAME).split())
        found: list[tuple[int, int]] = []
        at = self._plain.find(plain) if plain else -1
        while at >= 0:
            found.append((self._places[at], self._places[at + len(plain) - 1] + 1))
            at = self._plain.find(plain, at + 1)
        return found

    def places_within(self, quotation: str, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Return where words stand between two positions."""
        start, end = span
        part = QuotedText(self.text[start:end])
        return [(start + one, start + other) for one, other in part.places(quotation)]

    def words(self, selection: TextSelection | None) -> str:
        """Return the words of a selection as they are."""
        return self.text[slice(*selection.span)] if selection else ""

    def has(self, words: str, span: tuple[int, int]) -> bool:
        """Return whether some words stand at a place; without words, whether it is in the text."""
        if not 0 <= span[0] < span[1] <= len(self.text):
            return False
        return not words or span in self.places(words)

    def from_utf16(self, start: int, end: int) -> tuple[int, int]:
        """Return a place that was counted in UTF-16, as browsers count, in code points."""
        units = self.text.encode("utf-16-le")
        first, last = (len(units[: 2 * it].decode("utf-16-le", "ignore")) for it in (start, end))
        return first, last

    def near(self, words: str, before: str, after: str) -> TextSelection | None:
        """Return the one place where words stand between others; None where there is none."""
        found = [
            place
            for place in self.places(words)
            if self._is_beside(self.text[: place[0]][-len(before) - 9 :], before, at_end=True)
            and self._is_beside(self.text[place[1] :][: len(after) + 9], after, at_end=False)
        ]
        return self.selection(*found[0]) if len(found) == 1 else None

    def _is_beside(self, there: str, wanted: str, *, at_end: bool) -> bool:
        plain, text = (" ".join(it.translate(_SAME).split()) for it in (wanted, there))
        return text.endswith(plain) if at_end else text.startswith(plain)

    def printed(self, name: str, words: Sequence[TextSelection]) -> str:
        """Return how some words print a name; the empty string where they do not have it."""
        plain = " ".join(name.translate(_SAME).split())
        for place in self.places(plain):
            if any(it.start <= place[0] and place[1] <= it.end for it in words):
                return " ".join(self.text[slice(*place)].split())
        return ""

    def _piece(self, piece: str, number: str) -> TextSelection:
        found = self.places(piece)
        lines = tuple(self.text.count("\n", 0, start) + 1 for start, _ in found)
        if number:
            if not number.isdigit() or not 1 <= int(number) <= len(found):
                raise QuotationFault(piece.strip(), lines, number)
            return self.selection(*found[int(number) - 1])
        if len(found) != 1:
            raise QuotationFault(piece.strip(), lines)
        return self.selection(*found[0])
