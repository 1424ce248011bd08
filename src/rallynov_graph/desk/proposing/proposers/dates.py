"""Dates, times and periods in the forms in which French prints them, with their normal value.

A year that is not printed is that of the issue, and is said to be inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.word_lists import phrases
from rallynov_graph.desk.short_terms import XSD
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_S: Final = r"[ \t\xa0\u202f]{0,3}\n?[ \t\xa0\u202f]{0,8}"
_MONTHS: Final = phrases("months")[0].split()
_SHORT: Final = {
    "janv": 1,
    "fevr": 2,
    "fev": 2,
    "avr": 4,
    "juil": 7,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH: Final = (
    "(?:"
    + "|".join((*_MONTHS, "fevrier", "aout", "decembre"))
    + r"|(?:janv|févr?|avr|juil|sept|oct|nov|déc)\.)"
)
_WEEKDAY: Final = (
    "(?:" + "|".join(phrases("weekdays")[0].split()) + r"|(?:lun|mar|mer|jeu|ven|sam|dim)\.)s?"
)
_DAY: Final = r"(?:1[ \xa0]?er|1\^\{er\}|[12]?\d|3[01]|premier)(?!\d)"
_YEAR: Final = r"(?:1[89]\d\d|20\d\d)(?![\d])"
_AND: Final = r"(?:et|au|à|ou|&|/|[-–—]|puis|,)"
_SEASON: Final = r"(?:printemps|été|automne|hiver|rentrée)"
_ONE_DAY: Final = rf"(?:{_WEEKDAY},?{_S})?{_DAY}"
_DATES: Final = (
    # « du 30 mai au 2 juin 2017 », « 12 et 13 mai », « samedi 16 janvier 2021 »
    rf"(?:{_ONE_DAY}{_S}{_MONTH}?{_S}(?:{_YEAR})?{_S}(?:,|{_AND}){_S}(?:le{_S})?)*{_ONE_DAY}{_S}{_MONTH}(?:{_S},?{_S}{_YEAR})?",
    r"\b\d{4}-\d{2}-\d{2}\b",
    rf"(?:Noël|Pâques|la Toussaint|la Pentecôte|l['’]Ascension){_S}{_YEAR}",
    rf"(?:avant|après|dès|d['’]ici(?: à)?){_S}"
    r"(?:Noël|Pâques|la Toussaint|la Pentecôte|l['’]Ascension)",
    rf"(?:à|dès|avant|après){_S}la rentrée\b",
    rf"{_WEEKDAY}{_S}(?:prochain|dernier)\b",
    rf"(?:(?<=^)|(?<=\n)|(?<=\ble )|(?<=[*•>-]\s)|{_WEEKDAY}{_S})"
    r"(?:0?[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2])(?=[\s,:;])",
    r"\b(?:[0-2]?\d|3[01])[/.](?:0?\d|1[0-2])[/.](?:20\d\d|19\d\d|\d\d)\b(?![/.]\d)",
    rf"(?:début|mi|fin|courant|en|dès|depuis|de|d['’]|au mois de|"
    rf"au mois d['’])?[- ]?{_S}{_MONTH}(?:{_S}{_AND}{_S}{_MONTH})?{_S}{_YEAR}",
    rf"(?:(?:début|mi|fin|courant|en|dès|depuis|jusqu['’]en|jusqu['’]à|au mois de|"
    rf"au mois d['’])(?:-|{_S}))(?:début |mi-|"
    rf"fin )?{_MONTH}(?:{_S}{_AND}{_S}{_MONTH})?",
    rf"(?:l['’])?{_SEASON}{_S}(?:de{_S})?{_YEAR}(?:\s?[-/–]\s?(?:{_YEAR}|\d\d\b))?",
    rf"(?:premier|deuxième|second|troisième|quatrième|1er|2e|3e|4e|dernier){_S}(?:trimestre|semestre){_S}(?:de{_S})?(?:l['’]année{_S})?{_YEAR}",
    rf"{_YEAR}\s?[-/–]\s?(?:{_YEAR}|\d\d\b)(?![-/.]\d)",
    rf"(?:en|depuis|dès|fin|début|mi|courant|avant|après|jusqu['’]en|l['’]année|"
    rf"année|d['’]ici(?: à)?|l['’]an|été|vers|à partir de|de|horizon){_S}{_YEAR}",
    rf"{_YEAR}(?![-/]|[ \xa0]?[€%]|\s[a-zà-ÿ]{{3,}}s\b)",
    rf"(?<=\(){_YEAR}(?=\))|(?<=[-–—·|,/]\s){_YEAR}(?=\s*(?:$|\n))|(?<=^){_YEAR}(?=$)",
)
_HOUR: Final = (
    r"(?:[01]?\d|2[0-4])(?:[ \xa0\u202f]?(?:h|heures?)(?:[ \xa0\u202f]?[0-5]\d)?|:[0-5]\d)(?![\w:])"
)
_TIME: Final = (
    rf"(?<![/\d])(?:de{_S})?{_HOUR}(?:{_S}(?:à|[-–—/]|et|au){_S}{_HOUR})?|(?<![/\d])(?:de{_S})?\b(?:[01]?\d|"
    rf"2[0-4]){_S}(?:à|[-–—/]){_S}{_HOUR}"
    rf"|(?<=[àÀ,–—-]\s)(?:midi|minuit)\b|(?<=vers\s)(?:midi|minuit)\b"
)
_CLOCK: Final = re.compile(_TIME, re.IGNORECASE)
_PRINTED: Final = tuple(
    re.compile(rf"(?<![\w/.,]){it}(?!\w)" if number else rf"(?<![\w/.]){it}(?!\w)", re.IGNORECASE)
    for number, it in enumerate(_DATES)
)
_PARTS: Final = re.compile(
    rf"(?<!\d)({_DAY}){_S}({_MONTH})?(?:{_S},?{_S}({_YEAR}))?", re.IGNORECASE
)
_IN_FRONT: Final = re.compile(
    rf"^(?:d['’]ici(?: à)?|(?:à|dès|avant|après) la(?= rentrée)|en|depuis|dès|de|d['’]|"
    rf"courant|avant|après|jusqu['’]en|jusqu['’]à|"
    rf"l['’]année|année|l['’]|vers|à partir de|au mois (?:de|d['’])|"
    rf"horizon|l['’]an){_S}",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(rf"(?P<day>\d{{1,2}}){_S}(?P<dash>[-–—])?[,|·/]?{_S}(?!\d*/)")
"""A number before others: with a dash the first day of a period, if it comes before the last."""
_GOES_ON: Final = re.compile(rf"{_DAY}|{_MONTH}", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:\bn[°o.]|\bnuméro|\bnum\.|#)\s*$", re.IGNORECASE)
_MASTHEAD: Final = 1200
"""The date of an issue stands in so many characters from its beginning."""
_AT: Final = re.compile(r"(?:\bà|\bvers|\bdès|\bavant|\baprès|\bpartir de|,)\s$", re.IGNORECASE)
_BEFORE: Final = 12
_NOT_HOURS: Final = re.compile(r"^\d+\s?heures?$", re.IGNORECASE)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the dates, times and periods."""
    issued = _year_of_issue(reading.text)
    taken: list[tuple[int, int]] = []
    for pattern in _PRINTED:
        for found in pattern.finditer(reading.text):
            start, end = _own_words(found)
            start = _after_number(reading.text, start, end)
            of_law = reading.text[max(0, start - 4) : start] == "loi "
            if (
                of_law
                or reading.is_blanked(start, end)
                or any(start < b and a < end for a, b in taken)
            ):
                continue
            taken.append((start, end))
            yield _date(reading.text[start:end], start, issued)
    for found in _CLOCK.finditer(reading.text):
        start, end = _trim(reading.text, *found.span())
        free = not reading.is_blanked(start, end) and not any(
            start < b and a < end for a, b in taken
        )
        at = _AT.search(reading.text[max(0, start - _BEFORE) : start])
        if free and (at or not _NOT_HOURS.match(reading.text[start:end])):
            yield _time(reading.text[start:end], start)


