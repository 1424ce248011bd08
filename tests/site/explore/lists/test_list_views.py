"""The ways to look at the same things: an address a state, the same facets, what is left out."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

KINDS = ("innovation", "organisation", "person", "stage", "testimony")
VIEWS = [*((kind, "table") for kind in KINDS), ("organisation", "matrix")]
VIEWS += [("stage", "map"), ("stage", "timeline")]
HOSTILE = '<script>alert(1)</script>" onload="x \u202e\u05d0\u05d1 ' + "é" * 500
MFQ = "stage=stage/mfq-franche-comte"


def tabs(page: Page) -> dict[str, str]:
    """Return the ways that a page offers, each with its address."""
    (nav,) = page.all("nav", **{"class": "section-tabs ways"})
    links = [a for a in page.all("a") if nav.start <= a.start and a.end <= nav.end]  # type: ignore[operator]
    return {a.text: a["href"] for a in links}


def address(kind: str, way: str, *more: str) -> str:
    pairs = [*([] if way == "table" else [f"view={way}"]), *more]
    return f"/list/{kind}" + (f"?{'&'.join(pairs)}" if pairs else "")


@pytest.mark.parametrize(("kind", "way"), VIEWS)
def test_each_view_is_whole_in_both_languages(client: FlaskClient, kind: str, way: str) -> None:
    for language in ("fr", "en"):
        page = read(client, address(kind, way, f"lang={language}"))
        assert faults(page, language) == []
        assert [a["href"] for a in page.all("a") if a["aria-current"] == "page"]


@pytest.mark.parametrize(("kind", "way"), VIEWS)
def test_the_files_that_a_page_names_in_its_head_are_there(
    client: FlaskClient, kind: str, way: str
) -> None:
    named = read(client, address(kind, way)).all("link", rel="describedby")
    files = [link["href"].removeprefix("http://localhost") for link in named]
    assert (f"/list/{kind}.nq" in files) is (way == "table")
    assert {client.get(file).status_code for file in files} <= {200}


def test_tabs_keep_what_is_chosen_and_facets_keep_the_way(client: FlaskClient) -> None:
    page = read(client, "/list/stage?view=map&status=status/tenue&certainty=inferred")
    offered = tabs(page)
    assert [*offered] == ["Tableau", "Carte", "Frise"]
    assert offered["Tableau"] == "/list/stage?status=status%2Ftenue&certainty=inferred"
    assert offered["Frise"].startswith("/list/stage?view=timeline&status=")
    hidden = {e["name"]: e["value"] for e in page.all("input", type="hidden")}
    assert hidden == {"view": "map", "certainty": "inferred"}
    totals = {read(client, href).one("h1").text for href in offered.values()}
    assert len(totals) == 1, "the same things in every way"


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/list/stage?view=hologram", "table, map, timeline"),
        ("/list/organisation?view=matrix&sort=links", "size, name, similarity"),
        ("/list/stage?view=timeline&sort=name", ""),
        ("/list/stage?view=map&open=theme/ecologie", ""),
        ("/list/innovation.csv?view=hologram", "table"),
        (f"/list/innovation?view={'x' * 3000}", "table"),
    ],
)
def test_a_way_or_a_choice_that_is_not_there_is_refused_with_those_that_are(
    client: FlaskClient, asked: str, right: str
) -> None:
    page = read(client, asked, 400)
    assert faults(page, "fr") == [] and right in page.text
    assert "hologram" not in page.text and "xxx" not in page.text
    assert client.get(asked, headers={"Accept": "application/json"}).status_code == 400


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/list/innovation?view=hologram", "/list/innovation"),
        ("/list/innovation?planet=mars&lang=en", "/list/innovation?lang=en"),
        (
            "/list/innovation?theme=theme/gouvernance&theme=theme/nothing&view=hologram"
            "&planet=mars&page=7&certainty=explicit&lang=en",
            "/list/innovation?theme=theme%2Fgouvernance&certainty=explicit&lang=en",
        ),
        (
            "/list/organisation?view=matrix&sort=colour&certainty=explicit",
            "/list/organisation?view=matrix&certainty=explicit",
        ),
        ("/list/stage?certainty=perhaps&view=map", "/list/stage?view=map"),
        ("/list/innovation.csv?view=hologram", "/list/innovation.csv"),
        (
            f"/list?class={quote(RN, safe='')}Innovation&planet=mars",
            f"/list?class={quote(RN, safe='')}Innovation",
        ),
    ],
)
def test_the_list_without_what_is_refused_is_a_click_away(
    client: FlaskClient, asked: str, right: str
) -> None:
    (link,) = [e for e in read(client, asked, 400).all("a") if e["class"] == "button"]
    assert link["href"] == right
    assert client.get(right).status_code == 200
    told = client.get(asked, headers={"Accept": "application/json"}).get_json()
    assert told["without"] == right


def test_too_many_choices_are_refused_with_as_many_as_the_list_takes(client: FlaskClient) -> None:
    asked = "/list/stage?" + "&".join(["theme=theme/innovation-sociale"] * 61)
    page = read(client, asked, 400)
    assert "soixante" in page.text
    (link,) = [e for e in page.all("a") if e["class"] == "button"]
    assert client.get(link["href"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ("view=hologram", {"table"}),
        ("planet=mars", {"theme", "need", "means", "certainty", "sort", "view"}),
        ("need=need/nothing", {"need/se-deplacer"}),
    ],
)
def test_programs_are_told_what_a_list_takes(
    client: FlaskClient, asked: str, allowed: set[str]
) -> None:
    told = client.get(f"/list/innovation?{asked}", headers={"Accept": "application/json"})
    (parameter,) = told.get_json()["parameters"]
    assert allowed <= {*parameter["right"]}
    text = client.get(f"/list/innovation.csv?{asked}", headers={"Accept": "text/csv"})
    assert all(name in text.get_data(as_text=True) for name in allowed)


def test_an_address_that_needs_a_value_is_not_offered_without_it(client: FlaskClient) -> None:
    page = read(client, "/resource?iri=nowhere", 400)
    assert not [e for e in page.all("a") if e["class"] == "button"]


def test_old_addresses_of_the_matrix_lead_to_it_with_all_they_ask(client: FlaskClient) -> None:
    answer = client.get("/links?sort=similarity&certainty=explicit&open=theme/ecologie&lang=en")
    assert answer.status_code == 301
    assert answer.headers["Location"] == (
        "/list/organisation?view=matrix&sort=similarity&certainty=explicit"
        "&open=theme%2Fecologie&lang=en"
    )
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("way", ["table", "map", "timeline"])
def test_nothing_found_and_one_thing_are_said_in_every_way(client: FlaskClient, way: str) -> None:
    held = "status=status/tenue"
    page = read(client, address("stage", way, held, "departement=place/jura"))
    assert page.one("h1").text == "0 étape"
    assert "Rien ne répond à tous ces choix" in page.text and faults(page, "fr") == []
    one = read(client, address("stage", way, held, "date=2013-04-08"))
    assert one.one("h1").text == "1 étape" and "Étape BGE" in one.text
    assert client.get(address("stage", way, "page=9")).status_code == 404


def test_named_organisations_come_first_and_what_has_no_name_stands_apart(
    client: FlaskClient,
) -> None:
    page = read(client, "/list/organisation")
    rows = [th.text for th in page.all("th", scope="row")]
    (heading,) = page.all("th", scope="rowgroup")
    assert "Sans nom" in heading.text
    assert rows[-1].startswith("une entreprise locale")
    assert heading.start < page.all("th", scope="row")[-1].start
    assert [*rows[:-1]] == sorted(rows[:-1], key=str.casefold) or len(rows) == 18
    assert not read(client, "/list/organisation?sort=links").all("th", scope="rowgroup")


def test_a_facet_with_one_value_and_a_column_without_any_are_left_out(client: FlaskClient) -> None:
    page = read(client, f"/list/innovation?{MFQ}&certainty=explicit")
    for fieldset in page.all("fieldset"):
        inputs = [e for e in page.all("input") if fieldset.start <= e.start <= (fieldset.end or 0)]
        chosen = [e for e in inputs if "checked" in e.attributes]
        assert len(inputs) > 1 or chosen
    heads = [th.text for th in page.all("th", scope="col")]
    cells = page.all("td")
    columns = len(heads) - 1
    for column in range(columns):
        assert any(cell.text for cell in cells[column::columns]), heads[column + 1]


def test_names_carry_the_stroke_and_lead_to_their_evidence(client: FlaskClient) -> None:
    page = read(client, "/list/innovation")
    (bus,) = [e for e in page.all("th", scope="row") if e.text.startswith("Bus de formation")]
    inside = [e for e in page.elements if bus.start <= e.start and (e.end or 0) <= (bus.end or 0)]
    assert any("said-inferred" in e["class"] for e in inside)
    (evidence,) = [e for e in inside if e["class"] == "how-link"]
    assert "déduit" in evidence.text and evidence["href"].startswith("/r/")


def test_things_of_one_place_are_one_circle_and_how_surely_they_are_there_is_its_stroke(
    client: FlaskClient,
) -> None:
    page = read(client, "/list/stage?view=map")
    circles = {c["class"] for c in page.all("circle") if c["class"].startswith("cluster")}
    assert circles == {"cluster cluster-explicit"}, "what closes the rally is surely at Besançon"
    held = read(client, "/list/stage?view=map&status=status/tenue")
    assert [c["class"] for c in held.all("circle") if "cluster" in c["class"]] == [
        "cluster cluster-inferred"
    ]
    rows = [*csv.DictReader(StringIO(client.get("/list/stage.csv?view=map").text))]
    assert {row["place_label"] for row in rows} >= {"Besançon", "Dole"}
    said = {row["thing_label"]: row["certainty"] for row in rows}
    assert said["Étape BGE Franche-Comté"] == "inferred" and said["Étape de Dole"] == "explicit"
    assert "Sans lieu" in page.text, "what no document places is not placed"


def test_days_are_in_order_whatever_order_they_came_in(client: FlaskClient) -> None:
    rows = [*csv.DictReader(StringIO(client.get("/list/stage.csv?view=timeline").text))]
    dated = [row["date"] for row in rows if row["date"]]
    assert dated == sorted(dated) and dated[0] == "2013-04-08"
    assert any(not row["date"] for row in rows), "what has no whole date stays"
    told = json.loads(client.get("/list/stage.json?view=timeline").text)
    assert len(told) == len(rows)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Twenty thousand things of another graph, one of them with a hostile name."""
    file = tmp_path_factory.mktemp("many") / "many.nt"
    a, label = (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        ("http://www.w3.org/2000/01/rdf-schema#label"),
    )
    lines = [f"<urn:red> <{label}> {json.dumps(HOSTILE)} ."]
    for n in range(20_000):
        thing = f"<urn:t{n}>"
        lines.append(f"{thing} <{a}> <urn:Thing> .")
        lines.append(f"{thing} <urn:colour> <urn:{'red' if n % 3 else 'blue'}> .")
        lines.append(f"{thing} <{label}> {json.dumps(HOSTILE if n == 7 else f'Thing {n}')} .")
    Path(file).write_text("\n".join(lines))
    app = create_app(EmbeddedStore.of_files([file]).pages())
    app.testing = True
    return app.test_client()


