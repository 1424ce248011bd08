"""The stages as an iCalendar file (RFC 5545): the same bytes from the same data, at any time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from rallynov_graph.base.typography import typeset

LONGEST_LINE: Final = 75
"""How many octets a line may have, the end of the line aside."""
ZONE: Final = "Europe/Paris"
"""The hours are printed without a zone, for places in France: a reader elsewhere is shown the same
moment, which a floating time would move."""
_ZONE: Final = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    *("BEGIN:STANDARD", "DTSTART:19961027T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    *("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZNAME:CET", "END:STANDARD"),
    *("BEGIN:DAYLIGHT", "DTSTART:19960331T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
    *("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZNAME:CEST", "END:DAYLIGHT"),
    "END:VTIMEZONE",
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class CalendarEvent:
    """An event that has a whole date."""

    iri: str
    name: str
    day: date
    start: time | None = None
    """None for an event of the whole day."""
    end: time | None = None
    place: str = ""
    point: tuple[float, float] | None = None
    """Latitude and longitude."""
    description: str = ""
    status: str = ""
    """CONFIRMED or CANCELLED; empty where nothing of the kind is said."""


@dataclass(frozen=True)
class Calendar:
    """Events, with the name, date and licence of their data."""

    name: str
    issued: date
    language: str
    entries: tuple[CalendarEvent, ...]
    licence: str = ""
    """The address of the licence of the data; the empty string for none."""


def written(calendar: Calendar) -> bytes:
    """Return a calendar as a file: lines end in CRLF and are folded at 75 octets."""
    return b"".join(_folded(line) for line in _lines(calendar))


def _lines(calendar: Calendar) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//rallynov-graph//iCalendar//FR")
    yield "CALSCALE:GREGORIAN"
    name = _escaped(typeset(calendar.name, calendar.language))
    yield from (f"NAME:{name}", f"X-WR-CALNAME:{name}")
    if calendar.licence:
        yield f"DESCRIPTION:{_escaped(calendar.licence)}"
    if any(entry.start for entry in calendar.entries):
        yield from _ZONE
    for entry in calendar.entries:
        yield from _event(entry, calendar)
    yield "END:VCALENDAR"


def _event(entry: CalendarEvent, calendar: Calendar) -> Iterator[str]:
    def text_lines(name: str, value: str) -> Iterator[str]:
        if value:
            escaped = _escaped(typeset(value, calendar.language))
            yield f"{name};LANGUAGE={calendar.language}:{escaped}"

    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(entry.iri)}"
    yield f"DTSTAMP:{_day(calendar.issued)}T000000Z"
    yield from _when(entry)
    yield from text_lines("SUMMARY", entry.name)
    yield from text_lines("DESCRIPTION", entry.description)
    yield from text_lines("LOCATION", entry.place)
    if entry.point is not None:
        yield f"GEO:{entry.point[0]:.6f};{entry.point[1]:.6f}"
    if entry.status:
        yield f"STATUS:{entry.status}"
    yield "END:VEVENT"


def _when(entry: CalendarEvent) -> Iterator[str]:
    if entry.start is None:
        yield f"DTSTART;VALUE=DATE:{_day(entry.day)}"
        return
    yield f"DTSTART;TZID={ZONE}:{_day(entry.day)}T{entry.start:%H%M%S}"
    if entry.end is not None and entry.end > entry.start:
        yield f"DTEND;TZID={ZONE}:{_day(entry.day)}T{entry.end:%H%M%S}"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _CONTROL.sub(" ", plain)
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Return a line with its end, folded with a leading space; no character is split."""
    pieces: list[bytes] = [b""]
    for character in line:
        encoded = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(encoded) > LONGEST_LINE:
            pieces.append(b" ")
        pieces[-1] += encoded
    return _joined(pieces)


def _joined(pieces: Sequence[bytes]) -> bytes:
    return b"\r\n".join(pieces) + b"\r\n"
