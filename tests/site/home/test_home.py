"""The home page: questions that have answers, the road as printed, three ways in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from reading_pages import Page, read


def stops(page: Page) -> list[str]:
    return [it.text for it in page.all("li") if it["class"].startswith("stop ")]


def test_the_road_leads_from_the_first_stage_to_the_closing_event_as_printed(
    client: FlaskClient,
) -> None:
    page = read(client, "/")
    items = [it["class"] for it in page.all("li") if it["class"].startswith("stop ")]
    assert [it.removeprefix("stop stop-") for it in items] == [
        *(["held"] * 4 + ["announced"] * 5 + ["end"])
    ]
    road = stops(page)
    assert road[0].startswith("1 BGE Franche-Comté") and "8 avril, Besançon" in road[0]
    assert "sans jour ni lieu" in road[1] and "déduit" in road[1]
    assert "11/06/13" in road[4] and "2013" not in road[4], "the day as printed, not as computed"
    assert "Besançon" in road[-1] and "28 novembre 2013" in road[-1] and "clôture" in road[-1]


def test_each_stop_has_the_evidence_of_its_least_certain_fact(client: FlaskClient) -> None:
    proofs = read(client, "/").all("a", **{"class": "evidence"})
    assert len(proofs) == 10, "explicit ones too"
    assert "MFQ" in proofs[1]["aria-label"] and all(it["href"] for it in proofs)
    for it in proofs:
        read(client, it["href"])


@pytest.mark.parametrize("asked", ["", "?certainty=explicit", "?lang=en"])
def test_the_example_questions_have_answers(client: FlaskClient, asked: str) -> None:
    links = [it for it in read(client, f"/{asked}").all("a") if "/questions/" in it["href"]]
    assert len(links) == 3
    for link in links:
        rows = read(client, link["href"]).all("tr")
        assert len(rows) > 1, link["href"]


def test_the_ways_in_have_the_numbers_of_their_pages(client: FlaskClient) -> None:
    page = read(client, "/")
    chapters = [a.text for a in page.all("a") if a["href"].startswith("/carnet/")]
    assert chapters[:3] == ["Ouverture", "Étape BGE Franche-Comté", "Étape MFQ Franche-Comté"]
    assert "40 parties et leurs faits" in page.text and "30 questions" in page.text
    links = {it["href"]: it for it in page.all("a") if "main" in it.inside}
    for kind, things in (("organisation", 18), ("person", 28), ("innovation", 13), ("theme", 59)):
        entries = read(client, f"/list/{kind}").one("h1").text
        assert entries.startswith(str(things)) and f"/list/{kind}" in links
    assert {"/doubts#count", "/doubts#links", "/doubts#road", "/doubts#words"} < {*links}
