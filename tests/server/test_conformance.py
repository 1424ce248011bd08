"""What the engine answers is what arrives: each clause of SPARQL, by every way, in every format.

The answers of a store in this process are held against those of a server with the same data.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, parse, parse_query_results

from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from servers import Answer, Server, serving

DATA = """\
@prefix : <https://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
:a foaf:name "Zoé"@fr, "Zoe"@en ; foaf:age 42 ; foaf:knows :b, :c ; :service "a\\tb\\n\\"c\\"" .
:b foaf:name "Bob" ; foaf:age 7.5 ; foaf:knows :c ; :born "1999-12-31"^^xsd:date .
:c foaf:name "" ; foaf:age "1e3"^^xsd:double ; foaf:knows :a ; :note "\U0001f642 <b>&amp;</b>, ;" .
:d :list ( 1 2 3 ) ; :flag true .
:g1 { :a :in :g1 . :b :in :g1 ; foaf:name "Bob" }
:g2 { :a :in :g2 ; foaf:name "Other" }
"""
PROLOGUE = """\
BASE <https://example.org/>
PREFIX : <https://example.org/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
TABLES = {
    "triple pattern": "SELECT ?s ?o { ?s foaf:name ?o }",
    "no rows": "SELECT ?x { ?x :absent ?y }",
    "no variables": "SELECT * { :a foaf:age 42 }",
    "optional": "SELECT ?s ?d { ?s foaf:name ?n OPTIONAL { ?s :born ?d } }",
    "union": "SELECT ?s { { ?s :born ?d } UNION { ?s :flag true } }",
    "minus": "SELECT ?s { ?s foaf:name ?n MINUS { ?s :born ?d } }",
    "filter": "SELECT ?s { ?s foaf:age ?a FILTER(?a<50&&?a>1) }",
    "a variable called so": "SELECT ?service { ?service foaf:age ?a FILTER(?a<?b||?a>1) }",
    "a property called so": "SELECT ?x { ?s :service ?x }",
    "a comment that says so": "SELECT ?x { ?s :flag ?x } # SERVICE <http://localhost/> {}",
    "a string that says so": "SELECT ('''SERVICE <x> {''' AS ?x) (\"service\" AS ?y) {}",
    "exists": "SELECT ?s { ?s foaf:age ?a FILTER NOT EXISTS { ?s :born ?d } }",
    "regex": "SELECT ?n { ?s foaf:name ?n FILTER REGEX(?n, '^z', 'i') }",
    "bind and if": "SELECT ?s ?x { ?s foaf:age ?a BIND(IF(?a > 10, 'old', 'young') AS ?x) }",
    "values": "SELECT ?s ?n { VALUES (?s ?l) { (:a 1) (:b UNDEF) } ?s foaf:name ?n }",
    "values behind": "SELECT ?s { ?s foaf:name ?n } VALUES ?s { :a }",
    "subquery": "SELECT ?s ?m { { SELECT (MAX(?a) AS ?m) { ?x foaf:age ?a } } ?s foaf:age ?m }",
    "group": "SELECT ?s (COUNT(*) AS ?c) { ?s foaf:knows ?o } GROUP BY ?s HAVING (COUNT(*) > 1)",
    "aggregates": "SELECT (SUM(?a) AS ?s) (AVG(?a) AS ?v) (MIN(?a) AS ?n) { ?x foaf:age ?a }",
    "distinct": "SELECT DISTINCT ?p { ?s ?p ?o }",
    "reduced": "SELECT REDUCED ?p { ?s ?p ?o } LIMIT 1",
    "order": "SELECT ?n { ?s foaf:name ?n } ORDER BY DESC(?n) LIMIT 3 OFFSET 1",
    "path": "SELECT ?x { :a foaf:knows+ ?x }",
    "longer path": "SELECT ?x { :d (:list/rdf:rest*/rdf:first)|^:in ?x }",
    "negated path": "SELECT ?x { :a !(foaf:knows|^foaf:knows) ?x }",
    "graph": "SELECT ?g ?s { GRAPH ?g { ?s :in ?g } }",
    "from": "SELECT ?n FROM <g1> FROM NAMED <g2> { ?s foaf:name ?n }",
    "from named": "SELECT ?n FROM <g1> FROM NAMED <g2> { GRAPH ?g { ?s foaf:name ?n } }",
    "relative": "SELECT ?x { BIND(<x/../y#z> AS ?x) }",
    "functions": "SELECT (CONCAT(STR(1), UCASE('é')) AS ?x) (ENCODE_FOR_URI('à b') AS ?y) {}",
    "hash": "SELECT (SHA256('x') AS ?x) (STRLEN('\U0001f642') AS ?n) {}",
    "dates": "SELECT (YEAR('2024-02-29T00:00:00Z'^^xsd:dateTime) AS ?y) (1/3 AS ?d) {}",
    "casts": "SELECT (xsd:integer('12') AS ?i) (xsd:double(1) AS ?d) (?u AS ?unbound) {}",
    "errors are unbound": "SELECT (1/0 AS ?x) (xsd:integer('x') AS ?y) {}",
    "escapes": "SELECT ('\\u00e9\\U0001F642' AS ?x) ('a\\tb\\\\' AS ?y) {}",
    "language": "SELECT ?n { ?s foaf:name ?n FILTER LANGMATCHES(LANG(?n), 'EN') }",
    "triple term": "SELECT (<<( :a :b 'c'@en )>> AS ?t) {}",
    "direction": "SELECT (STRLANGDIR('a', 'he', 'rtl') AS ?x) {}",
    "version": "VERSION '1.2' SELECT ?s { ?s :flag true }",
    "true": "ASK { :a foaf:age 42.0 }",
    "false": "ASK { FILTER(false) }",
}
TRIPLES = {
    "construct": "CONSTRUCT { ?s :called ?n } { ?s foaf:name ?n }",
    "construct where": "CONSTRUCT WHERE { ?s foaf:age ?a }",
    "construct nothing": "CONSTRUCT { ?s :x ?o } { FILTER(false) }",
    "describe": "DESCRIBE :a",
    "describe where": "DESCRIBE ?s { ?s foaf:age 7.5 }",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("conforming") / "data.trig"
    path.write_text(DATA, "utf-8")
    return path


@pytest.fixture(scope="module")
def here(file: Path) -> EmbeddedStore:
    return EmbeddedStore.of_files([file])


@pytest.fixture(scope="module")
def there(file: Path) -> Iterator[Server]:
    with serving("--data", str(file)) as running:
        yield running


def ways(server: Server, query: str, accept: str) -> Iterator[Answer]:
    """Ask a query in each way that there is."""
    yield server.query(query, accept)
    form = urlencode({"query": query}).encode()
    kind = "application/x-www-form-urlencoded"
    yield server.ask("POST", "/sparql", form, Accept=accept, Content_Type=kind)
    kind = "application/sparql-query"
    yield server.ask("POST", "/sparql", query.encode(), Accept=accept, Content_Type=kind)


def rows(content: bytes, form: Format) -> object:
    """Return what an answer says, whatever its order."""
    if form is formats.RESULTS_CSV:
        return Counter(content.split(b"\r\n"))
    found = parse_query_results(content, format=form.results)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    return {v.value for v in found.variables}, Counter(str(row) for row in found)


def test_a_table_arrives_as_it_is(
    here: EmbeddedStore, there: Server, subtests: pytest.Subtests
) -> None:
    for clause, form in product(TABLES, formats.RESULTS):
        with subtests.test(clause, form=form.name):
            query = PROLOGUE + TABLES[clause]
            wanted = rows(here.serialize(query, form.media_type), form)
            for answer in ways(there, query, form.media_type):
                assert answer.status == 200, answer.text
                assert rows(answer.body, form) == wanted


def test_a_graph_arrives_as_it_is(
    here: EmbeddedStore, there: Server, subtests: pytest.Subtests
) -> None:
    for clause, form in product(TRIPLES, formats.GRAPHS):
        with subtests.test(clause, form=form.name):
            query = PROLOGUE + TRIPLES[clause]
            wanted = {*parse(here.serialize(query, form.media_type), format=form.rdf)}
            for answer in ways(there, query, form.media_type):
                assert answer.status == 200, answer.text
                assert {*parse(answer.body, format=form.rdf)} == wanted
