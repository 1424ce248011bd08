"""The matrix of organisations and themes, and the page that says why a link holds."""

from __future__ import annotations

import csv
import json
import random
from io import StringIO
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from claims import short
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.exports.gexf import written
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode
from rallynov_graph.site.application import create_app
from rallynov_graph.site.explore.matrix.seriation import alike
from rallynov_graph.site.model.links.organisations_and_themes import EvidenceIndex, ThemeTree
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, read

TREE = ThemeTree({"wide": ("near",)})
MATRIX = "/list/organisation?view=matrix"
MARKUP = "<script>alert(1)</script>"


def matrix(client: FlaskClient, **query: str) -> Page:
    return read(client, f"{MATRIX}&{urlencode(query)}")


def row(page: Page, organisation: str) -> str:
    """The cells of an organisation's row, as text."""
    return next(r.text for r in page.all("tr") if r.text.startswith(organisation))


def why(client: FlaskClient, subject: str, prop: str, value: str, lang: str = "fr") -> str:
    query = urlencode({"subject": subject, "property": prop, "object": value, "lang": lang})
    return f"/why?{query}"


def test_the_matrix_counts_the_evidence_of_each_link(client: FlaskClient) -> None:
    page = matrix(client, open="theme/gouvernance-et-participation", sort="name")
    heads = [th.text.partition(" ")[0] for th in page.all("th", scope="col")]
    at = heads.index("Gouvernance")
    assert heads[at : at + 4] == ["Gouvernance", "Gouvernance", "Implication", "Travail"]
    counts = [*["2", "—", "explicite"] * 2, "2", "—", "déduit"]
    assert row(page, "Legeni").split() == ["Legeni", *counts]


def test_only_what_is_said_outright_is_less(client: FlaskClient) -> None:
    every, said = matrix(client), matrix(client, certainty="explicit")
    assert len(said.all("tr")) < len(every.all("tr"))
    assert "déduit" not in " ".join(r.text for r in said.all("tr"))


def test_rows_stand_by_name_when_asked(client: FlaskClient) -> None:
    names = [r.text.split()[0] for r in matrix(client, sort="name").all("tr")[1:]]
    assert names == sorted(names, key=str.casefold)


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
    shown = csv.DictReader(StringIO(client.get("/links.csv").text))
    assert {(r["organisation"], r["theme"]): int(r["evidence"]) for r in shown} == counted


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


def test_what_addresses_an_opened_theme_itself_has_a_column_beside_its_narrower_ones() -> None:
    found = EvidenceIndex({("o", "wide"): {"x": 0}, ("o", "near"): {"x": 1, "y": 2}}, TREE)
    assert found.within["o", "wide"] == {"x": 0, "y": 2}, "x is one piece, at its surest"
    assert found.within["o", "near"] == {"x": 1, "y": 2}
    assert found.themes == ("wide",)
    assert found.narrower("wide") == ("near",)


def test_themes_in_a_circle_do_not_go_on_for_ever() -> None:
    assert [*ThemeTree({"a": ("b",), "b": ("a",)}).above("a")] == ["a", "b"]


def test_the_matrix_comes_page_by_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.explore.matrix.page.SIZE", 4)
    first = matrix(client, sort="name")
    names = [r.text.split()[0] for r in first.all("tr")[1:]]
    (following,) = [a["href"] for a in first.all("a", rel="next")]
    assert following == f"{MATRIX}&sort=name&page=2"
    names += [r.text.split()[0] for r in read(client, following).all("tr")[1:]]
    names += [r.text.split()[0] for r in matrix(client, sort="name", page="3").all("tr")[1:]]
    assert len(names) == 9 and names == sorted(names, key=str.casefold)
    assert client.get(f"{MATRIX}&page=4").status_code == 404


