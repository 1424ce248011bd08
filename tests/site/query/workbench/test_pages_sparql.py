"""SPARQL for people: the form, the answer as a table, errors in words."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from asking import answering
from rallynov_graph.http.protocol import ASK, Refused
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, faults


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site with a stand-in for the server's query pool, which asks the store itself."""
    return answering(create_app(store, release), store)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def asked(client: FlaskClient, query: str, status: int = 200) -> Page:
    answer = client.get(f"/sparql?query={quote(query)}")
    assert answer.status_code == status
    assert answer.headers["Vary"] == "Accept"
    page = Page(answer.text)
    assert faults(page, "fr") == []
    return page


def test_each_answer_is_shown_as_what_it_is(client: FlaskClient) -> None:
    page = Page(client.get("/sparql").text)
    assert "SELECT" in page.one("textarea").text
    page = asked(client, "SELECT ?s WHERE { ?s a <https://w3id.org/rallynov/ontology#Rally> }")
    assert [row.text for row in page.all("tr")] == ["s", "Rally’nov"]
    assert any(e["href"].startswith("/sparql.csv?query=") for e in page.all("a"))
    assert "Oui." in asked(client, "ASK { ?s ?p ?o }").text
    assert "Non." in asked(client, "ASK { <urn:x> ?p ?o }").text
    page = asked(client, "CONSTRUCT { <urn:a> <urn:b> '<b>' } WHERE {}")
    (pre,) = (e for e in page.all("pre") if "template" not in e.inside)
    assert "<urn:a> <urn:b>" in pre.text
    assert "Aucune réponse" in asked(client, "SELECT ?s WHERE { ?s <urn:no> ?o }").text
    page = asked(client, "SELECT * { SERVICE <http://x> {} }", 403)
    assert "n’appelle ni un autre service" in page.text and "colonne 7" in page.text
    assert page.one("textarea")["aria-invalid"] == "true"


def test_an_error_is_one_sentence_in_the_language_of_the_page_with_the_place_once(
    client: FlaskClient,
) -> None:
    for query, line, column in (
        ("SELECT * {\n ?s ex:p ?o }", "2", "5"),
        ("DELETE WHERE { ?s ?p ?o }", "1", ""),
        ("SELECT * { FILTER(<urn:f>(1)) }", "", ""),
    ):
        for language, sentence, where in (
            ("fr", "La requête n’est pas comprise.", "Ligne {}, colonne {}"),
            ("en", "The query is not understood.", "Line {}, column {}"),
        ):
            answer = client.get(f"/sparql?query={quote(query)}&lang={language}")
            assert answer.status_code == 400
            page = Page(answer.text)
            assert faults(page, language) == []
            told = page.one("p", id="error").text
            assert told.startswith(sentence)
            assert not line or where.format(line, column) in told
            name = where.partition(" ")[0].lower()
            assert page.text.lower().count(f"{name} ") == bool(line)
            assert quotations(page) == []


def quotations(page: Page) -> list[str]:
    """What is quoted from the service, in English."""
    quoted = page.all("q", lang="en")
    return [e.text for e in quoted if "main" in e.inside and "template" not in e.inside]


def test_a_likely_mend_is_a_link_to_the_query_that_it_makes(client: FlaskClient) -> None:
    page = asked(client, "SELCT ?s { ?s ?p ?o", 400)
    (link,) = (a for a in page.all("a") if a["href"].startswith("/sparql?query=SELECT"))
    assert link.text == "Écrire SELECT, }"
    assert client.get(link["href"]).status_code == 200
    told = checked(client, "ASK { ?s skos:broader ?o }", "en")
    assert told and told["mend"]["query"].endswith("\nASK { ?s skos:broader ?o }")
    assert told["mend"]["sentence"].startswith("Add PREFIX skos: <http")
    told = checked(client, "SELCT ?s { ?s a rn:Stage", "en")
    assert told and told["mend"]["sentence"] == "Write SELECT, }, declaring rn:"
    told = checked(client, "ASK { ?s zqzq:broader ?o }")
    assert told and told["mend"] is None


def checked(client: FlaskClient, query: str, language: str = "fr") -> dict[str, Any] | None:
    answer = client.post(f"/sparql/check?lang={language}", data={"query": query})
    assert answer.status_code == 200
    fault: dict[str, Any] | None = answer.get_json()["fault"]
    return fault


