"""The stages in time and on a map: what the carnet gives, how surely, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Element, Page, faults, read

MARKUP = "<script>alert(1)</script>"
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
UNDATED = (
    "Étape MFQ Franche-Comté",
    "Étape du Pôle des microtechniques",
    "Étape de la Mutualité Française Franche-Comté",
)


def rows(page: Page) -> dict[str, str]:
    """The text of each event's row in the table, by the event."""
    names = [e.text for e in page.all("th", scope="row")]
    texts = [e.text for e in page.all("tr")[1:]]
    return dict(zip(names, texts, strict=True))


def drawn(page: Page, drawing: str) -> list[Element]:
    """The events that a drawing links to, in order."""
    inside = False
    found = []
    for element in page.elements:
        if element.tag == "svg":
            inside = drawing in element["class"]
        elif inside and element.tag == "a" and "svg" in element.inside:
            found.append(element)
    return found


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("certainty", ["certainty=explicit&", "certainty=inferred&", ""])
def test_the_page_is_whole(client: FlaskClient, lang: str, certainty: str) -> None:
    page = read(client, f"/when-and-where?{certainty}lang={lang}")
    assert faults(page, lang) == []


def test_the_table_has_each_event_as_printed_and_as_meant(client: FlaskClient) -> None:
    found = rows(read(client, "/when-and-where"))
    assert [*found] == [*PRINTED, *UNDATED]
    for event, words in PRINTED.items():
        assert [word for word in words if word not in found[event]] == [], event
    for event in UNDATED:
        assert "tenue" in found[event], event
        assert "sans date" in found[event] and "sans lieu" in found[event], event


def test_which_part_of_a_date_is_inferred_is_said(client: FlaskClient) -> None:
    found = rows(read(client, "/when-and-where"))
    assert "Partie déduite : année" in found["Étape BGE Franche-Comté"]
    assert "Partie déduite : siècle" in found["Étape de Vesoul"]
    assert "Partie déduite" not in found["Clôture du Rally’nov"]


def test_the_line_in_time_links_each_dated_event_with_its_state_and_certainty(
    client: FlaskClient,
) -> None:
    events = drawn(read(client, "/when-and-where"), "when-line")
    assert len(events) == len(PRINTED)
    assert "tenue, 8 avril 2013 (déduit)" in events[0].text
    assert "annoncée, 11 juin 2013 (déduit)" in events[1].text
    assert "clôture, 28 novembre 2013 (explicite)" in events[-1].text
    assert events[1]["href"] == "/page/stage/vesoul"


def test_the_map_links_each_event_that_has_a_place(client: FlaskClient) -> None:
    page = read(client, "/when-and-where?lang=en")
    named = [e["aria-label"] for e in drawn(page, "when-map")]
    assert len(named) == len(PRINTED)
    assert "Vesoul stage — Vesoul, announced (explicit)" in named
    assert "BGE Franche-Comté stage — Besançon, held (inferred)" in named
    assert any("km" in e.text for e in page.all("text"))
    assert "GeoNames" in page.text and "No outlines are drawn" in page.text


def test_states_differ_by_shape_not_by_colour_alone(client: FlaskClient) -> None:
    page = read(client, "/when-and-where")
    assert len(page.all("rect")) == 1 + 2 + 1, "legend, both drawings, table: the end"
    circles = {e["class"] for e in page.all("circle", r="8")}
    assert circles == {"sign sign-held", "sign sign-announced"}
    css = client.get(read(client, "/").all("link", rel="stylesheet")[1]["href"]).text
    assert "stroke-dasharray" in css.partition(".sign-announced{")[2].partition("}")[0]


def test_what_has_no_date_or_place_is_named(client: FlaskClient) -> None:
    text = read(client, "/when-and-where").text
    for words in ("Sans date dans les données", "Sans lieu dans les données"):
        told = text.partition(words)[2]
        assert told.index(UNDATED[0]) < 100


