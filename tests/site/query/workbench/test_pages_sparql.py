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
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site with a stand-in for the server's sandbox, which asks the store itself."""
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


def test_the_form_has_a_query_to_begin_with_and_questions_to_start_from(
    client: FlaskClient,
) -> None:
    page = Page(client.get("/sparql").text)
    assert "SELECT" in page.one("textarea").text
    assert any(e["href"] == "/questions/stages" for e in page.all("a"))


def test_a_select_is_answered_as_a_table_of_names(client: FlaskClient) -> None:
    page = asked(client, "SELECT ?s WHERE { ?s a <https://w3id.org/rallynov/ontology#Rally> }")
    assert [row.text for row in page.all("tr")] == ["s", "Rally’nov"]
    assert any(e["href"].startswith("/sparql.csv?query=") for e in page.all("a"))


def test_an_ask_is_answered_by_a_word(client: FlaskClient) -> None:
    assert "Oui." in asked(client, "ASK { ?s ?p ?o }").text
    assert "Non." in asked(client, "ASK { <urn:x> ?p ?o }").text


def test_a_construct_is_answered_as_turtle(client: FlaskClient) -> None:
    page = asked(client, "CONSTRUCT { <urn:a> <urn:b> '<b>' } WHERE {}")
    (pre,) = (e for e in page.all("pre") if "template" not in e.inside)
    assert "<urn:a> <urn:b>" in pre.text


def test_an_empty_answer_says_what_to_try(client: FlaskClient) -> None:
    assert "Aucune ligne" in asked(client, "SELECT ?s WHERE { ?s <urn:no> ?o }").text


def test_a_refused_query_says_why_and_where(client: FlaskClient) -> None:
    page = asked(client, "SELECT * { SERVICE <http://x> {} }", 403)
    assert "ni appeler un autre service" in page.text and "colonne 7" in page.text
    assert page.one("textarea")["aria-invalid"] == "true"


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * {\n ?s ex:p ?o }", (2, 5)),
        ("SELECT * WHERE { ?s ?p ?o", (1, 26)),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", (1, 34)),
        ("DELETE WHERE { ?s ?p ?o }", (1, None)),
        ("SELECT * { FILTER(<urn:f>(1)) }", None),
    ],
)
def test_an_error_is_one_sentence_in_the_language_of_the_page_with_the_place_once(
    client: FlaskClient, query: str, place: tuple[int, int | None] | None
) -> None:
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
        if place:
            assert where.format(place[0], "" if place[1] is None else place[1]) in told
        assert page.text.lower().count(where.partition(" ")[0].lower() + " ") == bool(place)
        assert quotations(page) == []


def test_where_no_sentence_says_what_is_wrong_the_words_of_the_service_are_quoted(
    store: EmbeddedStore, release: Release
) -> None:
    def refuse(*_: object) -> None:
        raise Refused(400, "line 1, column 2: this is beyond me.")

    client = create_app(store, release).test_client()
    answer = client.get("/sparql?query=ASK", environ_overrides={ASK: refuse})
    assert quotations(Page(answer.text)) == ["this is beyond me."]


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


@pytest.mark.parametrize(
    ("query", "kind", "french", "place"),
    [
        ("SELECT * {\n ?s ex:p ?o }", "prefix", "Le préfixe ex: n’est pas déclaré.", (2, 5)),
        ("SELECT * { ?s ?p ?o", "end", "Il manque quelque chose avant la fin", (1, 20)),
        ("SELECT * WHERE ?s ?p ?o", "unexpected", "pas « ?s ?p ?o » ici", (1, 16)),
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", "ungrouped", "GROUP BY", (1, 41)),
        ("SELECT (SUM(?s) + ?o AS ?n) { ?s ?p ?o }", "ungrouped", "GROUP BY", (1, 41)),
        ("SELECT ?s ?s { ?s ?p ?o }", "twice", "deux fois la même", (1, 26)),
        ("SELECT (?o AS ?s) { ?s ?p ?o }", "overrides", "une nouvelle valeur", (1, 31)),
        ('SELECT * { ?s <http://a.b/"x> ?o }', "iri", "n’est pas une IRI entière", (1, 16)),
        ("SELECT * { ?s <rel> ?o }", "iri", "n’est pas une IRI entière", (1, 20)),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "star", "ne va pas avec GROUP BY", (1, 34)),
        ("ASK { FILTER(<urn:f>(1)) }", "function", "<urn:f> n’existe pas ici", (None, None)),
        ("SELECT * { SERVICE <http://x> {} }", None, "ni appeler un autre service", (1, 7)),
    ],
)
def test_what_is_wrong_with_a_query_is_told_without_running_it(
    client: FlaskClient,
    query: str,
    kind: str | None,
    french: str,
    place: tuple[int | None, int | None],
) -> None:
    fault, english = checked(client, query), checked(client, query, "en")
    assert fault and english and fault["sentence"] != english["sentence"]
    assert (fault["kind"], (fault["line"], fault["column"])) == (kind, place)
    assert french in " ".join(fault["sentence"].split())
    assert fault["words"] == ""


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "", " \n"])
def test_nothing_is_wrong_with_what_the_service_accepts(client: FlaskClient, query: str) -> None:
    assert checked(client, query) is None


