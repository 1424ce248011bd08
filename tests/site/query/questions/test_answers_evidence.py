"""The certainty of each row of an answer leads to the evidence of the fact that decides it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Variable

from claims import short
from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rules.answer_facts import fact_patterns
from rallynov_graph.rules.rulebook import RulePattern
from reading_pages import Element, Page, read

UNTOLD = {
    # a row names no participation, no occurrence, or a set instead of a fact
    *("events_of_person", "stage_contacts", "occurrences_of_theme", "open_questions"),
    # a row is a count
    *("facts_by_certainty", "printed_themes", "what_rules_conclude", "who_concluded"),
}
PATTERN = """
PREFIX rn: <https://w3id.org/rallynov/ontology#>
SELECT * WHERE {
  GRAPH ?g { ?a rn:b ?c ; a rn:D, ?d . ?e rn:f/rn:g ?h ; rn:i ?j . ?k rn:l "GRAPH ?x { ?y ?z ?z }" }
  OPTIONAL { GRAPH ?o { ?c ?p rn:q FILTER (?c != ?p) } } # GRAPH ?n { ?o ?p ?e }
  ?not rn:within ?graph .
}
"""


def rows(page: Page) -> list[Element]:
    return [e for e in page.all("tr") if "tbody" in e.inside]


def ways(page: Page) -> list[Element]:
    return [e for e in page.all("a") if e["class"] == "how-link" and "td" in e.inside]


def test_a_certainty_leads_to_the_fact_that_decides_it(client: FlaskClient) -> None:
    # That there was a stage of BGE is said; that BGE ran it is concluded from the heading.
    page = read(client, "/questions/who_runs_what?class=rn:Stage&part=rn:carriedBy")
    carried = short("stage/bge-franche-comte", "carriedBy", "organisation/bge-franche-comte")
    assert carried in {way["href"] for way in ways(page)}
    assert len(ways(page)) == len(rows(page)) == 4


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_it_leads_to_is_as_sure_as_the_row(client: FlaskClient, language: str) -> None:
    page = read(client, f"/questions/organisations_and_larger_themes?lang={language}")
    assert len(ways(page)) > 20
    for way in ways(page)[::4]:
        sure = way.text.partition(" —")[0]
        (verdict,) = [p for p in read(client, way["href"]).all("p") if p["class"] == "note-verdict"]
        assert verdict.text.startswith(sure), way["href"]


def test_every_question_whose_rows_tell_their_facts_leads_to_evidence(
    app: Flask, client: FlaskClient
) -> None:
    found = set()
    for name, question in load().items():
        if not re.search(r"^SELECT .*\?how\b", question.text, re.MULTILINE):
            continue
        page = read(client, f"/questions/{name}")
        if rows(page) and not ways(page):
            found.add(name)
        for way in ways(page)[:3]:
            assert client.get(way["href"]).status_code == 200, way["href"]
    assert found == UNTOLD


def test_the_facts_of_a_query_are_those_within_its_graphs() -> None:
    def triple(*names: str) -> RulePattern:
        terms = [
            Variable(name) if len(name) == 1 and name.islower() else NamedNode(name)
            for name in names
        ]
        return RulePattern(*terms)

    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert fact_patterns(PATTERN) == (
        triple("a", RN + "b", "c"),
        triple("a", a, RN + "D"),
        triple("a", a, "d"),
        triple("c", "p", RN + "q"),
    )