def _own_words(found: re.Match[str]) -> tuple[int, int]:
    """Return a date without the preposition before it."""
    front = _IN_FRONT.match(found[0])
    return _trim(found.string, found.start() + (front.end() if front else 0), found.end())


def _after_number(text: str, start: int, end: int) -> int:
    """Return where a date begins that the number of an issue precedes: « n° 12 - 4 juin »."""
    first = _FIRST.match(text, start, end)
    if first is None or not _GOES_ON.match(text, first.end(), end):
        return start
    day = _FIRST.match(text, first.end(), end)
    falls = day is not None and first["dash"] and int(day["day"]) < int(first["day"])
    return first.end() if falls or _NUMBERED.search(text[max(0, start - 12) : start]) else start


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    lead = re.match(r"[\s,–—-]*(?:de\s)?\s*", words)
    start += lead.end() if lead else 0
    return start, start + len(text[start:end].rstrip(" \t\n\xa0\u202f,"))


def _year_of_issue(text: str) -> str:
    """Return the year that stands first in a masthead, or most often in the text."""
    first = re.search(rf"(?:{_MONTH}|{_SEASON}|/)\s*({_YEAR})", text[:_MASTHEAD], re.IGNORECASE)
    if first:
        return first[1]
    years = re.findall(rf"(?:{_MONTH}\s+|/)({_YEAR})", text, re.IGNORECASE)
    return max(sorted(set(years)), key=years.count) if years else ""


