"""A text as its readers saw it: what its signs mean, and what is private in it."""

from __future__ import annotations

from made_up_carnet import PHONE
from rallynov_graph.site.model.printed_text import (
    EMPHASIS,
    QUOTED,
    RAISED,
    STRONG,
    Position,
    PrintedText,
    segments,
)

THIN = "\N{NARROW NO-BREAK SPACE}"


def styled(text: str) -> dict[str, list[str]]:
    """Return the words of each style, as they stand in the text."""
    found: dict[str, list[str]] = {}
    for span in PrintedText(text).spans(0, len(text)):
        found.setdefault(span.style, []).append(text[span.start : span.end])
    return found


SIGNS = {
    "le *bon* mot": (EMPHASIS, "bon", "le bon mot"),
    "le **bon** mot": (STRONG, "bon", "le bon mot"),
    "la 3^{ème} fois": (RAISED, "ème", "la 3ème fois"),
    "dit « oui » ici": (QUOTED, "« oui »", f"dit «{THIN}oui{THIN}» ici"),
    "dit «oui» ici": (QUOTED, "«oui»", f"dit «{THIN}oui{THIN}» ici"),
    "« a « b » c »": (QUOTED, "« a « b » c »", f"«{THIN}a «{THIN}b{THIN}» c{THIN}»"),
    "**deux\nlignes**": (STRONG, "deux\nlignes", "deux\nlignes"),
}
"""Texts with signs; the style that they mean, its words, and the text as it is shown."""
WITHOUT_END = (
    *("2 * 3 * 4", "a*b*c", "un *mot sans fin", "un **mot sans fin", "*un\n\nautre*"),
    *("x^2", "^{}", "« ouvert", "fermé »", "« un\n\nautre »"),
)


def test_signs_are_read_and_not_shown_but_those_without_their_other_end() -> None:
    for text, (style, words, shown) in SIGNS.items():
        assert styled(text) == {style: [words]}
        assert PrintedText(text).words(0, len(text)) == shown
    for text in WITHOUT_END:
        assert styled(text) == {}
        assert PrintedText(text).words(0, len(text)).replace(THIN, " ") == text


def test_a_number_is_one_blank_though_signs_stand_around_it() -> None:
    text = f"**Tél. {PHONE}** ou *{PHONE}*"
    found = segments(text, Position(0, len(text)), [])
    assert "".join(s.text for s in found) == "Tél. […] ou […]"
