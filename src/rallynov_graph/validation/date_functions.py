"""What checks ask of dates in EDTF, by the library that knows the whole standard."""

from datetime import date
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import FUNCTIONS, PREFIXES
from rallynov_graph.base.terms import Term, TermFunctions

_NAMESPACE: Final = FUNCTIONS
_DATE: Final = NamedNode(f"{PREFIXES['xsd']}date")
_Days = tuple[date | None, date | None]


def _is_edtf(value: Term) -> Term:
    """Return whether a literal is a date in EDTF that does not end before it begins."""
    days = _days(value.value) if isinstance(value, Literal) else None
    return Literal(days is not None and not (days[0] and days[1] and days[0] > days[1]))


def _first_day(value: Term) -> Term | None:
    """Return the first day of a date; None where it is open, or is no date."""
    return _end(value, 0)


def _last_day(value: Term) -> Term | None:
    """Return the last day of a date; None where it is open, or is no date."""
    return _end(value, 1)


DATE_FUNCTIONS: Final[TermFunctions] = {
    NamedNode(f"{_NAMESPACE}isEdtf"): _is_edtf,
    NamedNode(f"{_NAMESPACE}firstDay"): _first_day,
    NamedNode(f"{_NAMESPACE}lastDay"): _last_day,
}
"""The functions by their names in SPARQL. A year, a month or a day of XSD is a date in EDTF too."""


def _end(value: Term, which: int) -> Term | None:
    days = _days(value.value) if isinstance(value, Literal) else None
    day = days[which] if days else None
    return Literal(day.isoformat(), datatype=_DATE) if day else None


@lru_cache(maxsize=10_000)
def _days(text: str) -> _Days | None:
    """Return the first and the last day; None for what is no date in EDTF."""
    from edtf import parse_edtf  # data without such a date do without it
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        found = parse_edtf(text)
        return _day(found.lower_strict()), _day(found.upper_strict())
    except (EDTFParseException, ValueError):
        return None


def _day(end: object) -> date | None:
    """Return the day of an end; None for one that is open, or out of the calendar's years."""
    if not isinstance(end, tuple) or not 1 <= end[0] <= date.max.year:
        return None
    return date(*end[:3])