def _date(printed: str, start: int, issued: str) -> Proposal:
    candidates = tuple(_values(printed, issued))
    if candidates and candidates[0].inferred:
        why = Why(
            "date sans année : celle du numéro est supposée",
            "a date without its year: that of the issue is supposed",
        )
    elif candidates and (wrong := _wrong_weekday(printed, candidates[0].value)):
        why = Why(
            f"date ; ce jour est un {wrong[0]}, pas celui imprimé",
            f"a date; that day is a {wrong[1]}, not as printed",
        )
    else:
        why = Why(
            "date ou période en toutes lettres ou en chiffres",
            "a date or period, in words or figures",
        )
    return Proposal("date", start, start + len(printed), why, candidates=candidates)


def _month_number(word: str) -> int:
    plain = folded(word).rstrip(".")
    months = [folded(it) for it in _MONTHS]
    return months.index(plain) + 1 if plain in months else _SHORT[plain]


def _values(printed: str, issued: str) -> Iterator[Candidate]:
    """Yield the normal values of a date, of a period its first and last day."""
    if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", printed):
        yield from _day(found[1], int(found[2]), int(found[3]), False)
    elif found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})", printed):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        yield from _day(year, int(found[2]), int(found[1]), False)
    elif found := re.fullmatch(rf"(?:{_WEEKDAY}{_S})?(\d{{1,2}})/(\d{{1,2}})", printed, re.I):
        yield from _day(issued, int(found[2]), int(found[1]), True)
    elif _PARTS.search(printed):
        yield from _days(printed, issued)
    elif found := re.search(rf"({_MONTH})(?:.*?({_YEAR}))?$", printed, re.IGNORECASE | re.DOTALL):
        year = found[2] or issued
        if year:
            value = f"{year}-{_month_number(found[1]):02}"
            yield Candidate(
                value=value, datatype=f"{XSD}gYearMonth", inferred="" if found[2] else "year"
            )
    elif re.fullmatch(_YEAR, printed):
        yield Candidate(value=printed, datatype=f"{XSD}gYear")


def _days(printed: str, issued: str) -> Iterator[Candidate]:
    """Yield the days of a date that may have several: the last one has month and year for all."""
    month, year = "", ""
    values: list[list[Candidate]] = []
    for found in reversed([*_PARTS.finditer(printed)]):
        month, year = found[2] or month, found[3] or year
        if month:
            number = re.match(r"\d+", found[1])
            day = int(number[0]) if number else 1
            values.append([*_day(year or issued, _month_number(month), day, not year)])
    for days in reversed(values):
        yield from days


def _day(year: str, month: int, day: int, inferred: bool) -> Iterator[Candidate]:
    if year:
        try:
            value = date(int(year), month, day).isoformat()
        except ValueError:
            return
        yield Candidate(value=value, datatype=f"{XSD}date", inferred="year" if inferred else "")
    if inferred:
        yield Candidate(value=f"--{month:02}-{day:02}", datatype=f"{XSD}gMonthDay")


def _wrong_weekday(printed: str, value: str) -> tuple[str, str] | None:
    """Return the right weekday of a date, in both languages, where another one is printed."""
    names = phrases("weekdays")[0].split()
    wanted = next((it for it in names if folded(printed).startswith(it)), None)
    if wanted is None or len(value) != 10:
        return None
    day = date.fromisoformat(value).weekday()
    english = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return None if names[day] == wanted else (names[day], english[day])


def _time(printed: str, start: int) -> Proposal:
    noon = (Candidate(value="12:00:00", datatype=f"{XSD}time"),) if printed == "midi" else ()
    hours = re.findall(r"(\d{1,2})\s*(?:h|heures?|:)?[ \xa0\u202f]?(\d{2})?", printed)
    candidates = noon or tuple(
        Candidate(value=f"{int(hour):02}:{minute or '00'}:00", datatype=f"{XSD}time")
        for hour, minute in hours
        if int(hour) < 24
    )
    why = Why("heure ou horaire", "a time, or from when to when")
    return Proposal("date", start, start + len(printed), why, candidates=candidates)
