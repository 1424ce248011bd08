"""Pages with several documents: states that change, figures and names of each, nothing mixed up."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

import two_letters
from changed_plans import LETTERS
from rallynov_graph.base.event_states import STATES
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Element, read

pytestmark = pytest.mark.usefixtures("uncounted")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site of the carnet with two letters beside it."""
    folder = tmp_path_factory.mktemp("plans")
    data = two_letters.beside_carnet(folder / "data", LETTERS)
    release = build(folder / "out", data=data, checked=False)
    return create_app(EmbeddedStore.of_release(release), release)


def plain(text: str) -> str:
    return " ".join(text.split())


def stop(client: FlaskClient, stage: str, language: str = "fr") -> Element:
    """The stop of the road that leads to a stage."""
    items = read(client, f"/?lang={language}").all("li")
    (found,) = (it for it in items if "stop" in it["class"].split() and stage in it.text)
    return found


def test_each_status_of_the_list_is_a_state_called_as_the_list_calls_it(
    client: FlaskClient,
) -> None:
    rows = json.loads(client.get("/list/status.json").data)["results"]["bindings"]
    names = {
        (row["thing"]["value"], row["label"]["xml:lang"], row["label"]["value"]) for row in rows
    }
    assert names == {
        (state.status, language, words[f"state.{state.name}"])
        for state in STATES
        for language, words in load().items()
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", {"postponed": "reportée", "cancelled": "annulée"}),
        ("en", {"postponed": "postponed", "cancelled": "cancelled"}),
    ],
)
def test_a_changed_plan_is_drawn_and_called_what_it_is(
    client: FlaskClient, language: str, words: dict[str, str]
) -> None:
    timeline = read(client, f"/list/stage?view=timeline&lang={language}")
    legend = " ".join(it.text for it in timeline.all("ul") if "inline-list" in it["class"])
    assert all(word in legend for word in words.values())
    strokes = [it["d"] for it in timeline.all("path", **{"class": "sign sign-stroke"})]
    assert len({re.sub(r"[\d.-]+", "", d) for d in strokes}) == 2, "a sign of its own for each"
    crossed = stop(client, "Étape du Pont" if language == "fr" else "Pont stage", language)
    assert crossed["class"] == "stop stop-cancelled" and words["cancelled"] in crossed.text
    reason = {"fr": "la rivière déborde", "en": "the river is in flood"}
    assert reason[language] in crossed.text
    assert reason["en" if language == "fr" else "fr"] not in crossed.text
    moved = stop(client, "Étape du Bac" if language == "fr" else "Bac stage", language)
    assert moved["class"] == "stop stop-postponed"
    assert {"fr": "date à fixer", "en": "date to be fixed"}[language] in plain(moved.text)


def test_a_changed_plan_is_told_as_one_on_its_page_and_to_search_engines(
    client: FlaskClient,
) -> None:
    for stage, sentence, status in (
        ("moulin", "reportée, prévue le 18 septembre 2013 à Vesoul", "EventRescheduled"),
        ("bac", "reportée, prévue le 27 avril 2013 à Champagnole", "EventPostponed"),
        ("pont", "annulée, prévue le 6 juin 2013 à Belfort", "EventCancelled"),
        ("gue", "tenue le 10 avril 2013 à Dole", ""),
    ):
        page = client.get(f"/page/stage/sentier-{stage}").get_data(as_text=True)
        assert f"Étape {sentence}" in plain(re.sub("<[^>]+>", "", page)), stage
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        (event,) = (it for it in json.loads(data)["@graph"] if it["@type"] == "Event")
        expected = {"@id": f"https://schema.org/{status}"} if status else None
        assert event.get("eventStatus") == expected, stage


def test_the_calendar_cancels_what_is_cancelled_and_has_no_day_that_is_to_be_fixed(
    client: FlaskClient,
) -> None:
    file = client.get("/stages.ics").get_data(as_text=True)
    entries = {
        uid: dict(line.split(":", 1) for line in entry.split("\r\n") if ":" in line)
        for entry in file.split("BEGIN:VEVENT")[1:]
        if (uid := entry.partition("UID:")[2].partition("\r\n")[0]).startswith(f"{ID}stage/sent")
    }
    states = {uid.rpartition("-")[2]: entry.get("STATUS") for uid, entry in entries.items()}
    assert states == {
        "gue": "CONFIRMED",
        "moulin": None,
        "pont": "CANCELLED",
        "lavoir": None,
    }


def test_the_road_on_the_map_does_not_pass_where_nothing_took_place(client: FlaskClient) -> None:
    page = read(client, "/")
    (road,) = page.all("path", **{"class": "map-road"})
    assert road["d"].count("L") == 9, "the seven days of the carnet, and the Gué, Lavoir, Moulin"
