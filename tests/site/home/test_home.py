"""The home page: what the rally was, its road on a map, and a part of each way in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from reading_pages import Page, faults, read


def test_home_shows_the_road_from_the_first_stage_to_the_closing_event(client: FlaskClient) -> None:
    stops = [e for e in read(client, "/").all("li") if e["class"].startswith("stop ")]
    states = [stop["class"].removeprefix("stop stop-") for stop in stops]
    assert states == ["held"] * 4 + ["announced"] * 5 + ["end"]
    assert stops[0].text.startswith("BGE Franche-Comté") and "8 avril 2013" in stops[0].text
    assert stops[-1].text.startswith("Besançon") and "clôture" in stops[-1].text


def test_home_shows_reported_figures_and_how_surely_the_graph_counts(client: FlaskClient) -> None:
    page = read(client, "/")
    shown = [e.text for e in page.all("li") if e.inside[-1] == "ul" and "graphe" in e.text]
    assert any(text.startswith("4 étapes tenues 4 dans le graphe") for text in shown)
    assert any(text.startswith("200 personnes embarquées chiffre du carnet") for text in shown)
    assert "3 étapes tenues n’ont ni lieu ni jour connus" in page.text
    for asked, words in (
        ("?certainty=explicit", "17 dans le graphe, faits explicites seulement"),
        ("?certainty=inferred", "17 dans le graphe, faits déduits compris"),
        ("", "17 dans le graphe, faits incertains compris"),
    ):
        page = read(client, f"/{asked}")
        assert words in page.text and faults(page, "fr") == []
        (door,) = page.all("a", **{"class": "button button-line"})
        entries = read(client, f"/list/innovation{asked}").one("h1").text
        assert door.text.split()[2] == entries.split()[0], asked


def test_home_says_what_the_rally_was_and_draws_its_road(client: FlaskClient) -> None:
    page = read(client, "/")
    (lead,) = page.all("p", **{"class": "lead"})
    assert "rallye des innovations sociales" in lead.text and "notre source" in lead.text
    doors = [a for a in page.all("a") if a["class"].startswith("button")]
    assert [a["href"] for a in doors] == ["/carnet", "/list/innovation"]
    places = {e.text for e in page.all("text") if e["class"].split()[:1] == ["name"]}
    assert {"Besançon", "Vesoul", "Dole", "Belfort"} <= places
    stops = {a["href"] for a in page.all("a", **{"class": "stop-name"})}
    assert {a["href"] for a in page.all("a") if "svg" in a.inside} < stops
    (road,) = page.all("path", **{"class": "map-road"})
    assert road["d"].count("L") == 6, "from April in Besançon to November there"
    assert road["d"].removeprefix("M").split(" L")[0] == road["d"].rpartition("L")[2]
    ticks = {e.text for e in page.all("text") if e["class"].startswith("tick")}
    assert "11 juin" in ticks and not any("2013" in tick for tick in ticks), "all are of one year"


def samples(page: Page) -> dict[str, list[str]]:
    """Return the things that are shown of each question's answer, by the question's address."""
    found: dict[str, list[str]] = {}
    for element in page.elements:
        if element.tag != "a" or "main" not in element.inside:
            continue
        if element.inside[-1] == "h3":
            found[element["href"]] = []
        elif (
            found and element["href"].startswith("/page/") and element.inside[-3:-1] == ("li", "ul")
        ):
            found[[*found][-1]].append(element["href"])
    return found


def test_three_questions_show_a_part_of_their_answer(client: FlaskClient) -> None:
    for asked in ("", "?certainty=explicit"):
        found = samples(read(client, f"/{asked}"))
        assert [urlsplit(href).path.rpartition("/")[2] for href in found] == [
            *("themes_of_organisation", "participants_of_stage", "open_questions")
        ]
        for href, things in found.items():
            answer = {a["href"] for a in read(client, href).all("a")}
            assert len(things) == 3 or asked, href
            assert {*things} <= answer, href
    page = read(client, "/")
    signs = [e for e in page.all("span") if e["class"].startswith("how ") and "li" in e.inside]
    last = next(a for a in page.all("a") if a["href"] == "/questions/open_questions")
    after = page.one("h2", id="figures")
    assert [e for e in signs if e.start < last.start]
    assert not [e for e in signs if last.start < e.start < after.start], "it is no statement"


def test_a_corner_of_the_matrix_leads_to_evidence(client: FlaskClient) -> None:
    page = read(client, "/")
    whole = read(client, "/list/organisation?view=matrix")
    cells = [a for a in page.all("a") if "td" in a.inside]
    assert len(cells) > 10
    known = {(a["href"], a.text) for a in whole.all("a") if "td" in a.inside}
    assert {(a["href"], a.text) for a in cells} <= known
    sure = [a for a in read(client, "/?certainty=explicit").all("a") if "td" in a.inside]
    assert 0 < len(sure) < len(cells)
