"""``serve --endpoint``: a site on another's server; real ones are behind it, and broken ones."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from pyoxigraph import parse

from engines import oxigraph
from rallynov_graph.http.protocol import NO_UPDATE
from rallynov_graph.rdf import formats
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_server import Server as Endpoint
from servers import Answer, Server, serving

BEHIND = ["oxigraph", "virtuoso"]


@pytest.fixture(scope="module", params=BEHIND)
def site(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The site on a server that has the release."""
    behind: Endpoint = request.getfixturevalue(f"loaded_{request.param}")
    with serving("--endpoint", behind.url, "--workers", "1") as running:
        yield running


def problem(answer: Answer) -> dict[str, object]:
    assert answer.media_type == "application/problem+json"
    said: dict[str, object] = json.loads(answer.body)
    assert said["status"] == answer.status
    return said


def asked(site: Server, query: str) -> Answer:
    return site.query(query, "application/json")


CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    r"SELECT * { \u0053ERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "ASK { FILTER(1<?x)#>'''\n SERVICE <http://127.0.0.1:1/> {} #'''\n }",
    "ASK { FILTER(1<?x)#>'''\n FILTER(bif:http_get('http://127.0.0.1:1/')) #'''\n }",
    'SELECT (bif:http_get("http://127.0.0.1:1/") AS ?x) {}',
    r'SELECT (\u0062if:http_get("http://127.0.0.1:1/") AS ?x) {}',
    'PREFIX s: <sql:> SELECT (s:anything("x") AS ?x) {}',
    r'PREFIX x: <http://www.open> SELECT (x:linksw.com\/schemas\/bif\#http_get("x") AS ?x) {}',
]
NO_SPARQL = ["DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }", "hello", "ALTER QUAD STORAGE x:y"]


def test_queries_are_answered_like_here(
    site: Server, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    rows = "SELECT ?s ?o { ?s <https://w3id.org/rallynov/ontology#number> ?o } ORDER BY ?o ?s"
    for media_type in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        with subtests.test(media_type):
            answer = site.query(rows, media_type)
            assert (answer.status, answer.media_type) == (200, media_type)
            assert answer.body == store.serialize(rows, media_type)
    assert site.query("ASK { ?s ?p ?o }", "text/csv").body == b"true"
    graph = "CONSTRUCT WHERE { ?s <https://w3id.org/rallynov/ontology#number> ?o }"
    for form in formats.GRAPHS:
        with subtests.test(form.name):
            answer = site.query(graph, form.media_type)
            assert (answer.status, answer.media_type) == (200, form.media_type)
            triples = {quad.triple for quad in parse(answer.body, format=form.rdf)}
            assert triples == {*store.construct(graph)}


def test_the_graphs_that_are_named_are_those_asked(site: Server) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    inside = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    ontology = "https://w3id.org/rallynov/ontology"

    def number(query: str, **graphs: str) -> int:
        return int(site.query(query, "text/csv", **graphs).text.split()[1])

    assert 500 < number(count, default_graph_uri=ontology) < number(count)
    assert number(inside, default_graph_uri=ontology) == 0
    assert number(inside, named_graph_uri=ontology) == number(count, default_graph_uri=ontology)
    assert number(count, named_graph_uri=ontology) == 0
    assert number(count, default_graph_uri="https://example.org/none") == 0


def test_what_may_not_be_asked_is_refused(site: Server, subtests: pytest.Subtests) -> None:
    for query in CALLS:
        with subtests.test(query):
            assert problem(asked(site, query))["status"] == 403
    assert asked(site, 'SELECT ("bif:http_get" AS ?x) {} # sql:').status == 200
    for query in NO_SPARQL:
        with subtests.test(query):
            assert asked(site, query).status in (400, 403)
    for update in ("INSERT DATA { <urn:a> <urn:b> 1 }", "# a query\nDROP ALL"):
        with subtests.test(update):
            told = problem(asked(site, update))
            assert (told["status"], told["detail"]) == (400, NO_UPDATE)
    with subtests.test("a fault is shown where it is"):
        said = problem(asked(site, "SELECT * {\n  ?s ex:p ?o }"))
        assert (said["status"], said["line"], said["column"]) == (400, 2, 6)
        said = problem(asked(site, "SELECT *\n{ ?s ?p"))
        # Of its own accord, Virtuoso counts other lines than those of the query.
        assert (said["status"], said.get("line", 2)) == (400, 2)


def test_pages_and_questions_are_there_and_what_needs_a_release_says_so(site: Server) -> None:
    for path in ("/", "/list/stage", "/questions/stages", "/questions/stages.csv", "/shapes"):
        assert site.ask("GET", path).status == 200, path
    report = site.ask("GET", "/report")
    assert (report.status, "version publiée" in report.text) == (404, True)
    query = quote("SELECT ?s { ?s a <https://w3id.org/rallynov/ontology#Rally> }")
    page = site.ask("GET", f"/sparql?query={query}", Accept="text/html")
    assert page.status == 200 and "/page/rally/" in page.text


def test_a_server_that_comes_later_is_taken_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with serving("--endpoint", f"{address}/query", "--workers", "1") as site:
        for path in ("/", "/list/stage"):
            page = site.ask("GET", path)
            assert (page.status, page.media_type) == (502, "text/html")
        assert problem(asked(site, "ASK {}"))["status"] == 502
        with oxigraph(port=port):
            assert site.ask("GET", "/").status == 200
            assert asked(site, "ASK {}").status == 200
        assert site.stop() == 0
