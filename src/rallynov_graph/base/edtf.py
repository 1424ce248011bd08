"""Dates that are no single day, in EDTF (ISO 8601-2): periods, bounds, what is since or until.

Of EDTF, this reads what people write of documents: a year, month or day, sure or not; a period; an
open one; a day that lies between two. The gate takes any valid date (``validation``); one that is
not read here is shown as it is written. The library that the gate uses takes a thousand times as
long for a date, and has no French words; a test holds the days against those it finds.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from rallynov_graph.base.typography import day, day_and_month

DATATYPE: Final = "http://id.loc.gov/datatypes/edtf/EDTF"

_POINT: Final = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?[?~%]?"
_SINGLE: Final = re.compile(f"({_POINT})")
_PERIOD: Final = re.compile(rf"({_POINT}|\.\.)/({_POINT}|\.\.)")
_WITHIN: Final = re.compile(rf"\[({_POINT})?\.\.({_POINT})?\]")

_WORDS: Final = {
    "fr": {
        "period": "{start.beginning} {end.ending}",
        "since": "depuis {start.definite}",
        "until": "jusqu’{end.limit}",
        "between": "entre {start.definite} et {end.definite}",
        "from": "au plus tôt {start.within}",
        "by": "au plus tard {end.within}",
        "?": "{date}, sans certitude",
        "~": "{date} environ",
        "%": "{date} environ, sans certitude",
    },
    "en": {
        "period": "from {start.whole} to {end.whole}",
        "since": "since {start.whole}",
        "until": "until {end.whole}",
        "between": "between {start.whole} and {end.whole}",
        "from": "in or after {start.whole}",
        "by": "in or before {end.whole}",
        "?": "{date}, uncertain",
        "~": "about {date}",
        "%": "about {date}, uncertain",
    },
}


@dataclass(frozen=True)
class DateSpan:
    """The first and the last day that a date may be or comprise; None where it is open."""

    first: date | None
    last: date | None
    kind: str
    """single, period, or within: one day or time of those between."""
    ends: tuple[str, str]
    """Both as written; the empty string where open."""


def read(text: str) -> DateSpan | None:
    """Return the days of a date in EDTF; None where it is none, or of a form not read here."""
    for pattern, kind in ((_SINGLE, "single"), (_PERIOD, "period"), (_WITHIN, "within")):
        if found := pattern.fullmatch(text):
            start, end = found[1], found[found.re.groups]
            return _span(start or "", end or "", kind)
    return None


def in_words(text: str, language: str) -> str:
    """Return a date in EDTF in words; as it is written where it is of a form not read here."""
    span = read(text)
    if span is None:
        return text
    words = _WORDS["fr" if language == "fr" else "en"]
    start, end = span.ends
    same_year = span.kind != "single" and start[:4] == end[:4] and min(len(start), len(end)) > 4
    begins = _point(start, language, day_and_month if same_year else day)
    ends = _point(end, language)
    if span.kind == "single":
        return begins.whole
    period = span.kind == "period"
    if not end:
        key = "since" if period else "from"
    elif not start:
        key = "until" if period else "by"
    else:
        key = "period" if period else "between"
    return words[key].format(start=begins, end=ends)


def _span(start: str, end: str, kind: str) -> DateSpan | None:
    start, end = (it.replace("..", "") for it in (start, end))
    try:
        first = _days(start)[0] if start else None
        last = _days(end)[1] if end else None
    except ValueError:
        return None
    if (first and last and first > last) or not (first or last):
        return None
    return DateSpan(first, last, kind, (start, end))


def _days(point: str) -> tuple[date, date]:
    """Return the first and the last day of a year, month or day; raise ValueError."""
    numbers = [int(it) for it in point.rstrip("?~%").split("-")]
    year, month, number = [*numbers, 0, 0][:3]
    if number:
        return date(year, month, number), date(year, month, number)
    if len(numbers) > 1:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


@dataclass(frozen=True)
class _Point:
    """A point of time in words, as the places of a sentence want it."""

    whole: str
    """juin 2013"""
    definite: str
    """le 8 avril 2013, juin 2013"""
    within: str
    """le 8 avril 2013, en juin 2013"""
    beginning: str
    """du 8 avril 2013, d’avril 2013, de 1974"""
    ending: str
    """au 8 avril 2013, à avril 2013, à 1975"""
    limit: str
    """au 8 avril 2013, en avril 2013, en 1975"""


def _point(text: str, language: str, name: Callable[[str, str], str] = day) -> _Point:
    bare = text.rstrip("?~%")
    words = _WORDS["fr" if language == "fr" else "en"]
    in_words = name(bare, language)
    shown = words[text[len(bare) :]].format(date=in_words) if text != bare else in_words
    if bare.count("-") == 2:
        return _Point(shown, f"le {shown}", f"le {shown}", f"du {shown}", *[f"au {shown}"] * 2)
    of = "d’" if in_words[:1] in "aeiouyéèh" else "de "
    return _Point(shown, shown, f"en {shown}", f"{of}{shown}", f"à {shown}", f"en {shown}")