def test_only_what_is_said_outright_leaves_the_dates_out(client: FlaskClient) -> None:
    page = read(client, "/when-and-where?certainty=explicit")
    found = rows(page)
    assert "Étape BGE Franche-Comté" not in found, "that it is a stage held is inferred"
    assert "11/06/13" in found["Étape de Vesoul"] and "11 juin" not in found["Étape de Vesoul"]
    assert [e.text.split(" — ")[0] for e in drawn(page, "when-line")] == ["Clôture du Rally’nov"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"certainty={MARKUP}", 400),
        ("certainty=", 400),
        ("page=0", 400),
        ("page=-1", 400),
        (f"page={MARKUP}", 400),
        ("page=2", 404),
        ("page=999999", 404),
        ("lang=xx", 400),
    ],
)
def test_a_wrong_address_is_answered_with_a_page(
    client: FlaskClient, query: str, status: int
) -> None:
    answer = client.get(f"/when-and-where?{query}")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert MARKUP not in answer.text


def test_another_graph_has_no_such_page(store: EmbeddedStore) -> None:
    assert create_app(store).test_client().get("/when-and-where").status_code == 404


STRANGE = f"""
@prefix rn: <https://w3id.org/rallynov/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <{ID}assertion-set/> .
<https://w3id.org/rallynov/ontology> a owl:Ontology .
rn:tentative rn:admits rn:explicit . rn:explicit rn:admits rn:explicit .
:dit rn:certainty rn:explicit .
<{ID}place/loin> schema:latitude 95.0 ; schema:longitude "est" ; rdfs:label "Loin" .
GRAPH :dit {{ STAGES }}
"""


def strange(tmp_path: Path, stages: str) -> FlaskClient:
    file = tmp_path / "strange.trig"
    file.write_text(STRANGE.replace("STAGES", stages), "utf-8")
    return create_app(EmbeddedStore.of_files([file]).pages(), of_server=True).test_client()


def test_a_month_and_a_place_without_true_coordinates_are_not_drawn(tmp_path: Path) -> None:
    stage = f"""<{ID}stage/a> a rn:Stage ; rn:status <{ID}status/tenue> ; rdfs:label "A{MARKUP}" ;
        schema:startDate "2013-05"^^xsd:gYearMonth ; schema:location <{ID}place/loin> ."""
    page = read(strange(tmp_path, stage), "/when-and-where")
    assert faults(page, "fr") == []
    assert not drawn(page, "when-line") and not drawn(page, "when-map")
    assert "mai 2013" in page.text and "Loin" in page.text


def test_many_events_stand_on_several_pages(tmp_path: Path) -> None:
    stages = "".join(
        f"<{ID}stage/s{n}> a rn:Stage ; rn:status <{ID}status/annoncee> ; "
        f'schema:startDate "20{n % 100:02}-01-01"^^xsd:date .\n'
        for n in range(120)
    )
    client = strange(tmp_path, stages)
    first, last = read(client, "/when-and-where"), read(client, "/when-and-where?page=3")
    assert (len(rows(first)), len(rows(last))) == (50, 20)
    assert "Page 1 sur 3" in first.text
    assert last.all("td", **{"class": "mark"})[0].text == "CW"


def test_without_any_stage_the_page_says_what_to_try(tmp_path: Path) -> None:
    page = read(strange(tmp_path, ""), "/when-and-where")
    assert faults(page, "fr") == [] and "Aucune étape" in page.text


def test_a_date_that_is_only_less_sure_is_not_told_as_missing(client: FlaskClient) -> None:
    # The year of the announced stages is inferred: « 11/06/13 ».
    page = read(client, "/when-and-where?certainty=explicit")
    (told,) = [e.text for e in page.all("p") if "Étape de Vesoul" in e.text]
    assert told.startswith("Sans date avec cette certitude")
    surely = read(client, "/when-and-where")
    (told,) = [e.text for e in surely.all("p") if e.text.startswith("Sans date")]
    assert told.startswith("Sans date dans les données") and "Vesoul" not in told
