"""The questions as programs read examples of queries: the queries of those programs find them."""

import rdflib
from flask.testing import FlaskClient

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.questions.catalogue import load
from rallynov_graph.sparql.embedded import EmbeddedStore

EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?example ?comment ?query WHERE {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    schema:target <http://localhost/sparql> ;
    sh:select|sh:ask|sh:construct ?query .
  FILTER (LANG(?comment) = "en")
}
"""
LINKS = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?of ?datatype WHERE {
  ?part void:class ?class ; void:propertyPartition ?used .
  ?used void:property ?property .
  { ?used void:classPartition [ void:class ?of ] }
  UNION { ?used void-ext:datatypePartition [ void-ext:datatype ?datatype ] }
}
"""
DECLARED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }
"""


def test_programs_find_questions_prefixes_and_links(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    assert not store.ask(f"ASK {{ ?s a <{PREFIXES['sh']}SPARQLExecutable> }}"), (
        "no store holds them"
    )
    answer = client.get("/.well-known/sparql-examples", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200 and answer.headers["Content-Location"].endswith(".ttl")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    found = {str(row["example"]): str(row["query"]) for row in graph.query(EXAMPLES)}
    assert {it.removeprefix("http://localhost/questions/") for it in found} == {*load()}
    assert store.select(found["http://localhost/questions/stages"]).rows
    declared = {str(row["prefix"]): str(row["namespace"]) for row in graph.query(DECLARED)}
    assert declared == PREFIXES
    schema, rn = PREFIXES["schema"], PREFIXES["rn"]
    linked = {tuple(None if it is None else str(it) for it in row) for row in graph.query(LINKS)}
    assert (f"{rn}Stage", f"{schema}location", f"{schema}Place", None) in linked
    assert (f"{rn}Stage", f"{rn}number", None, f"{PREFIXES['xsd']}integer") in linked