WRONG = [
    ("SELECT * {\n ?s ex:p ?o }", "prefix", "Le préfixe ex: n’est pas déclaré.", (2, 5)),
    ("SELECT * { ?s ?p ?o", "end", "Il manque quelque chose avant la fin", (1, 20)),
    ("SELECT * WHERE ?s ?p ?o", "unexpected", "« ?s ?p ?o » est inattendu ici", (1, 16)),
    ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", "ungrouped", "GROUP BY", (1, 41)),
    ("SELECT (SUM(?s) + ?o AS ?n) { ?s ?p ?o }", "ungrouped", "GROUP BY", (1, 41)),
    ("SELECT ?s ?s { ?s ?p ?o }", "twice", "deux fois la même", (1, 26)),
    ("SELECT (?o AS ?s) { ?s ?p ?o }", "overrides", "une nouvelle valeur", (1, 31)),
    ('SELECT * { ?s <http://a.b/"x> ?o }', "iri", "n’est pas une IRI entière", (1, 16)),
    ("SELECT * { ?s <rel> ?o }", "iri", "n’est pas une IRI entière", (1, 20)),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", "star", "ne va pas avec GROUP BY", (1, 34)),
    ("ASK { FILTER(<urn:f>(1)) }", "function", "<urn:f> n’existe pas ici", (None, None)),
    ("SELECT * { SERVICE <http://x> {} }", None, "n’appelle ni un autre service", (1, 7)),
]
"""Queries, the kind of what is wrong, words of the sentence in French, and the place."""


def test_what_is_wrong_with_a_query_is_told_without_finding_anything(
    app: Flask, client: FlaskClient
) -> None:
    for query, kind, french, place in WRONG:
        fault, english = checked(client, query), checked(client, query, "en")
        assert fault and english and fault["sentence"] != english["sentence"]
        assert (fault["kind"], (fault["line"], fault["column"])) == (kind, place), query
        assert french in " ".join(fault["sentence"].split())
        assert fault["words"] == ""
    for query in ("ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "", " \n"):
        assert checked(client, query) is None
    for query in ("SELECT * { ?s ?p ?o }", "SELECT * FROM <x:y> { GRAPH ?g { ?s ?p ?o } }"):
        assert checked(client, query) is None
        assert json.loads(app.config["ANSWERS"].pop())["results"]["bindings"] == []


def test_an_answer_comes_as_a_file_exact_whatever_a_spreadsheet_would_make_of_it(
    client: FlaskClient,
) -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    values = " ".join(map(json.dumps, cells))
    answer = client.get("/sparql.csv?query=" + quote(f"SELECT ?c {{ VALUES ?c {{ {values} }} }}"))
    assert answer.mimetype == "text/csv"
    read = [*csv.reader(io.StringIO(answer.text, newline=""))]
    assert read[0] == ["c"] and sorted(read[1:]) == sorted([cell] for cell in cells)
    assert client.get("/sparql.docx?query=ASK{}").status_code == 404
    assert client.get("/sparql.csv?query=SERVICE").status_code == 403


def test_what_is_wrong_is_told_as_it_is_asked_for(client: FlaskClient, release: Release) -> None:
    file = "/sparql.csv?query=" + quote("SELECT * { ?s ex:p ?o }")
    words = "The query is not valid SPARQL: line 1, column 15: the prefix ex: is not declared."
    for accept in ("text/html", "text/plain", "text/csv"):
        answer = client.get(file, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")
        assert answer.text == f"{words}\n"
    answer = client.get(file, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    told = answer.get_json()
    assert (told["detail"], told["line"], told["column"]) == (words, 1, 15)
    assert answer.headers["Vary"] == "Accept"
    other = "/sparql?query=" + quote("ASK {}") + "&release="
    assert "vient de la version 00000000" in client.get(f"{other}00000000").text
    for same in ("", release.id[:8], release.id, "<b>00000", "0" * 400):
        answer = client.get(other + quote(same))
        assert answer.status_code == 200
        assert "vient de la version" not in answer.text and "<b>0" not in answer.text


def test_without_a_query_pool_no_visitors_query_is_run(
    store: EmbeddedStore, release: Release
) -> None:
    client = create_app(store, release).test_client()
    page = Page(client.get("/sparql?query=ASK{}").text)
    assert "Oui." not in page.text and "n’exécute pas les requêtes" in page.text
    assert checked(client, "SELEC") is None, "what cannot be checked now is not called wrong"

    def refuse(*_: object) -> None:
        raise Refused(400, "line 1, column 2: this is beyond me.")

    answer = client.get("/sparql?query=ASK", environ_overrides={ASK: refuse})
    assert quotations(Page(answer.text)) == ["this is beyond me."]


def test_an_empty_answer_says_where_a_document_was_read_and_is_silent(client: FlaskClient) -> None:
    mfq = "<https://w3id.org/rallynov/id/stage/mfq-franche-comte>"
    rn = "PREFIX rn: <https://w3id.org/rallynov/ontology#>"
    read_for = "lu pour cela le 2 décembre 2026"
    assert read_for in asked(client, f"{rn} SELECT ?t {{ {mfq} rn:startTime ?t }}").text
    assert read_for not in asked(client, f"{rn} SELECT ?t {{ {mfq} rn:statusReason ?t }}").text
