"""The certainty of each row of an answer leads to the evidence of the fact that decides it."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from claims import short
from rallynov_graph.questions.catalogue import load
from reading_pages import Element, Page, read

UNTOLD = {
    # a row names a set instead of a fact
    "open_questions",
    # a row is a count
    *("facts_by_certainty", "printed_themes", "what_rules_conclude", "who_concluded"),
}


def rows(page: Page) -> list[Element]:
    return [e for e in page.all("tr") if "tbody" in e.inside]


def ways(page: Page) -> list[Element]:
    return [e for e in page.all("a") if e["class"] == "evidence" and "td" in e.inside]


def test_a_certainty_leads_to_the_fact_that_decides_it(client: FlaskClient) -> None:
    # That there was a stage of BGE is said; that BGE ran it is concluded from the heading.
    page = read(client, "/questions/who_runs_what?kind=rn:Stage&part=rn:carriedBy")
    carried = short("stage/bge-franche-comte", "carriedBy", "organisation/bge-franche-comte")
    assert carried in {way["href"] for way in ways(page)}
    assert len(ways(page)) == len(rows(page)) == 4


def test_what_it_leads_to_is_as_sure_as_the_row(client: FlaskClient) -> None:
    page = read(client, "/questions/organisations_and_larger_themes?lang=en")
    assert len(ways(page)) > 20
    words = {"explicit", "inferred", "uncertain"}
    for row, way in [*zip(rows(page), ways(page), strict=True)][::4]:
        (sure,) = words.intersection(row.text.split())
        heads = (e for e in read(client, way["href"]).all("header") if "article" in e.inside)
        assert next(heads).text.endswith(sure), way["href"]


def test_every_question_whose_rows_tell_their_facts_leads_to_evidence(
    client: FlaskClient,
) -> None:
    found = set()
    for name, question in load().items():
        if not re.search(r"^SELECT .*\?how\b", question.text, re.MULTILINE):
            continue
        page = read(client, f"/questions/{name}")
        if rows(page) and not ways(page):
            found.add(name)
        assert all(way["href"].startswith("/r/") for way in ways(page)), name
    assert found == UNTOLD