def test_a_check_finds_nothing_whatever_it_is_asked(app: Flask, client: FlaskClient) -> None:
    answers = app.config["ANSWERS"]
    for query in ("SELECT * { ?s ?p ?o }", "SELECT * FROM <x:y> { GRAPH ?g { ?s ?p ?o } }"):
        assert checked(client, query) is None
        assert json.loads(answers.pop())["results"]["bindings"] == []


def test_a_query_that_cannot_be_checked_now_is_not_called_wrong(
    store: EmbeddedStore, release: Release
) -> None:
    assert checked(create_app(store, release).test_client(), "SELEC") is None


def test_each_refusal_has_words_in_both_languages() -> None:
    messages = load()
    for status in (400, 403, 413, 422, 429, 500, 502, 503, 504):
        assert messages["fr"][f"sparql.said_{status}"] != messages["en"][f"sparql.said_{status}"]


def test_an_answer_comes_as_a_file(client: FlaskClient) -> None:
    answer = client.get("/sparql.csv?query=" + quote("SELECT (1 AS ?n) WHERE {}"))
    assert (answer.mimetype, answer.text) == ("text/csv", "n\r\n1\r\n")
    assert client.get("/sparql.docx?query=ASK{}").status_code == 404
    assert client.get("/sparql.csv?query=SERVICE").status_code == 403


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_csv_download_is_exact_whatever_a_spreadsheet_would_make_of_it(
    client: FlaskClient, cell: str
) -> None:
    answer = client.get("/sparql.csv?query=" + quote(f"SELECT ({json.dumps(cell)} AS ?c) {{}}"))
    assert [*csv.reader(io.StringIO(answer.text, newline=""))] == [["c"], [cell]]


def test_why_there_is_no_file_is_told_as_it_is_asked_for(client: FlaskClient) -> None:
    asked = "/sparql.csv?query=" + quote("SELECT * { ?s ex:p ?o }")
    words = "The query is not valid SPARQL: line 1, column 15: the prefix ex: is not declared."
    for accept in ("text/html", "text/plain", "text/csv"):
        answer = client.get(asked, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain")
        assert answer.text == f"{words}\n"
    answer = client.get(asked, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    told = answer.get_json()
    assert (told["detail"], told["line"], told["column"]) == (words, 1, 15)
    assert answer.headers["Vary"] == "Accept"


def test_an_address_made_with_another_release_says_so(
    client: FlaskClient, release: Release
) -> None:
    asked = "/sparql?query=" + quote("ASK {}") + "&release="
    assert "faite avec la version 00000000" in client.get(f"{asked}00000000").text
    for same in ("", release.id[:8], release.id, "<b>00000", "0" * 400):
        answer = client.get(asked + quote(same))
        assert answer.status_code == 200
        assert "faite avec la version" not in answer.text and "<b>0" not in answer.text


def test_without_a_sandbox_no_visitors_query_is_run(store: EmbeddedStore, release: Release) -> None:
    page = Page(create_app(store, release).test_client().get("/sparql?query=ASK{}").text)
    assert "Oui." not in page.text and "ne sont pas exécutées" in page.text
