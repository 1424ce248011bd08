"""Whether a user's text means a value, and whether two values are compatible."""

import re
from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import DATES, month_names
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.matching.words import folded, without_article

_XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = frozenset(
    f"{_XSD}{name}" for name in ("integer", "decimal", "double", "float", "nonNegativeInteger")
)
_DAY_TYPES: Final = {0: "gYear", 1: "gYearMonth", 2: "date"}
_TIME: Final = f"{_XSD}time"
_IN_DIGITS: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)")
"""A day in digits, as the French write it: the day first."""
_MONTHS: Final = {folded(name): number for number, name in month_names()}
_STRING: Final = f"{_XSD}string"
BOUNDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "au-moins": ge,
    "plus-de": gt,
    "au-plus": le,
    "moins-de": lt,
    "environ": lambda claimed, stated: True,
}
"""The numbers that a bound allows beside the printed one, by the last part of its address."""


def says(text: str, value: Literal) -> bool:
    """Whether a text means a value: the same number, day, hour or words."""
    wanted = text.strip()
    if wanted in (value.value, str(value)):
        return True
    datatype = value.datatype.value
    if datatype in _NUMBERS:
        return _number(wanted) is not None and _number(wanted) == _number(value.value)
    if datatype in DATES:
        day = value.value.removesuffix("T00:00:00")
        return _day(wanted) == day or _short_day(wanted) == day[2:]
    if datatype == _TIME:
        return _hour(wanted) == _hour(value.value)
    return without_article(wanted) == without_article(value.value)


def typed(text: str, like: Literal) -> Literal:
    """Return a text as a value of the same kind as another; days and hours in their stored form."""
    plain, datatype = text.strip(), like.datatype.value
    if like.language:
        return Literal(plain, language=like.language)
    if datatype in DATES:
        plain = _day(plain)
        datatype = _XSD + _DAY_TYPES.get(plain.count("-"), "date") if _is_date(plain) else datatype
    if datatype == _TIME and re.fullmatch(r"\d\d:\d\d", _hour(plain)):
        plain = f"{_hour(plain)}:00"
    return Literal(plain, datatype=NamedNode(datatype))


def go_together(claimed: Literal, stated: Literal) -> bool:
    """Whether both values can be true: a month and one of its days, a text and a longer one.

    Texts in a language are wordings: one does not exclude another.
    """
    if says(claimed.value, stated) or stated.language:
        return True
    one, other = folded(claimed.value), folded(stated.value)
    if stated.datatype.value in DATES:
        return one.startswith(other) or other.startswith(one) or not _is_date(one)
    if stated.datatype.value in _NUMBERS:
        return _number(one) is None
    if stated.datatype.value == _TIME:
        return not re.match(r"\d\d:\d\d", one)
    if stated.datatype.value == _STRING:
        return not one or one in other or other in one
    return False


def is_within_bound(claimed: Literal, stated: Literal, bound: str) -> bool:
    """Whether a number is compatible with a bound in a document."""
    one, other = _number(claimed.value), _number(stated.value)
    return one is not None and other is not None and BOUNDS[bound](one, other)


def is_within(value: Literal, claimed: Literal) -> bool:
    """Whether a day is in the claimed month or year, or a month in the claimed year."""
    dates = {value.datatype.value, claimed.datatype.value} <= DATES
    return dates and value.value.startswith(f"{claimed.value}-")


def is_on(text: str, value: Literal) -> bool:
    """Whether a day, month or year in words is that of a date; a day may leave out its year."""
    days = (_day(it) for it in (text.strip(), f"{text.strip()} {value.value[:4]}"))
    return any(_is_date(day) and f"{value.value}-".startswith(f"{day}-") for day in days)


def _is_date(text: str) -> bool:
    parts = text.split("-")
    return all(part.isdigit() for part in parts) and len(parts[0]) == 4


def _day(text: str) -> str:
    """Return a day, a month or a year in its stored form; any other text unchanged.

    A year of two digits is left unchanged: its century is unknown.
    """
    if (found := _IN_DIGITS.fullmatch(text.strip())) and len(found[3]) == 4:
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    words = folded(text.replace(",", " ")).split()
    months = [number for word in words if (number := _MONTHS.get(word))]
    digits = [int(it) for word in words if (it := word.removesuffix("er")).isdigit()]
    if len(months) != 1 or not digits or len(digits) > 2 or len(words) > 3:
        return text
    year, *days = sorted(digits, reverse=True)
    return "-".join((f"{year:04}", f"{months[0]:02}", *(f"{it:02}" for it in days)))


def _short_day(text: str) -> str:
    """Return the end of the stored form of a day with a two-digit year; empty for other texts."""
    found = _IN_DIGITS.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found and len(found[3]) == 2 else ""


def _number(text: str) -> float | None:
    try:
        return float(text.replace("\u202f", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        return None


def _hour(text: str) -> str:
    """Return an hour as 14:30 from 14 h 30, 14h30 or 14:30:00."""
    plain = text.lower().replace(" ", "").replace("\u00a0", "").replace("h", ":")
    hours, _, minutes = plain.partition(":")
    return f"{hours.zfill(2)}:{(minutes[:2] or '00').zfill(2)}"
