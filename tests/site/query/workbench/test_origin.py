"""Where the facts of a row come from: who says each, and how surely."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from asking import answering
from claims import short_of
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page

BELFORT = "<https://w3id.org/rallynov/id/stage/belfort>"
IN = "<https://schema.org/location>"
PLACE = "<https://w3id.org/rallynov/id/place/belfort>"
LEGENI = "<https://w3id.org/rallynov/id/organisation/legeni>"
LINKED = "<https://w3id.org/rallynov/ontology#linkedToTheme>"
TEAMWORK = "<https://w3id.org/rallynov/id/theme/travail-en-equipe>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
ROWS = '{"head":{"vars":[]},"results":{"bindings":[%s]}}'


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    return answering(create_app(store, release), store)


def shown(client: FlaskClient, *facts: str, language: str = "fr") -> Page:
    """Return what is shown of an empty row: the facts of the query itself."""
    query = f"SELECT * {{ {' . '.join(facts)} }}"
    given = {"query": query, "row": ROWS % "{}"}
    answer = client.post(f"/sparql/origin?lang={language}", data=given)
    assert answer.status_code == 200
    return Page(f"<main>{answer.text}</main>")


def test_a_fact_is_shown_with_its_certainty_its_assertion_set_and_the_way_to_its_words(
    client: FlaskClient,
) -> None:
    page = shown(client, f"{BELFORT} {IN} {PLACE}", language="en")
    links = [a["href"] for a in page.all("a")]
    assert "explicit" in page.text
    assert f"{short_of(f'{BELFORT} {IN} {PLACE}')}?lang=en" in links
    assert "/page/assertion-set/carnet-2-annonce-belfort?lang=en" in links


def test_a_fact_that_a_rule_concluded_leads_to_why_it_holds(client: FlaskClient) -> None:
    page = shown(client, f"{LEGENI} {LINKED} {TEAMWORK}")
    why = [a["href"] for a in page.all("a") if a["href"].startswith("/r/")]
    assert "calculé" in page.text and why
    assert client.get(why[0]).status_code == 200


def test_what_the_graph_does_not_hold_is_left_out(client: FlaskClient) -> None:
    page = shown(client, f"{BELFORT} {IN} <urn:elsewhere>", f'{BELFORT} {LABEL} "<b>"')
    assert page.all("li") == [] and page.all("b") == []
    assert "Aucun fait" in page.text and "Aucun fait" in shown(client, "?s a 1").text


def test_what_is_no_answer_of_one_row_is_refused(client: FlaskClient) -> None:
    for row in ("", "no JSON", "{}", '{"head":{},"boolean":true}', ROWS % "", ROWS % "{},{}"):
        answer = client.post(
            "/sparql/origin",
            data={"query": "SELECT * { ?s ?p ?o }", "row": row},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 400, row
        assert answer.content_type == "application/problem+json"
