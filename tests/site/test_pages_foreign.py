"""Somebody else's graph: pages from its classes, names and links alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import faults, read
from site_walk import Walk

NS = "https://example.org/ns%23"
DATA = "https://example.org/data/"
TRIG = """\
@prefix ex: <https://example.org/ns#> .
@prefix d: <https://example.org/data/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Ship rdfs:label "Schiff"@de, "ship"@en ; rdfs:subClassOf ex:Vehicle .
ex:launched rdfs:label "mis à l’eau"@fr .
d:a a ex:Ship ; rdfs:label "<script>alert(1)</script>" ; ex:launched "1912-04-10"^^xsd:date ;
    ex:captain [ a foaf:Person ; foaf:name "Edward" ; ex:age 62 ] ; ex:near d:b ;
    ex:home <javascript:alert(1)> .
d:b a ex:Ship .
<urn:x:untyped> ex:near d:a .
d:g1 { d:a ex:near d:c . d:c a ex:Ship }
d:g2 { d:a ex:near d:c }
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    file: Path = tmp_path_factory.mktemp("foreign") / "ships.trig"
    fleet = "".join(f"d:s{n} a ex:Ship ; rdfs:label 'Ship {n}' .\n" for n in range(1, 251))
    file.write_text(TRIG + fleet, "utf-8")
    app = create_app(EmbeddedStore.of_files([file]).pages())
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_home_and_lists_count_the_things_of_each_class_once(client: FlaskClient) -> None:
    home = read(client, "/")
    assert any(row.text == "ship 253" for row in home.all("tr"))
    assert "Éléments sans classe" in home.text
    first = read(client, f"/list?class={NS}Vehicle")
    last = read(client, f"/list?class={NS}Vehicle&page=6&lang=en")
    assert first.one("h1").text.startswith("253 ") and "Page 1 sur 6" in first.text
    assert "Ship 250" in last.text and "Page 6 of 6" in last.text
    names = [e.text for e in first.all("th") if e.text.startswith("Ship ")]
    assert names[:3] == ["Ship 1", "Ship 2", "Ship 3"]
    classless = read(client, "/list")
    assert classless.one("h1").text == "3 éléments sans classe"
    assert any(e["href"].endswith("iri=urn%3Ax%3Auntyped") for e in classless.all("a"))


def test_a_thing_shows_its_facts_both_ways_with_their_graphs(client: FlaskClient) -> None:
    page = read(client, f"/resource?iri={DATA}a")
    assert faults(page, "fr") == []
    assert page.one("h1").text == "<script>alert(1)</script>"
    assert "mis à l’eau 10 avril 1912" in page.text
    assert "Edward" in page.text and "62" in page.text
    assert "untyped" in page.text
    assert sum(e.text == "c" for e in page.all("a")) == 1
    (near,) = [e for e in page.all("dd") if e.text.startswith("c ")]
    assert "g1" in near.text and "g2" in near.text
    answer = client.get(f"/resource.trig?iri={DATA}c")
    assert answer.mimetype == "application/trig"
    assert b"data/g1>" in answer.data and b"data/g2>" in answer.data


def test_a_hostile_address_is_never_a_link_that_runs(client: FlaskClient) -> None:
    page = read(client, "/resource?iri=javascript:alert(1)")
    assert faults(page, "fr") == []
    assert [e for e in page.all("a") if e["href"].startswith("javascript")] == []


OURS_ALONE = (
    *("/downloads", "/downloads/rallynov.nq", "/downloads/SHA256SUMS", "/ontology/Stage.ttl"),
    *("/ontology/term?iri=https://e/x", "/changes", "/api/questions", "/api/questions/stages"),
    *("/.well-known/void", "/catalog", "/dataset", "/dataset.nq", "/linkset", "/shapes"),
    *("/cite/resource.bib?iri=https://example.org/data/a", "/report.json"),
)


def test_no_page_of_a_foreign_graph_claims_to_be_of_rallynov(client: FlaskClient) -> None:
    for path in ("/", "/about", f"/resource?iri={DATA}b", "/sparql"):
        page = read(client, path)
        assert "Rally’nov" not in page.one("header").text
        assert "juin 2013" not in page.one("footer").text
        assert not page.all("section", **{"class": "cite"})
        assert not page.all("span", **{"class": "Z3988"})
    for path in ("/docs?lang=en", "/docs/how-to/gephi?lang=en"):
        assert "not from this one" in read(client, path).text, "they are of the program"
    assert [path for path in OURS_ALONE if client.get(path).status_code != 404] == []
    assert Walk(client, "fr", most=20).faults("/") == []


def test_an_empty_graph_says_what_to_do() -> None:
    client = create_app(EmbeddedStore.of_quads([])).test_client()
    assert "rallynov serve --data" in read(client, "/").text
