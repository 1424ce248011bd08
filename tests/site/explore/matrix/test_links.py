"""The matrix of organisations and themes, and the page that says why a link holds."""

from __future__ import annotations

import csv
import json
from io import StringIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from claims import short
from rallynov_graph.site.explore.matrix.views import alike
from rallynov_graph.site.model.links.organisations_and_themes import ThemeTree
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, read

MATRIX = "/list/organisation?view=matrix"


def matrix(client: FlaskClient, **query: str) -> Page:
    return read(client, f"{MATRIX}&{urlencode(query)}")


def row(page: Page, organisation: str) -> str:
    """The cells of an organisation's row, as text."""
    return next(r.text for r in page.all("tr") if r.text.startswith(organisation))


def test_the_matrix_counts_the_evidence_of_each_link(client: FlaskClient) -> None:
    page = matrix(client, open="theme/gouvernance-et-participation", sort="name")
    heads = [th.text.partition(" ")[0] for th in page.all("th", scope="col")]
    at = heads.index("Gouvernance")
    assert heads[at : at + 4] == ["Gouvernance", "Gouvernance", "Implication", "Travail"]
    counts = [*["explicite", "2"] * 2, "déduit", "2"]
    assert row(page, "Legeni").split() == ["Legeni", *counts]


def test_only_what_is_said_outright_is_less(client: FlaskClient) -> None:
    every, said = matrix(client), matrix(client, certainty="explicit")
    assert len(said.all("tr")) < len(every.all("tr"))
    assert "déduit" not in " ".join(r.text for r in said.all("tr"))


