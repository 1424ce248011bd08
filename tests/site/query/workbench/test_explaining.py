"""What explains an answer: which condition empties it, what it costs, where a row is from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from places import ROOT
from reading_pages import Page
from running_node import node
from servers import Server

EXPLAINING = (ROOT / "web/query/workbench/explaining").as_uri()
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


def ran(server: Server, script: str, given: object = None) -> Any:
    """Return what a script tells of the queries that it is given, asked of the server."""
    told = {"endpoint": server.endpoint, "check": f"{server.endpoint}/check"}
    before = f"""
      import {{ factsOf }} from "{EXPLAINING}/origin.ts";
      import {{ whySlow }} from "{EXPLAINING}/slow.ts";
      import {{ Within }} from "{EXPLAINING}/within.ts";
      const prefixes = {json.dumps(PREFIXES)};
      const within = (limits) => new Within({json.dumps(told)}, limits);
      const tell = (told) => console.log(JSON.stringify(told));
    """
    return node(before + script, given)


def test_the_server_tells_which_condition_empties_an_answer(server: Server) -> None:
    found = {query: told_of(server, query) for query in EMPTY}
    assert {query: told for query, told in found.items() if told != EMPTY[query]} == {}


def told_of(server: Server, query: str) -> list[str]:
    fields = urlencode({"query": PREFIXES + query}).encode()
    with urlopen(f"{server.endpoint}/empty", fields, timeout=60) as answer:
        page = Page(answer.read().decode())
    broken = page.all("li", **{"class": "breaks"})
    why, ways = page.one("p", **{"class": "nothing-why"}), page.all("p", **{"class": "ways-on"})
    return [it.text for it in (why, *broken, *ways)]


def test_a_row_rests_on_the_facts_of_its_patterns(server: Server) -> None:
    label = {"type": "literal", "value": "Étape de Belfort", "xml:lang": "fr"}
    row = {"s": {"type": "uri", "value": BELFORT}, "l": label}
    hostile = {"l": {"type": "literal", "value": '"\\ } UNION { ?s ?p ?o \n\r\t'}}
    queries = {
        """SELECT ?s ?l { ?s a rn:Stage ; rdfs:label ?l
             OPTIONAL { ?s schema:location [ rdfs:label ?w ] } OPTIONAL { ?s rn:no ?x }
             MINUS { ?s a rn:Innovation } }""": row,
        "SELECT ?s (COUNT(*) AS ?l) { { ?s a rn:Stage } UNION { ?s rn:x* ?y } } GROUP BY ?s": row,
        "SELECT ?l { ?s rdfs:label ?l }": hostile,
    }
    script = """
      const told = [];
      for (const [query, row] of given) {
        const { facts, cannot } = await factsOf(prefixes + query, row, within());
        told.push([facts.sort(), [...cannot]]);
      }
      told.push(await factsOf("SELECT * { ?s ?p ?o }", {}, within({ budget: 0 })));
      tell(told);
    """
    whole, grouped, none, late = ran(server, script, [*queries.items()])
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/rallynov/ontology#"
    name = "<http://www.w3.org/2000/01/rdf-schema#label>"
    place = "<https://w3id.org/rallynov/id/place/belfort>"
    facts = [
        f"<{BELFORT}> {kind}Stage> .",
        f'<{BELFORT}> {name} "Étape de Belfort"@fr .',
        f"<{BELFORT}> <https://schema.org/location> {place} .",
        f'{place} {name} "Belfort" .',
    ]
    assert whole == [sorted(facts), ["absent"]]
    assert grouped == [facts[:1], ["path"]]
    assert none == [[], []]
    assert late["spent"] is True


def test_the_matches_of_each_pattern_are_counted(server: Server) -> None:
    script = """
      const { patterns } = await whySlow(prefixes + given, within());
      tell(patterns.map(({ n }) => n));
    """
    query = "SELECT * { ?s a rn:Stage OPTIONAL { ?s a rn:No } ?s rn:x* ?y }"
    assert ran(server, script, query) == [9, 0, None]
