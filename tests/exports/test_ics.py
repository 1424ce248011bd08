"""The calendar of the stages, read by a strict reader of RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from conftest import Ran
from rallynov_graph.base.namespaces import ID
from rallynov_graph.exports.ics import Calendar, CalendarEvent, written
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

MARKUP = "<script>alert(1)</script>"
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:,\"]+)*):(.*)", re.DOTALL)
DATED = {
    "stage/bge-franche-comte": (date(2013, 4, 8), None),
    "stage/vesoul": (datetime(2013, 6, 11, 14), datetime(2013, 6, 11, 17)),
    "stage/montbeliard": (datetime(2013, 6, 25, 17), datetime(2013, 6, 25, 20)),
    "stage/dole": (datetime(2013, 9, 5, 17), datetime(2013, 9, 5, 20)),
    "stage/champagnole": (datetime(2013, 9, 11, 17), datetime(2013, 9, 11, 20)),
    "stage/belfort": (datetime(2013, 9, 26, 15), datetime(2013, 9, 26, 18)),
    "event/cloture-rallynov": (date(2013, 11, 28), None),
}
"""What the carnet prints with a day, and the hours where it prints them."""

Property = tuple[dict[str, str], str]
Component = dict[str, Property]


def lines(file: bytes) -> list[str]:
    """Return the unfolded lines; each must end in CRLF and have at most 75 octets."""
    assert file.endswith(b"\r\n") and b"\n" not in file.replace(b"\r\n", b"")
    physical = file.split(b"\r\n")[:-1]
    assert [line for line in physical if len(line) > 75] == []
    for line in physical:
        line.decode("utf-8")
    return file.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def unescaped(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), f"{value} has a sign that is not escaped"
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def events(file: bytes) -> dict[str, Component]:
    """Return the events by their UID; components must be nested as they should."""
    found: dict[str, Component] = {}
    nested: list[str] = []
    for line in lines(file):
        matched = LINE.fullmatch(line)
        assert matched, f"{line!r} is no content line"
        name, parameters, value = matched.groups()
        if name == "BEGIN":
            nested.append(value)
            event: Component = {}
        elif name == "END":
            assert nested.pop() == value
            if value == "VEVENT":
                assert {"UID", "DTSTAMP", "DTSTART"} <= {*event}
                assert event["UID"][1] not in found
                found[event["UID"][1]] = event
        elif nested[-1] == "VEVENT":
            assert name not in event
            pairs = (pair.split("=", 1) for pair in parameters.split(";")[1:])
            event[name] = dict(pairs), value
    assert nested == []
    return found


def moment(event: Component, name: str) -> date | datetime | None:
    """Return when an event begins or ends, as it is written."""
    if name not in event:
        return None
    parameters, value = event[name]
    if parameters == {"VALUE": "DATE"}:
        return datetime.strptime(value, "%Y%m%d").date()
    assert parameters == {"TZID": "Europe/Paris"}
    return datetime.strptime(value, "%Y%m%dT%H%M%S")


def test_what_has_a_day_is_there_with_its_hours_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/stages.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = events(answer.data)
    assert {
        iri.removeprefix(ID): (moment(event, "DTSTART"), moment(event, "DTEND"))
        for iri, event in found.items()
    } == DATED


def test_an_event_says_where_it_is_and_how_surely_when(client: FlaskClient) -> None:
    event = events(client.get("/stages.ics?lang=en").data)[f"{ID}stage/vesoul"]
    assert event["SUMMARY"] == ({"LANGUAGE": "en"}, "Vesoul stage")
    assert event["LOCATION"][1] == "Vesoul"
    assert event["GEO"] == ({}, "47.626040;6.142510")
    said = unescaped(event["DESCRIPTION"][1])
    assert said == "announced — 11/06/13, 14 h / 17 h (inferred)"
    assert "STATUS" not in event


def test_what_was_held_is_confirmed(client: FlaskClient) -> None:
    event = events(client.get("/stages.ics").data)[f"{ID}stage/bge-franche-comte"]
    assert event["STATUS"][1] == "CONFIRMED"


def test_only_days_that_are_said_outright_can_be_asked_for(client: FlaskClient) -> None:
    found = events(client.get("/stages.ics?certainty=explicit").data)
    assert [*found] == [f"{ID}event/cloture-rallynov"]


def test_the_stamp_is_the_datas_and_the_bytes_are_the_same_again(
    client: FlaskClient, release: Release
) -> None:
    first, again = (client.get("/stages.ics").data for _ in range(2))
    assert first == again
    stamps = {event["DTSTAMP"][1] for event in events(first).values()}
    assert stamps == {f"{release.manifest.issued[:10].replace('-', '')}T000000Z"}


def test_the_export_is_the_same_file(
    rallynov: Callable[..., Ran], release: Release, client: FlaskClient
) -> None:
    options = ("--format", "ics", "--release", release.path, "--out", "stages.ics")
    assert rallynov("export", *options).status == 0
    assert Path("stages.ics").read_bytes() == client.get("/stages.ics").data


def test_the_calendar_says_the_licence_of_the_data(client: FlaskClient, release: Release) -> None:
    head = lines(client.get("/stages.ics").data)
    assert f"DESCRIPTION:{release.manifest.licence}" in head[: head.index("BEGIN:VEVENT")]


def calendar(**entry: object) -> bytes:
    given = {"iri": "https://example.org/a", "name": "A", "day": date(2013, 6, 11)} | entry
    return written(Calendar("C", date(2026, 1, 2), "fr", (CalendarEvent(**given),)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "é" * 200,
        "𝄞" * 100,
        "a" * 57 + "é𝄞é",
        "virgule, point-virgule; barre \\ et \\n",
        "deux\nlignes\r\net trois",
        "END:VEVENT\r\nBEGIN:VALARM",
    ],
)
def test_any_name_comes_back_as_it_was(name: str) -> None:
    (event,) = events(calendar(name=name)).values()
    assert unescaped(event["SUMMARY"][1]) == name.replace("\r\n", "\n")


def test_a_sign_that_a_line_may_not_have_is_left_out() -> None:
    assert b"\x00" not in calendar(name="a\x00b\x07c")


def test_an_end_that_is_no_end_is_left_out() -> None:
    (event,) = events(calendar(start=time(17), end=time(14))).values()
    assert "DTEND" not in event


@pytest.mark.parametrize("day", [date(2013, 3, 30), date(2013, 3, 31), date(2013, 10, 27)])
def test_the_zone_that_is_told_is_that_of_paris(day: date) -> None:
    """The rules of the file give the hours that the zone has at noon."""
    text = calendar(start=time(12), day=day).decode()
    assert text.count("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU") == 1
    march, october = (max(sundays(day.year, month)) for month in (3, 10))
    summer = march <= day < october
    noon = datetime.combine(day, time(12), ZoneInfo("Europe/Paris"))
    assert noon.strftime("%z") == ("+0200" if summer else "+0100")
    kind = "DAYLIGHT" if summer else "STANDARD"
    told = text.partition(f"BEGIN:{kind}")[2].partition(f"END:{kind}")[0]
    assert f"TZOFFSETTO:{noon:%z}" in told


def sundays(year: int, month: int) -> list[date]:
    days = [date(year, month, day) for day in range(1, 32)]
    return [day for day in days if day.isoweekday() == 7]


def test_a_calendar_without_hours_needs_no_zone() -> None:
    assert b"VTIMEZONE" not in calendar() and b"VTIMEZONE" in calendar(start=time(9))


@pytest.mark.parametrize(
    ("query", "status"),
    [(f"certainty={MARKUP}", 400), ("certainty=", 400), ("lang=xx", 400), ("x=1", 200)],
)
def test_a_wrong_address_is_answered_with_a_page(
    client: FlaskClient, query: str, status: int
) -> None:
    answer = client.get(f"/stages.ics?{query}")
    assert answer.status_code == status
    assert MARKUP not in answer.text


def test_without_a_date_of_the_data_there_is_no_calendar(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(
        "<https://w3id.org/rallynov/ontology> a <http://www.w3.org/2002/07/owl#Ontology> .",
        "utf-8",
    )
    app = create_app(EmbeddedStore.of_files([file]).pages(), of_server=True)
    assert app.test_client().get("/stages.ics").status_code == 404


def test_another_graph_has_no_calendar(store: EmbeddedStore) -> None:
    assert create_app(store).test_client().get("/stages.ics").status_code == 404
