"""What explains an answer: which condition empties it, what it costs, where a row is from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from reading_pages import Page
from servers import Server

PREFIXES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
"""
BELFORT = "https://w3id.org/rallynov/id/stage/belfort"

EMPTY: dict[str, list[str]] = {
    question["text"]: question["told"]
    for question in tomllib.loads((Path(__file__).parent / "empty.toml").read_text("utf-8"))[
        "query"
    ]
}
"""Which condition empties the answers to queries, and what is found without it."""


def test_the_server_tells_which_condition_empties_an_answer(server: Server) -> None:
    found = {query: told_of(server, query) for query in EMPTY}
    assert {query: told for query, told in found.items() if told != EMPTY[query]} == {}


def told_of(server: Server, query: str) -> list[str]:
    page = explained(server, "empty", query)
    broken = page.all("li", **{"class": "breaks"})
    why, ways = page.one("p", **{"class": "nothing-why"}), page.all("p", **{"class": "ways-on"})
    return [it.text for it in (why, *broken, *ways)]


def explained(server: Server, what: str, query: str, **fields: str) -> Page:
    content = urlencode({"query": PREFIXES + query, **fields}).encode()
    with urlopen(f"{server.endpoint}/{what}", content, timeout=60) as answer:
        return Page(answer.read().decode())


def test_a_row_rests_on_the_facts_of_its_patterns(server: Server) -> None:
    label = {"type": "literal", "value": "Étape de Belfort", "xml:lang": "fr"}
    row = {"s": {"type": "uri", "value": BELFORT}, "l": label}
    hostile = {"l": {"type": "literal", "value": '"\\ } UNION { ?s ?p ?o \n\r\t'}}
    queries = [
        (
            """SELECT ?s ?l { ?s a rn:Stage ; rdfs:label ?l . ?s schema:location ?p
             OPTIONAL { ?p rdfs:label ?w } OPTIONAL { ?s rn:no ?x }
             MINUS { ?s a rn:Innovation } }""",
            row,
            ["type étape", "nom Étape de Belfort", "lieu Belfort", "nom Belfort"],
        ),
        (
            "SELECT ?s (COUNT(*) AS ?l) { { ?s a rn:Stage } UNION { ?s rn:x* ?y } } GROUP BY ?s",
            row,
            ["type étape"],
        ),
        ("SELECT ?l { ?s rdfs:label ?l }", hostile, []),
    ]
    for query, of, facts in queries:
        answer = {"head": {"vars": [*of]}, "results": {"bindings": [of]}}
        page = explained(server, "origin", query, row=json.dumps(answer))
        shown = sorted(it.text for it in page.all("span", **{"class": "triple"}))
        assert len(shown) == len(facts), shown
        assert all(any(fact in it for it in shown) for fact in facts), shown


def test_the_matches_of_each_condition_are_counted(server: Server) -> None:
    page = explained(server, "slow", "SELECT * { ?s a rn:Stage . ?s a rn:No FILTER (?s != ?s) }")
    assert [it.text for it in page.all("td", **{"class": "number"})] == ["9", "0", "non compté"]
