"""The clients of the SIB, as they are, find examples, prefixes and what classes link at /sparql.

Each asks its query of the default graph; where that has no answer, it asks the same of what the
service says of itself. So do sparql-llm (``query_sparql``) and sparql-editor
(``queryEndpointMeta``, by Comunica), whose queries these are.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib

from places import TESTS
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.questions.catalogue import load
from servers import Server

CLIENTS = TESTS / "clients"
EXAMPLES, DECLARED, LINKS, LINKS_OF_EDITOR = (
    (CLIENTS / f"{name}.rq").read_text("utf-8")
    for name in ("examples_asked", "prefixes_asked", "links_asked", "links_asked_by_editor")
)
STAGE = f"{PREFIXES['rn']}Stage"

Row = dict[str, str]


def asked_as_sparql_llm(server: Server, query: str) -> list[Row]:
    found = server.ask(
        "GET", f"/sparql?query={quote(query)}", Accept="application/sparql-results+json"
    )
    assert found.status == 200 and json.loads(found.text)["results"]["bindings"] == []
    told = server.ask("GET", "/sparql", Accept="text/turtle")
    assert told.status == 200
    graph = rdflib.Graph().parse(data=told.text, format="turtle")
    return [
        {str(name): str(value) for name, value in row.asdict().items()}
        for row in graph.query(query)
        if isinstance(row, rdflib.query.ResultRow)
    ]


def check(examples: list[Row], declared: list[Row], links: list[Row], server: Server) -> None:
    """Hold what a client has found to the catalogue, the prefixes and the data."""
    found = {it["sq"].removeprefix(f"{server.address}/questions/"): it["query"] for it in examples}
    assert {*found} == {*load()} and len(examples) == 2 * len(found)
    assert server.query(found["stages"], "text/csv").text.count("\n") > 9
    assert {it["prefix"]: it["namespace"] for it in declared} == PREFIXES
    linked = {(it["subjectClass"], it["prop"], it.get("objectClass")) for it in links}
    assert (STAGE, f"{PREFIXES['schema']}location", f"{PREFIXES['schema']}Place") in linked
    integers = {it["prop"] for it in links if it.get("objectDatatype", "").endswith("#integer")}
    assert f"{PREFIXES['rn']}number" in integers


def test_what_sparql_llm_asks_is_found_in_the_description_alone(server: Server) -> None:
    found = [asked_as_sparql_llm(server, query) for query in (EXAMPLES, DECLARED, LINKS)]
    check(*found, server)
    everywhere = "ASK { { ?s ?p ?x } UNION { GRAPH ?g { ?s ?p ?x } } }".replace(
        "?p ?x", "a <http://www.w3.org/ns/shacl#SPARQLExecutable>"
    )
    assert server.query(everywhere, "text/csv").text.strip().endswith("false")


def test_what_sparql_editor_asks_is_found_by_comunica(server: Server, tmp_path: Path) -> None:
    node = shutil.which("node")
    if not os.environ.get("RALLYNOV_CLIENTS") and not (
        node and (CLIENTS / "node_modules").is_dir()
    ):
        pytest.skip("the JavaScript clients are not installed")
    assert node
    queries = tmp_path / "queries.json"
    queries.write_text(json.dumps([EXAMPLES, DECLARED, LINKS_OF_EDITOR]))
    ran = subprocess.run(
        [node, "examples.mjs", server.endpoint, str(queries)],
        check=False,
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    check(*json.loads(ran.stdout), server)