def test_twenty_thousand_things_with_hostile_names_are_shown(many: FlaskClient) -> None:
    answer = many.get("/list?class=urn:Thing")
    assert answer.status_code == 200 and "<script>alert" not in answer.text
    page = Page(answer.text)
    assert faults(page, "fr") == []
    assert len(answer.data) < 300_000


STRANGE = f"""
@prefix rn: <{RN}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/rallynov/ontology> a owl:Ontology .
rn:tentative rn:admits rn:explicit . rn:explicit rn:admits rn:explicit .
<{ID}assertion-set/said> rn:certainty rn:explicit .
<{ID}place/far> schema:latitude 95.0 ; schema:longitude "east" ; rdfs:label "Loin" .
GRAPH <{ID}assertion-set/said> {{
    <{ID}stage/late> a rn:Stage ; rdfs:label {json.dumps(HOSTILE)} ;
        schema:location <{ID}place/far> ;
        schema:startDate "2013-09-05"^^xsd:date ; schema:endDate "2013-04-08"^^xsd:date .
    <{ID}stage/early> a rn:Stage ; rdfs:label "Tôt" ; schema:startDate "0999-12-31"^^xsd:date .
    <{ID}stage/vague> a rn:Stage ; rdfs:label "Vague" ; schema:startDate "2013-13"^^xsd:gYearMonth .
}}
"""


@pytest.mark.parametrize("way", ["table", "map", "timeline"])
def test_without_coordinates_and_with_dates_out_of_order_each_way_is_whole(
    tmp_path: Path, way: str
) -> None:
    file = tmp_path / "strange.trig"
    file.write_text(STRANGE, "utf-8")
    client = create_app(EmbeddedStore.of_files([file]).pages(), of_server=True).test_client()
    for lang in ("fr", "en"):
        answer = client.get(address("stage", way, f"lang={lang}"))
        assert answer.status_code == 200 and "<script>alert" not in answer.text
        page = Page(answer.text)
        assert faults(page, lang) == [] and page.one("h1").text.startswith("3 ")
        assert "Tôt" in page.text and "Vague" in page.text, "what cannot be drawn is named"
    if way == "timeline":
        dates = [
            row["date"]
            for row in csv.DictReader(StringIO(client.get("/list/stage.csv?view=timeline").text))
        ]
        assert dates == sorted(dates, key=lambda it: it or "9") and dates[0] == "0999-12-31"