def test_the_files_hold_what_the_matrix_shows_in_either_language(client: FlaskClient) -> None:
    asked = "?certainty=inferred&open=theme%2Femploi-et-competences&lang=en"
    told = json.loads(client.get(f"/links.json{asked}").text)
    rows = [*csv.DictReader(StringIO(client.get(f"/links.csv{asked}").text))]
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
    turtle = parse(client.get(f"/links.ttl{asked}").data, format=RdfFormat.TURTLE)
    said = {(q.subject.value, q.object.value) for q in turtle}  # type: ignore[union-attr]
    assert said == {(r["organisation"], r["theme"]) for r in rows}
    offered = read(client, client.get(f"/links{asked}").headers["Location"])
    for suffix in ("csv", "json", "ttl", "gexf"):
        (same,) = [
            a["href"]
            for a in offered.all("a")
            if a["href"].startswith(f"/list/organisation.{suffix}?")
        ]
        assert client.get(same).data == client.get(f"/links.{suffix}{asked}").data
    assert client.get("/links.docx").status_code == 404


def test_gephi_gets_a_graph_of_organisations_and_themes(client: FlaskClient) -> None:
    answer = client.get("/links.gexf?open=theme/emploi-et-competences")
    assert answer.mimetype == "application/gexf+xml"
    root = ElementTree.fromstring(answer.data)
    at = {"g": "http://gexf.net/1.3"}
    assert root.tag == "{http://gexf.net/1.3}gexf" and root.get("version") == "1.3"
    kinds = {
        node.get("id"): node.findall(".//g:attvalue", at)[0].get("value")
        for node in root.findall(".//g:node", at)
    }
    edges = root.findall(".//g:edge", at)
    assert {kinds[e.get("source")] for e in edges} == {"organisation"}
    assert {kinds[e.get("target")] for e in edges} == {"theme"}
    weights = {(e.get("source"), e.get("target")): e.get("weight") for e in edges}
    assert weights[f"{ID}organisation/indibat", f"{ID}theme/formation"] == "2"
    assert (
        len(weights)
        == len(edges)
        == len(client.get("/links.csv?open=theme/emploi-et-competences").text.splitlines()) - 1
    )


def test_a_graph_for_gephi_holds_no_character_that_xml_forbids() -> None:
    nodes = tuple(NetworkNode(f"urn:{n}", f'a\x00\x0b\ud800\uffff<&"é\U0001f600{n}') for n in "xy")
    edges = (NetworkEdge("urn:x", "urn:y", "p", 3, attributes={"certainty": "explicit"}),)
    network = Network("t\x01", "c", "", nodes, edges)
    root = ElementTree.fromstring(written(network))
    labels = [e.get("label") for e in root.iter("{http://gexf.net/1.3}node")]
    assert labels == [f'a����<&"é\U0001f600{n}' for n in "xy"]


