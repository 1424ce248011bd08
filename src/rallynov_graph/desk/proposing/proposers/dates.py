"""Dates, times and periods in French printed forms, with their normalised values.

A year that is not printed is that of the issue, and is marked as inferred.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from rallynov_graph.desk.proposing.cues import form, forms, listed, why
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal
from rallynov_graph.desk.proposing.reading import Reading, Span
from rallynov_graph.desk.short_terms import XSD
from rallynov_graph.matching.words import folded

_MASTHEAD: Final = 1200
"""The number of characters at the beginning that may contain the date of an issue."""
_BEFORE: Final = 12


def propose(reading: Reading) -> Iterator[Proposal]:
    text, issued = reading.text, _year_of_issue(reading.text)
    taken: list[Span] = []

    def is_free(start: int, end: int) -> bool:
        is_taken = any(start < last and first < end for first, last in taken)
        return not is_taken and not reading.is_blanked(start, end)

    for found in (it for printed in forms("date") for it in printed.finditer(text)):
        start, end = _own_words(found)
        start = _after_number(text, start, end)
        if text[max(0, start - 4) : start] != "loi " and is_free(start, end):
            taken.append((start, end))
            yield _date(text[start:end], start, issued)
    for found in form("clock").finditer(text):
        start, end = _trim(text, *found.span())
        at = form("before_time").search(text[max(0, start - _BEFORE) : start])
        if is_free(start, end) and (at or not form("only_hours").match(text[start:end])):
            yield _time(text[start:end], start)


def _own_words(found: re.Match[str]) -> Span:
    """Return a date without the preposition before it."""
    front = form("before_own_words").match(found[0])
    return _trim(found.string, found.start() + (front.end() if front else 0), found.end())


def _after_number(text: str, start: int, end: int) -> int:
    """Return where a date begins after the number of an issue: « n° 12 - 4 juin »."""
    first = form("first_number").match(text, start, end)
    if first is None or not form("day_or_month").match(text, first.end(), end):
        return start
    day = form("first_number").match(text, first.end(), end)
    falls = day is not None and first["dash"] and int(day["day"]) < int(first["day"])
    numbered = form("number_of_issue").search(text[max(0, start - _BEFORE) : start])
    return first.end() if falls or numbered else start


def _trim(text: str, start: int, end: int) -> Span:
    lead = form("lead_of_date").match(text[start:end])
    start += lead.end() if lead else 0
    return start, start + len(text[start:end].rstrip(" \t\n\xa0\u202f,"))


def _year_of_issue(text: str) -> str:
    """Return the year that comes first in a masthead, or most often in the text."""
    if first := form("year_of_masthead").search(text[:_MASTHEAD]):
        return first[1]
    years = form("year_of_text").findall(text)
    return max(sorted(set(years)), key=years.count) if years else ""


def _date(printed: str, start: int, issued: str) -> Proposal:
    candidates = tuple(_values(printed, issued))
    told = why("date")
    if candidates and candidates[0].inferred:
        told = why("date_without_year")
    elif candidates and (day := _wrong_weekday(printed, candidates[0].value)) is not None:
        told = why("wrong_weekday", fr=listed("weekdays")[day], en=listed("english_weekdays")[day])
    return Proposal("date", start, start + len(printed), told, candidates=candidates)


def _values(printed: str, issued: str) -> Iterator[Candidate]:
    """Yield the normal values of a date, of a period its first and last day."""
    if found := form("iso_date").fullmatch(printed):
        yield from _day(found[1], int(found[2]), int(found[3]), is_inferred=False)
    elif found := form("date_in_figures").fullmatch(printed):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        yield from _day(year, int(found[2]), int(found[1]), is_inferred=False)
    elif found := form("day_in_figures").fullmatch(printed):
        yield from _day(issued, int(found[2]), int(found[1]), is_inferred=True)
    elif form("day_of_date").search(printed):
        yield from _days(printed, issued)
    elif found := form("month_of_date").search(printed):
        if year := found[2] or issued:
            value, inferred = f"{year}-{_month(found[1]):02}", "" if found[2] else "year"
            yield Candidate(value=value, datatype=f"{XSD}gYearMonth", inferred=inferred)
    elif form("year").fullmatch(printed):
        yield Candidate(value=printed, datatype=f"{XSD}gYear")


def _month(word: str) -> int:
    """Return the number of a month that is printed whole, or in short with a point."""
    plain = folded(word).rstrip(".")
    return next(
        number for number, it in enumerate(listed("months"), 1) if folded(it).startswith(plain)
    )


def _days(printed: str, issued: str) -> Iterator[Candidate]:
    """Yield the days of a date that may have several: the last one has month and year for all."""
    month, year = "", ""
    values: list[list[Candidate]] = []
    for found in reversed([*form("day_of_date").finditer(printed)]):
        month, year = found[2] or month, found[3] or year
        if month:
            number = re.match(r"\d+", found[1])
            day = int(number[0]) if number else 1
            values.append([*_day(year or issued, _month(month), day, is_inferred=not year)])
    for days in reversed(values):
        yield from days


def _day(year: str, month: int, day: int, *, is_inferred: bool) -> Iterator[Candidate]:
    if year:
        try:
            value = date(int(year), month, day).isoformat()
        except ValueError:
            return
        yield Candidate(value=value, datatype=f"{XSD}date", inferred="year" if is_inferred else "")
    if is_inferred:
        yield Candidate(value=f"--{month:02}-{day:02}", datatype=f"{XSD}gMonthDay")


def _wrong_weekday(printed: str, value: str) -> int | None:
    """Return the right weekday of a date, from 0, where another one is printed."""
    names = listed("weekdays")
    wanted = next((it for it in names if folded(printed).startswith(it)), None)
    if wanted is None or len(value) != 10:
        return None
    day = date.fromisoformat(value).weekday()
    return None if names[day] == wanted else day


def _time(printed: str, start: int) -> Proposal:
    times = [
        f"{int(hour):02}:{minute or '00'}:00"
        for hour, minute in form("hours_printed").findall(printed)
        if int(hour) < 24
    ]
    times = ["12:00:00"] if printed == "midi" else times
    candidates = tuple(Candidate(value=it, datatype=f"{XSD}time") for it in times)
    return Proposal("date", start, start + len(printed), why("time"), candidates=candidates)
