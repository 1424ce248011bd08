"""Quotations found in a text: spaces, line ends and the look of signs do not count."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from rallynov_graph.desk.acts import TextSelection, digest_of
from rallynov_graph.desk.words import NameFault, message
from rallynov_graph.matching.words import BREAK, unbroken

LEFT_OUT: Final = " […] "
"""Stands for words between two pieces of a quotation."""
_SAME: Final = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-"}
)
_SHOWN: Final = 60
"""How many characters of a quotation a message shows."""
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 8
"""A name with more words of the document than these is a quotation."""
_NUMBERS: Final = re.compile(r"\s*[,;]\s*")


class QuotedText:
    """A text in which quotations are found."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Words that a hyphen breaks at the end of a line are as they are, whole, or compound.
        breaks = [it.span() for it in BREAK.finditer(text)]
        whole = {place for start, end in breaks for place in range(start, end)}
        every = [whole, whole - {start for start, _ in breaks}] if breaks else []
        self._plain = [self._without(it) for it in (set(), *every)]

    def _without(self, left_out: Collection[int]) -> tuple[str, list[int]]:
        """Return the text without some signs for comparison, and the place of each sign."""
        signs: list[str] = []
        places: list[int] = []
        for place, sign in enumerate(self.text.translate(_SAME)):
            plain = " " if sign.isspace() else sign
            if place not in left_out and (plain != " " or signs[-1:] != [" "]):
                signs.append(plain)
                places.append(place)
        return "".join(signs), places

    def selection(self, start: int, end: int) -> TextSelection:
        """Return the words between two positions."""
        return TextSelection(start, end, digest_of(self.text[start:end]))

    def find(self, quotation: str, occurrence: str = "") -> tuple[TextSelection, ...]:
        """Return the places of a quotation, piece by piece; raise NameFault.

        If a piece has several places, the occurrence chooses, counted from 1, one number for each
        piece.
        """
        pieces = [piece for piece in quotation.split(LEFT_OUT) if piece.strip()]
        wanted = _NUMBERS.split(occurrence.strip()) if occurrence.strip() else []
        wanted += [""] * (len(pieces) - len(wanted))
        return tuple(
            self._piece(piece, number) for piece, number in zip(pieces, wanted, strict=False)
        )

    def places(
        self, quotation: str, within: Iterable[TextSelection] | None = None
    ) -> list[tuple[int, int]]:
        """Return where words are in the text, or in some selections, from start to end."""
        plain = " ".join(quotation.translate(_SAME).split())
        spans = [(0, len(self.text))] if within is None else [it.span for it in within]
        found: dict[tuple[int, int], None] = {}
        for text, places in self._plain if plain else ():
            for span in spans:
                first, last = (bisect_left(places, it) for it in span)
                at = text.find(plain, first, last)
                while at >= 0:
                    found[places[at], places[at + len(plain) - 1] + 1] = None
                    at = text.find(plain, at + 1, last)
        return [*found] if len(self._plain) == 1 else sorted(found)

    def words(self, selection: TextSelection | None) -> str:
        return self.text[slice(*selection.span)] if selection else ""

    def has(self, words: str, span: tuple[int, int]) -> bool:
        """Return whether some words are at a place; without words, whether it is in the text."""
        if not 0 <= span[0] < span[1] <= len(self.text):
            return False
        return not words or span in self.places(words)

    def from_utf16(self, start: int, end: int) -> tuple[int, int]:
        """Return a place that was counted in UTF-16, as browsers count, in code points."""
        units = self.text.encode("utf-16-le")
        first, last = (len(units[: 2 * it].decode("utf-16-le", "ignore")) for it in (start, end))
        return first, last

    def near(self, words: str, before: str, after: str) -> TextSelection | None:
        """Return the only place of words between others; None if there is none."""
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
        """Return how words print a name; the empty string if they do not contain it."""
        places = sorted(self.places(name, words))
        if not places:
            return ""
        return unbroken(self.text[slice(*places[0])], "-" if "-" in name else "")

    def _piece(self, piece: str, number: str) -> TextSelection:
        found = self.places(piece)
        if number.isdigit() and 1 <= int(number) <= len(found):
            return self.selection(*found[int(number) - 1])
        if len(found) == 1 and not number:
            return self.selection(*found[0])
        key = "too few" if number else "several" if found else "nowhere"
        text = piece.strip()
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        lines = ", ".join(str(self.text.count("\n", 0, start) + 1) for start, _ in found)
        said = {"text": shown, "n": len(found), "lines": lines, "occurrence": number}
        raise NameFault(message(f"quotation.{key}", **said))


def in_guillemets(name: str) -> str:
    """Return a name, in quotation marks where it is so long that it is a quotation."""
    return f"« {name} »" if len(_WORD.findall(name)) > _LONGEST and "«" not in name else name
