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

EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ;
        rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|spex:describe ?query .
} ORDER BY ?sq"""
DECLARED = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?prefix ?namespace
WHERE {
    [] sh:namespace ?namespace ;
        sh:prefix ?prefix .
} ORDER BY ?prefix"""
LINKS = """PREFIX up: <http://purl.uniprot.org/core/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype
WHERE {
    {
        ?cp void:class ?subjectClass ;
            void:propertyPartition ?pp .
        ?pp void:property ?prop .
        OPTIONAL {
            {
                ?pp  void:classPartition [ void:class ?objectClass ] .
            } UNION {
                ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] .
            }
        }
    } UNION {
        ?linkset void:subjectsTarget [ void:class ?subjectClass ] ;
            void:linkPredicate ?prop ;
            void:objectsTarget [ void:class ?objectClass ] .
    }
}"""
LINKS_OF_EDITOR = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh:<http://www.w3.org/ns/shacl#>
PREFIX sd:<http://www.w3.org/ns/sparql-service-description#>
PREFIX void:<http://rdfs.org/ns/void#>
PREFIX void-ext:<http://ldf.fi/void-ext#>
SELECT DISTINCT ?graph ?graphLabel ?subjectClass ?prop ?objectClass ?objectDatatype
?triples ?subjectClassLabel ?objectClassLabel ?subjectClassComment ?objectClassComment ?propLabel ?propComment
WHERE {
      {
        OPTIONAL {
          ?graph sd:graph ?graphDesc .
          OPTIONAL { ?graph rdfs:label ?graphLabel }
          ?graphDesc void:classPartition ?cp .
        }
        ?cp void:class ?subjectClass ;
          void:propertyPartition ?pp .
        OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
        OPTIONAL { ?subjectClass rdfs:comment ?subjectClassComment }

        ?pp void:property ?prop .
        OPTIONAL { ?pp void:triples ?triples }
        OPTIONAL { ?prop rdfs:label ?propLabel }
        OPTIONAL { ?prop rdfs:comment ?propComment }
        OPTIONAL {
          {
            ?pp  void:classPartition [ void:class ?objectClass ] .
            OPTIONAL { ?objectClass rdfs:label ?objectClassLabel }
            OPTIONAL { ?objectClass rdfs:comment ?objectClassComment }
          } UNION {
            ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] .
          }
        }
      } UNION {
        ?linkset void:subjectsTarget [ void:class ?subjectClass ] ;
          void:linkPredicate ?prop ;
          void:objectsTarget [ void:class ?objectClass ] .
      }
} ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples"""  # noqa: E501
CLIENTS = TESTS / "clients"
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