def test_a_column_counts_each_piece_of_evidence_within_its_theme_once(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    query = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?one ?theme (COUNT(DISTINCT ?via) AS ?n) WHERE {
          ?via rn:carriedBy|rn:onBehalfOf ?one ; dcterms:subject/(skos:broader|^skos:member)* ?theme
          FILTER NOT EXISTS { ?theme skos:broader|^skos:member ?above } } GROUP BY ?one ?theme"""
    counted = {(r["one"].value, r["theme"].value): int(r["n"].value) for r in store.select(query)}  # type: ignore[union-attr]
    shown = csv.DictReader(StringIO(client.get("/list/organisation.csv?view=matrix").text))
    assert {(r["organisation"], r["theme"]): int(r["evidence"]) for r in shown} == counted
    rows = [tr.text for tr in matrix(client).all("tr")[1:]]
    assert rows[0].startswith("Mutualité") and rows[-1].startswith("BGE"), "most themes first"


def test_an_opened_theme_has_a_column_for_each_narrower_one_and_can_be_closed(
    client: FlaskClient,
) -> None:
    closed = matrix(client)
    (way,) = [a for a in closed.all("a") if a.text == "ouvrir — Emploi et compétences"]
    opened = read(client, way["href"])
    heads = [th.text for th in opened.all("th", scope="col")]
    at = heads.index("Emploi et compétences fermer — Emploi et compétences")
    assert heads[at + 2] == "Formation — dans Emploi et compétences"
    assert len(heads) == len(closed.all("th", scope="col")) + 3
    (back,) = [a for a in opened.all("a") if a.text.startswith("fermer — ")]
    assert back["href"] == MATRIX
    kept = {e["name"]: e["value"] for e in opened.all("input", type="hidden")}
    assert kept == {"view": "matrix", "open": "theme/emploi-et-competences"}, "in another order"


def test_themes_in_a_circle_do_not_go_on_for_ever() -> None:
    assert [*ThemeTree({"a": ("b",), "b": ("a",)}).above("a")] == ["a", "b"]


def test_the_matrix_comes_page_by_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.explore.matrix.views.SIZE", 4)
    first = matrix(client, sort="name")
    names = [r.text.split()[0] for r in first.all("tr")[1:]]
    (following,) = [a["href"] for a in first.all("a", rel="next")]
    assert following == f"{MATRIX}&sort=name&page=2"
    names += [r.text.split()[0] for r in read(client, following).all("tr")[1:]]
    names += [r.text.split()[0] for r in matrix(client, sort="name", page="3").all("tr")[1:]]
    assert len(names) == 9 and names == sorted(names, key=str.casefold)
    likely = [r.text.split()[0] for r in matrix(client, sort="similarity").all("tr")[1:]]
    assert likely != names[:4], "by likeness"
    assert client.get(f"{MATRIX}&page=4").status_code == 404


def test_the_files_hold_what_the_matrix_shows_in_either_language(client: FlaskClient) -> None:
    asked = "?view=matrix&certainty=inferred&open=theme%2Femploi-et-competences&lang=en"
    told = json.loads(client.get(f"/list/organisation.json{asked}").text)
    rows = [*csv.DictReader(StringIO(client.get(f"/list/organisation.csv{asked}").text))]
    assert [{n: str(v).lower() for n, v in it.items()} for it in told] == [
        {n: v.lower() for n, v in it.items()} for it in rows
    ]
    training = [r for r in rows if r["theme_label"] == "Training"]
    assert [(r["organisation_label"], r["evidence"], r["certainty"]) for r in training] == [
        ("Indibat", "2", "explicit")
    ]
    themes = {r["theme"].rpartition("/")[2]: r["with_narrower"] for r in rows}
    assert "emploi-et-competences" not in themes, "its narrower themes are counted in its place"
    assert themes["formation"] == "false" and themes["vie-au-travail"] == "true"
    turtle = parse(client.get(f"/list/organisation.ttl{asked}").data, format=RdfFormat.TURTLE)
    said = {(q.subject.value, q.object.value) for q in turtle}  # type: ignore[union-attr]
    assert said == {(r["organisation"], r["theme"]) for r in rows}
    offered = read(client, f"/list/organisation{asked}")
    for suffix in ("csv", "json", "ttl", "gexf"):
        named = f"/list/organisation.{suffix}?"
        (same,) = [a["href"] for a in offered.all("a") if a["href"].startswith(named)]
        assert client.get(same).data == client.get(f"/list/organisation.{suffix}{asked}").data


@given(st.permutations(range(12)), st.permutations(range(6)))
@settings(max_examples=10)
def test_what_is_alike_stands_together_whatever_order_it_came_in(
    rows: list[int], columns: list[int]
) -> None:
    weights = {(f"r{n}", f"c{m}"): 2 - abs(n // 2 - m) for n in range(12) for m in range(6)}
    weights = {pair: weight for pair, weight in weights.items() if weight > 0}
    mixed = [f"r{n}" for n in rows], [f"c{m}" for m in columns]
    in_rows, in_columns = alike(*mixed, weights)
    if in_columns[0] != "c0":
        in_rows, in_columns = in_rows[::-1], in_columns[::-1]
    assert in_columns == [f"c{m}" for m in range(6)]
    assert [int(row[1:]) // 2 for row in in_rows] == [n // 2 for n in range(12)]
    assert alike(*mixed, dict(reversed(weights.items()))) == alike(*mixed, weights)


def test_a_theme_that_cannot_be_opened_is_met_with_those_near(client: FlaskClient) -> None:
    for language, words in (("fr", "Aucun thème de ce nom"), ("en", "No theme of this name")):
        query = f"{MATRIX}&open=theme/emploi-et-compétence&lang={language}"
        page = read(client, query, 400, Accept="text/html")
        assert words in page.text
        assert any(a["href"].startswith("/page/theme/emploi-et-c") for a in page.all("a"))


def test_a_link_is_told_down_to_its_passages(client: FlaskClient) -> None:
    text = client.get(short("organisation/legeni", "linkedToTheme", "theme/gouvernance")).text
    assert text.count('class="way"') == 2, "through an innovation, and through a testimony"
    assert "/page/passage/carnet-2-1641-1836" in text
    assert "Les trois noms qui suivent" in text, "the curators' reason"
