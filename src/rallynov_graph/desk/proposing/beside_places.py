"""What the line of a name says of it as a place: water, a date, a cell, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.proposal import Why
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

_DATE_AFTER: Final = re.compile(
    r"\s*(?:,|[-–—|/]|\s\s)\s*(?:(?:le|du|les)\s+)?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|(?:lun|mar|mer|jeu|ven|sam|dim)\.|\d{1,2}(?:er)?\s+(?:janv|févr|mars|avril|mai|juin|juil|août|sept|oct|nov|déc)|\d{1,2}\s?(?:h\b|h\d|:\d\d)|\d{1,2}/\d{1,2})",
    re.IGNORECASE,
)
_DATE_BEFORE: Final = re.compile(
    r"(?:\d{4}|\d\s?h(?:\s?\d\d)?|\d{1,2}:\d\d|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|\d{1,2}/\d{1,2}/\d{2,4})\s*(?:[,–—|:-]|\s\s+|\))\s*$",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"[ \t\xa0*•–—>|-]*(?:[Ll]['’])?")
"""What may stand before the first name of a line, an elided article included."""
_WATERSIDE: Final = re.compile(
    r"\b(?:aux? bords?|le long|sur les (?:rives|berges|bords)|en (?:amont|aval))\s"
    r"(?:de\s|du\s|des\s|d['’])(?:la\s|l['’])?$"
)
_VENUE_BEFORE: Final = re.compile(
    r"\b(?:" + "|".join(sorted(words("venues") | words("streets"))) + r")\b[^,;.:(]{0,40},\s$"
)
_DATED: Final = re.compile(
    r"\b\d{1,2}(?:er)? (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)|\d{1,2}/\d\d/\d"
)


def reasons(left: str, right: str) -> Iterator[tuple[Why, float]]:
    """Yield what the line of a name tells: water, a date, a cell, nothing else."""
    if _WATERSIDE.search(left):
        yield Why("au bord de quoi l’on est", "beside what one is"), 1.3
    listed = _DATE_AFTER.match(right) and _BULLET.fullmatch(left)
    if listed or (_DATE_BEFORE.search(left) and re.match(r"\s*(?:$|[,.:;(–—|-]|\s\s)", right)):
        yield Why("à côté d’une date ou d’une heure", "beside a date or a time"), 1.3
    if re.search(r"(?:^|\|)\s*$", left) and re.match(r"\s*(?:\||$)", right) and "|" in left + right:
        yield Why("seul dans sa case", "alone in its cell"), 0.9
    if re.search(r"\($", left) and re.match(r"\s*[),]", right):
        yield Why("entre parenthèses", "in brackets"), 0.5
    if _VENUE_BEFORE.search(folded(left) + left[len(left.rstrip()) :]) and re.match(
        r"\s*(?:$|[,.;:)(–—|-])", right
    ):
        yield (
            Why("après le nom d’une salle ou d’une rue", "after the name of a hall or street"),
            1.2,
        )
    elif re.search(r"[^\W\d_],\s$", left) and re.match(r"\s*(?:$|[,.;:)(–—|-])", right):
        yield Why("en apposition", "in apposition"), 0.4
    if not right.strip() and left.endswith(", ") and _DATED.search(left):
        why = Why("au bout d’une ligne qui a une date", "at the end of a line that has a date")
        yield why, 0.8
    if not left.strip(" *#\t•") and not right.strip(" *\t:"):
        yield Why("seul sur sa ligne", "alone on its line"), 0.5
