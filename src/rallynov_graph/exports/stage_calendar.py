"""The stages and the closing event of a store, as entries of a calendar."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, certainty_of, rank_of
from rallynov_graph.base.event_states import state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Row, Solutions
from rallynov_graph.exports.ics import Calendar, CalendarEvent
from rallynov_graph.questions.labels import Labels, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.attribution import attribution, in_language

_DAY: Final = PREFIXES["xsd"] + "date"


def calendar(queries: PageQueries, language: str, certainty: str) -> Calendar | None:
    """Return the calendar of the events that are at least so certain.

    An event without a whole date is left out; one with several dates has the surest of them, the
    earliest of these. None where the data have no date of issue: then no entry can be stamped
    without a clock.
    """
    dataset_rows = [*queries.rows("dataset")]
    issued = next((day for row in dataset_rows if (day := _day(row, "issued")) is not None), None)
    if issued is None:
        return None
    rows = queries.rows("calendar", certainty=NamedNode(RN + certainty))
    names = _names(queries, rows, language)
    found: dict[str, tuple[int, CalendarEvent]] = {}
    for row in rows:
        entry = _entry(row, names)
        if entry is None:
            continue
        rank = _rank(row)
        if entry.iri not in found or rank < found[entry.iri][0]:
            found[entry.iri] = rank, entry
    entries = sorted((entry for _, entry in found.values()), key=lambda e: (e.day, e.iri))
    titles = [t for row in dataset_rows if isinstance(t := row["title"], Literal)]
    name = best_text((Text(t.value, t.language or "") for t in titles), language)
    licences = sorted(
        term.value for row in dataset_rows if isinstance(term := row["licence"], NamedNode)
    )
    return Calendar(
        name.value if name else in_language(attribution().titles, language),
        issued,
        language,
        tuple(entries),
        licences[0] if licences else "",
    )


def _names(queries: PageQueries, rows: Solutions, language: str) -> dict[str, str]:
    """Return the names of the things of an answer in a language, else in another."""
    things = {term.value for row in rows.rows for term in row if isinstance(term, NamedNode)}
    described = Labels(queries).of(sorted(things))
    found = {iri: about.name(language) for iri, about in described.items()}
    return {iri: name.value if name else last_part(iri) for iri, name in found.items()}


def _entry(row: Row, names: dict[str, str]) -> CalendarEvent | None:
    event, day = row["event"], _day(row, "date")
    if day is None or not isinstance(event, NamedNode):
        return None
    return CalendarEvent(
        event.value,
        names[event.value],
        day,
        _time(row, "start"),
        _time(row, "end"),
        _name(row, "place", names),
        _point(row),
        _description(row, names),
        _status(row),
    )


def _status(row: Row) -> str:
    term = row["status"]
    state = state_of({term.value}) if isinstance(term, NamedNode) else None
    return state.calendar if state else ""


def _description(row: Row, names: dict[str, str]) -> str:
    """Return the status, the date and hours as printed, and the certainty of the date."""
    status, certainty = _name(row, "status", names), _name(row, "how", names)
    printed = ", ".join(filter(None, (_text(row, "printed"), _text(row, "printed_time"))))
    remark = f" ({certainty})" if certainty else ""
    return " — ".join(filter(None, (status, f"{printed}{remark}".strip())))


def _rank(row: Row) -> int:
    certainty_node = row["how"]
    certainty = certainty_of(certainty_node.value) if isinstance(certainty_node, NamedNode) else ""
    return rank_of(certainty) if certainty else len(CERTAINTIES)


def _name(row: Row, variable: str, names: dict[str, str]) -> str:
    term = row[variable]
    return names[term.value] if isinstance(term, NamedNode) else ""


def _text(row: Row, name: str) -> str:
    term = row[name]
    return term.value if isinstance(term, Literal) else ""


def _day(row: Row, name: str) -> date | None:
    """Return a whole day, None for a month, a year or what is no date."""
    term = row[name]
    if not isinstance(term, Literal) or term.datatype.value != _DAY:
        return None
    try:
        return date.fromisoformat(term.value[:10])
    except ValueError:
        return None


def _time(row: Row, name: str) -> time | None:
    try:
        return time.fromisoformat(_text(row, name)[:8])
    except ValueError:
        return None


def _point(row: Row) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(_text(row, "latitude")), float(_text(row, "longitude"))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
