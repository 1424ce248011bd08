"""What explains an answer: which part of a query empties it, what is near, where a row is from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from places import ROOT
from running_node import node
from servers import Server

EXPLAINING = (ROOT / "web/query/workbench/explaining").as_uri()
PREFIXES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX schema: <https://schema.org/>
"""
BELFORT = "https://w3id.org/rallynov/id/stage/belfort"
LONG = "x" * 3000

EMPTY: dict[str, list[str]] = {
    question["text"]: question["told"]
    for question in tomllib.loads((Path(__file__).parent / "empty.toml").read_text("utf-8"))[
        "query"
    ]
}
EMPTY[f"SELECT * {{ ?s rdfs:label '{LONG}\\n\"</script>' }}"] = [
    f"dead ?s rdfs:label '{LONG}\\n\"</script>' ."
]
EMPTY["SELECT * {" + "{" * 150 + "?s a rn:Stge" + "}" * 150 + "}"] = ["unread"]
"""What empties the answers to queries, with what is near first of all."""


def ran(server: Server, script: str, given: object = None) -> Any:
    """Return what a script tells of the queries that it is given, asked of the server."""
    told = {"endpoint": server.endpoint, "check": f"{server.endpoint}/check"}
    before = f"""
      import {{ opaque, whyEmpty }} from "{EXPLAINING}/empty.ts";
      import {{ factsOf }} from "{EXPLAINING}/origin.ts";
      import {{ whySlow }} from "{EXPLAINING}/slow.ts";
      import {{ Within }} from "{EXPLAINING}/within.ts";
      const prefixes = {json.dumps(PREFIXES)};
      const within = (limits) => new Within({json.dumps(told)}, limits);
      const tell = (told) => console.log(JSON.stringify(told));
    """
    return node(before + script, given)


def test_what_empties_an_answer_is_asked_and_named(server: Server) -> None:
    script = """
      const nearest = ([first, ...others]) =>
        first && (first.way !== "instead" || (first.role === "class" && others.length < 3))
          ? `→ ${first.way} ${first.text}` : "";
      const line = ({ kind, element, also = [], near = [], branches = [] }) => [
        [kind, element && (element.shown ?? element.text).replace(/\\s+/g, " "),
          element && opaque(element) && `(${opaque(element)})`,
          also.length && `+${also.length}`, nearest(near),
        ].filter(Boolean).join(" "),
        ...branches.flat().flatMap(line).map((it) => `  ${it}`)];
      const found = {};
      for (const query of given)
        found[query] = (await whyEmpty(prefixes + query, within())).findings.flatMap(line);
      tell(found);
    """
    found = ran(server, script, [*EMPTY])
    assert {query: told for query, told in found.items() if told != EMPTY[query]} == {}


def test_a_mend_gives_an_answer_and_a_used_up_time_is_told(server: Server) -> None:
    script = """
      const query = `${prefixes}SELECT * { ?s a rn:Stge ; schema:startDat ?d }`;
      const { findings } = await whyEmpty(query, within());
      let mended = query;
      for (const { near: [{ at, text }] } of findings.toReversed())
        mended = mended.slice(0, at.from) + text + mended.slice(at.to);
      const rows = await within().rows(mended);
      const late = await whyEmpty(query, within({ budget: 0 }));
      const slow = within();
      let asked = 0;
      slow.holds = async () => (++asked < 3 ? false : ((slow.until = 0), slow.ask("")));
      const partly = await whyEmpty(query, slow);
      const gone = new AbortController();
      gone.abort();
      const left = await whyEmpty(query, within({ signal: gone.signal })).catch((it) => it.name);
      const rests = findings.map((it) => it.rest ?? null);
      tell([rests, mended, rows.length, late, partly.spent, left]);
    """
    rests, mended, rows, late, partly, left = ran(server, script)
    assert rests == ["none", None]
    assert mended.endswith("{ ?s a rn:Stage ; schema:startDate ?d }")
    assert rows == 6
    assert late == {"findings": [], "spent": True}
    assert partly is True
    assert left == "AbortError"


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
