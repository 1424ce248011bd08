"""The ways to look at the same things: an address a state, the same facets, what is left out."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults, inside, read

KINDS = ("innovation", "organisation", "person", "stage", "testimony")
VIEWS = [*((kind, "table") for kind in KINDS), ("organisation", "matrix")]
VIEWS += [("stage", "map"), ("stage", "timeline")]
HOSTILE = '<script>alert(1)</script>" onload="x \u202e\u05d0\u05d1 ' + "é" * 500
CLASS, SOCIAL = quote(f"{RN}Innovation", safe=""), "theme/innovation-sociale"
MFQ = "stage=stage/mfq-franche-comte"


def tabs(page: Page) -> dict[str, str]:
    """Return the ways that a page offers, each with its address."""
    nav = page.one("nav", **{"class": "section-tabs ways"})
    return {a.text: a["href"] for a in inside(page, nav, "a")}


def address(kind: str, way: str, *more: str) -> str:
    pairs = [*([] if way == "table" else [f"view={way}"]), *more]
    return f"/list/{kind}" + (f"?{'&'.join(pairs)}" if pairs else "")


def test_the_files_that_a_page_names_in_its_head_are_there(client: FlaskClient) -> None:
    for kind, way in VIEWS:
        named = read(client, address(kind, way)).all("link", rel="describedby")
        files = [link["href"].removeprefix("http://localhost") for link in named]
        assert (f"/list/{kind}.nq" in files) is (way == "table")
        assert {client.get(file).status_code for file in files} <= {200}, (kind, way)


def test_tabs_keep_what_is_chosen_and_facets_keep_the_way(client: FlaskClient) -> None:
    page = read(client, "/list/stage?view=map&status=status/tenue&certainty=inferred")
    offered = tabs(page)
    assert [*offered] == ["Tableau", "Carte", "Frise"]
    assert offered["Tableau"] == "/list/stage?status=status%2Ftenue&certainty=inferred"
    assert offered["Frise"].startswith("/list/stage?view=timeline&status=")
    hidden = {e["name"]: e["value"] for e in page.all("input", type="hidden")}
    assert hidden == {"view": "map", "certainty": "inferred"}
    titles = {read(client, href).one("h1").text for href in offered.values()}
    assert len(titles) == 1 and titles.pop().startswith("4 étapes ont le statut")


REFUSED = [
    ("/list/innovation.csv?view=hologram", "/list/innovation.csv", ["table"]),
    ("/list/stage?view=hologram", "/list/stage", ["table", "map", "timeline"]),
    (
        "/list/organisation?view=matrix&sort=colour&certainty=explicit",
        "/list/organisation?view=matrix&certainty=explicit",
        ["size", "name", "similarity"],
    ),
    ("/list/stage?view=timeline&sort=name", "/list/stage?view=timeline", []),
    ("/list/innovation?sort=colour", "/list/innovation", ["name"]),
    (
        "/list/innovation?planet=mars&lang=en",
        "/list/innovation?lang=en",
        ["theme", "need", "means", "certainty", "sort", "view"],
    ),
    ("/list/innovation.csv?need=need/nothing", "/list/innovation.csv", ["need/se-deplacer"]),
    ("/list/innovation?theme=%3Cscript%3E", "/list/innovation", []),
    (
        "/list/innovation?theme=theme/gouvernance&theme=theme/nothing&view=hologram"
        "&planet=mars&page=7&certainty=explicit&lang=en",
        "/list/innovation?theme=theme%2Fgouvernance&certainty=explicit&lang=en",
        [],
    ),
    ("/list/stage?certainty=perhaps&view=map", "/list/stage?view=map", ["explicit", "inferred"]),
    (f"/list?class={CLASS}&planet=mars", f"/list?class={CLASS}", []),
    ("/list/stage?" + "&".join([f"theme={SOCIAL}"] * 61), "", ["soixante"]),
]
"""What a list has not, the list without it, and what it has instead."""


def test_what_a_list_has_not_is_refused_with_what_it_has_and_the_list_without_it(
    client: FlaskClient, subtests: pytest.Subtests
) -> None:
    for asked, without, allowed in REFUSED:
        with subtests.test(asked):
            page = read(client, asked, 400, Accept="text/html")
            assert faults(page, "en" if "lang=en" in asked else "fr") == []
            assert not any(word in page.text for word in ("hologram", "mars", "xxx", "<script>"))
            (link,) = [e for e in page.all("a") if e["class"] == "button"]
            assert client.get(link["href"]).status_code == 200
            assert not without or link["href"] == without
            told = client.get(asked, headers={"Accept": "application/json"}).get_json()
            assert not without or told["without"] == without
            text = client.get(asked, headers={"Accept": "text/plain"}).get_data(as_text=True)
            assert all(name in text for name in allowed)
    for nothing in ("/list.csv?class=urn:nothing", "/list/planet.csv", "/list.docx"):
        assert client.get(nothing).status_code == 404, nothing
    page = read(client, "/resource?iri=nowhere", 400)
    assert not [e for e in page.all("a") if e["class"] == "button"], "it needs a value"


def test_each_value_of_a_file_has_its_evidence_that_of_curators_too(client: FlaskClient) -> None:
    rows = [*csv.DictReader(StringIO(client.get("/list/place.csv").text))]
    assert {it["kind_certainty"] for it in rows} == {"curation"}
    assert all("/r/" in it["evidence"] and "/r/" in it["kind_evidence"] for it in rows)


def test_nothing_found_and_one_thing_are_said_in_every_way(client: FlaskClient) -> None:
    held = "status=status/tenue"
    for way in ("table", "map", "timeline"):
        page = read(client, address("stage", way, held, "departement=place/jura"))
        assert page.one("h1").text.startswith("0 étape a le statut")
        assert "Rien ne remplit toutes les conditions" in page.text and faults(page, "fr") == []
        one = read(client, address("stage", way, held, "date=2013-04-08"))
        assert one.one("h1").text.startswith("1 étape a le statut") and "Étape BGE" in one.text
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
        inputs = inside(page, fieldset, "input")
        chosen = [e for e in inputs if "checked" in e.attributes]
        assert len(inputs) > 1 or chosen
    heads = [th.text for th in page.all("th", scope="col")]
    cells = page.all("td")
    columns = len(heads) - 1
    for column in range(columns):
        assert any(cell.text for cell in cells[column::columns]), heads[column + 1]


def test_things_of_one_place_are_one_circle_and_how_surely_they_are_there_its_mark(
    client: FlaskClient,
) -> None:
    page = read(client, "/list/stage?view=map")
    marks = {it["href"] for it in page.all("use", width="15")}
    assert marks == {"#bars-explicit"}, "what closes the rally is surely at Besançon"
    held = read(client, "/list/stage?view=map&status=status/tenue")
    assert [it["href"] for it in held.all("use", width="15")] == ["#bars-inferred"]
    rows = [*csv.DictReader(StringIO(client.get("/list/stage.csv?view=map").text))]
    assert {row["place_label"] for row in rows} >= {"Besançon", "Dole"}
    said = {row["thing_label"]: row["certainty"] for row in rows}
    assert said["Étape BGE Franche-Comté"] == "inferred" and said["Étape de Dole"] == "explicit"
    assert "Sans lieu" in page.text, "what no document places is not placed"


def test_without_coordinates_and_with_dates_out_of_order_each_way_is_whole(
    client: FlaskClient, tmp_path: Path
) -> None:
    rows = [*csv.DictReader(StringIO(client.get("/list/stage.csv?view=timeline").text))]
    dated = [row["date"] for row in rows if row["date"]]
    assert dated == sorted(dated) and 0 < len(dated) < len(rows), "what has no whole date stays"
    file = tmp_path / "strange.trig"
    text = (Path(__file__).parent / "strange.trig").read_text("utf-8")
    file.write_text(text.replace('"HOSTILE"', json.dumps(HOSTILE)), "utf-8")
    strange = create_app(EmbeddedStore.of_files([file]).pages(), of_server=True).test_client()
    for way in ("table", "map", "timeline"):
        for lang in ("fr", "en"):
            answer = strange.get(address("stage", way, f"lang={lang}"))
            assert answer.status_code == 200 and "<script>alert" not in answer.text
            page = Page(answer.text)
            assert faults(page, lang) == [] and page.one("h1").text.startswith("4 ")
            assert not page.all("div", **{"class": "place-map"})
            for name in ("Tôt", "Vague", "Loin"):
                assert name in page.text, "what cannot be drawn is named"
    rows = [*csv.DictReader(StringIO(strange.get("/list/stage.csv?view=timeline").text))]
    dates = [row["date"] for row in rows]
    assert dates == sorted(dates, key=lambda it: it or "9") and dates[0] == "0999-12-31"
