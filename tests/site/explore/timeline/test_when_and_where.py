"""The stages in time and on a map: what the carnet gives, how surely, and what it leaves out."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, inside, read

TIMELINE, MAP = "/list/stage?view=timeline", "/list/stage?view=map"
PRINTED = {
    "Étape BGE Franche-Comté": ("tenue", "8 avril", "8 avril 2013", "Besançon", "Doubs"),
    "Étape de Vesoul": ("annoncée", "11/06/13", "11 juin 2013", "Vesoul", "Haute-Saône"),
    "Étape de Montbéliard": ("annoncée", "25/06/13", "25 juin 2013", "Montbéliard", "Doubs"),
    "Étape de Dole": ("annoncée", "5/09/13", "5 septembre 2013", "Dole", "Jura"),
    "Étape de Champagnole": ("annoncée", "11/09/13", "11 septembre 2013", "Champagnole", "Jura"),
    "Étape de Belfort": (
        *("annoncée", "26/09/13", "26 septembre 2013", "Belfort"),
        "Territoire de Belfort",
    ),
    "Clôture du Rally’nov": (
        *("annoncée", "28 novembre 2013", "28 novembre 2013", "Besançon"),
        "Doubs",
    ),
}
"""What the carnet prints of each, in the order of the dates, and the département it lies in."""
PREFIXES = f"""
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <{ID}assertion-set/> .
<https://w3id.org/rallynov/ontology> a owl:Ontology .
rn:tentative rn:admits rn:explicit . rn:explicit rn:admits rn:explicit .
:said rn:certainty rn:explicit .
"""
UNDATED = (
    "Étape MFQ Franche-Comté",
    "Étape du Pôle des microtechniques",
    "Étape de la Mutualité Française Franche-Comté",
)


def rows(page: Page) -> dict[str, str]:
    """The text of each row of the timeline, by the event."""
    (line,) = page.all("ol", **{"class": "in-time"})
    texts = [e.text for e in inside(page, line) if e.tag == "li" and e.inside[-1] == "ol"]
    return {next(name for name in PRINTED if name in text): text for text in texts}


def signs(page: Page) -> list[str]:
    """The states that signs of a drawing or beside a name show, in their order."""
    shapes = [e for e in page.elements if e["class"].startswith("sign ")]
    return [e["class"].removeprefix("sign sign-") for e in shapes]


def test_each_event_is_told_as_printed_and_as_meant(client: FlaskClient) -> None:
    page = read(client, TIMELINE)
    found = rows(page)
    assert [*found] == [*PRINTED]
    for event, words in PRINTED.items():
        assert [word for word in words if word not in found[event]] == [], event
    told = page.text.partition("Sans date complète")[2]
    assert all(event in told for event in UNDATED) and told.count("tenue") >= len(UNDATED)
    assert "14 h / 17 h" in found["Étape de Vesoul"].replace("\u202f", " ").replace("\u00a0", " ")
    assert "Partie déduite : année" in found["Étape BGE Franche-Comté"]
    assert "Partie déduite : siècle" in found["Étape de Vesoul"]
    assert "Partie déduite" not in found["Clôture du Rally’nov"]


def test_what_closes_the_rally_ends_its_stages_and_is_none_of_them(client: FlaskClient) -> None:
    for way in (TIMELINE, MAP):
        page = read(client, way)
        assert page.one("h1").text == "9 étapes"
        assert "La clôture du rallye n’est pas une étape" in page.text
        chosen = read(client, f"{way}&status=status/annoncee")
        assert "Clôture" not in chosen.text, "the things chosen alone"


def test_states_differ_by_shape_not_by_colour_alone(client: FlaskClient) -> None:
    page = read(client, TIMELINE)
    assert {*signs(page)} == {"held", "announced", "end"}
    assert {e.tag for e in page.elements if e["class"] == "sign sign-end"} == {"rect"}
    assert {e.tag for e in page.elements if e["class"] == "sign sign-held"} == {"circle"}


def test_the_map_says_the_scale_the_source_and_leads_to_each_place(client: FlaskClient) -> None:
    page = read(client, f"{MAP}&lang=en")
    assert any("km" in e.text for e in page.all("text"))
    assert "GeoNames" in page.text and "Equirectangular" in page.text
    titles = [e.text for e in page.all("title") if "svg" in e.inside]
    assert "Vesoul: announced (explicit)" in titles
    ids = {e["id"] for e in page.elements}
    assert all(a["href"][1:] in ids for a in page.all("a") if a["href"].startswith("#place-"))


def test_only_what_is_said_outright_leaves_the_dates_out(client: FlaskClient) -> None:
    page = read(client, f"{TIMELINE}&certainty=explicit")
    assert [*rows(page)] == ["Clôture du Rally’nov"]
    told = page.text.partition("Sans date complète")[2]
    assert "Étape BGE Franche-Comté" not in told, "that it is a stage held is inferred"
    assert "11/06/13" in told and "11 juin" not in told, "the century is inferred"


def test_files_have_the_same(client: FlaskClient) -> None:
    told = [*csv.DictReader(StringIO(client.get("/list/stage.csv?view=timeline").text))]
    by_event = {row["event_label"]: row for row in told}
    assert {*by_event} == {*PRINTED, *UNDATED}
    dole = {"status": "annoncée", "date": "2013-09-05", "inferred_part": "siècle"}
    dole |= {"place": "Dole", "departement": "Jura", "bounds": ""}
    assert dole.items() <= by_event["Étape de Dole"].items()
    assert {by_event[event]["bounds"] for event in UNDATED} == {"[2013-04-08..2013-06-30]"}
    assert "[2013-04-08..2013-06-30]" in client.get("/questions/stages.csv?only=without_a_day").text


def test_a_page_says_in_words_between_which_dates_a_stage_was(client: FlaskClient) -> None:
    for language, between in {
        "fr": "entre le 8 avril et le 30 juin 2013",
        "en": "between 8 April and 30 June 2013",
    }.items():
        for address in ("/list/stage?", f"{TIMELINE}&"):
            text = read(client, f"{address}lang={language}").text
            assert text.count(between) >= len(UNDATED)
        assert between in read(client, f"/page/stage/mfq-franche-comte?lang={language}").text


def test_many_events_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    stages = "".join(
        f"<{ID}stage/s{n}> a rn:Stage ; rn:status <{ID}status/annoncee> ; "
        f'schema:startDate "20{n % 100:02}-01-01"^^xsd:date .\n'
        for n in range(420)
    )
    file = tmp_path / "many.trig"
    file.write_text(f"{PREFIXES}GRAPH :said {{ {stages} }}", "utf-8")
    client = create_app(EmbeddedStore.of_files([file]).pages(), of_server=True).test_client()
    page = read(client, TIMELINE)
    (line,) = page.all("ol", **{"class": "in-time"})
    assert len([e for e in inside(page, line) if e.tag == "li"]) == 400
    assert "20 événements de plus" in page.text