def test_what_is_alike_stands_together_whatever_order_it_came_in() -> None:
    rows, columns = [f"r{n}" for n in range(12)], [f"c{n}" for n in range(6)]
    weights = {(f"r{n}", f"c{m}"): 2 - abs(n // 2 - m) for n in range(12) for m in range(6)}
    weights = {pair: weight for pair, weight in weights.items() if weight > 0}
    for seed in range(5):
        mixed = random.Random(seed)
        shuffled = mixed.sample(rows, 12), mixed.sample(columns, 6)
        in_rows, in_columns = alike(*shuffled, weights)
        if in_columns[0] != "c0":
            in_rows, in_columns = in_rows[::-1], in_columns[::-1]
        assert in_columns == columns
        assert [int(row[1:]) // 2 for row in in_rows] == [n // 2 for n in range(12)]
        assert alike(*shuffled, dict(reversed(weights.items()))) == alike(*shuffled, weights)


def test_what_nothing_links_is_not_mixed_and_what_is_the_same_stays_in_order() -> None:
    weights = {("a", "x"): 1, ("b", "y"): 1, ("c", "x"): 1, ("d", "y"): 1, ("e", "x"): 1}
    rows, columns = alike(["a", "b", "c", "d", "e", "f"], ["y", "x", "z"], weights)
    assert (rows, columns) == (["a", "c", "e", "b", "d", "f"], ["x", "y", "z"])
    assert alike([], [], {}) == ([], [])


def test_the_same_matrix_has_the_same_order_by_likeness(client: FlaskClient) -> None:
    first, again = (client.get(f"{MATRIX}&sort=similarity").text for _ in range(2))
    assert first == again
    names = [r.text.split()[0] for r in matrix(client, sort="similarity").all("tr")[1:]]
    every = [r.text.split()[0] for r in matrix(client, sort="name").all("tr")[1:]]
    assert sorted(names, key=str.casefold) == every and names != every


@pytest.mark.parametrize(
    "query",
    [
        {"certainty": MARKUP},
        {"sort": "x" * 5000},
        {"sort": "size'"},
        {"open": "theme/formation"},
        {"open": MARKUP},
        {"open": "x" * 5000},
        {"page": "0"},
    ],
)
def test_an_order_that_is_not_known_is_a_bad_request(
    client: FlaskClient, query: dict[str, str]
) -> None:
    answer = client.get(f"{MATRIX}&{urlencode(query)}")
    assert answer.status_code == 400
    assert MARKUP not in answer.text


def test_a_theme_that_cannot_be_opened_is_met_with_those_near(client: FlaskClient) -> None:
    for language, words in (("fr", "Aucun thème de ce nom"), ("en", "No theme of this name")):
        query = f"{MATRIX}&open=theme/emploi-et-compétence&lang={language}"
        page = read(client, query, 400, Accept="text/html")
        assert words in page.text
        assert any(a["href"].startswith("/page/theme/emploi-et-c") for a in page.all("a"))


def test_each_cell_opens_the_reasons_of_its_link(client: FlaskClient) -> None:
    (every,) = [a["href"] for a in matrix(client).all("a") if a.text.startswith("Ouvrir tous")]
    pages = matrix(client), read(client, every)
    addresses = {a["href"] for p in pages for a in p.all("a") if a["href"].startswith("/r/")}
    assert len(addresses) > 50
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_link_is_told_down_to_its_passages(client: FlaskClient) -> None:
    text = client.get(short("organisation/legeni", "linkedToTheme", "theme/gouvernance")).text
    assert text.count('class="way"') == 2, "through an innovation, and through a testimony"
    assert "/page/passage/carnet-2-1641-1836" in text
    assert "Les trois noms qui suivent" in text, "the curators' reason"


def test_a_fact_of_the_carnet_needs_no_rule(client: FlaskClient) -> None:
    asked = short("rally/rallynov", "partner", "organisation/rifc") + "?lang=en"
    page = read(client, asked)
    assert 'class="way"' not in client.get(asked).text
    assert any("explicit" in item.text for item in page.all("li"))


def test_what_the_graph_does_not_hold_is_not_found(client: FlaskClient) -> None:
    asked = why(client, f"{ID}organisation/legeni", f"{RN}linkedToTheme", f"{ID}theme/ecologie")
    answer = client.get(asked)
    assert answer.status_code == 404
    assert "Le graphe ne dit pas cela" in answer.text


@pytest.mark.parametrize("subject", ["", MARKUP, "x" * 5000, "no iri"])
def test_a_name_that_is_no_iri_is_a_bad_request(client: FlaskClient, subject: str) -> None:
    asked = why(client, subject, f"{RN}partner", f"{ID}organisation/rifc")
    answer = client.get(asked)
    assert answer.status_code == 400
    assert MARKUP not in answer.text


def test_another_graph_has_neither(store: EmbeddedStore) -> None:
    foreign = create_app(store).test_client()
    assert foreign.get("/links").status_code == 404
    assert foreign.get(why(foreign, "http://a/b", "http://a/c", "http://a/d")).status_code == 404
