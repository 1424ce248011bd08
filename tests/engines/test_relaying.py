"""``serve --endpoint``: a site on another's server; real ones are behind it, and broken ones."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from pyoxigraph import parse

from engines import oxigraph
from rallynov_graph.http.protocol import NO_UPDATE
from rallynov_graph.rdf import formats
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.sparql.remote.remote_server import Server as Endpoint
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


def test_a_query_is_answered_like_here(site: Server, store: EmbeddedStore) -> None:
    query = "SELECT ?s ?o { ?s <https://w3id.org/rallynov/ontology#number> ?o } ORDER BY ?o ?s"
    for media_type in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        answer = site.query(query, media_type)
        assert (answer.status, answer.media_type) == (200, media_type)
        assert answer.body == store.serialize(query, media_type)
    assert site.query("ASK { ?s ?p ?o }", "text/csv").body == b"true"


def test_triples_come_in_every_format(site: Server, store: EmbeddedStore) -> None:
    query = "CONSTRUCT WHERE { ?s <https://w3id.org/rallynov/ontology#number> ?o }"
    for form in formats.GRAPHS:
        answer = site.query(query, form.media_type)
        assert (answer.status, answer.media_type) == (200, form.media_type)
        triples = {quad.triple for quad in parse(answer.body, format=form.rdf)}
        assert triples == set(store.construct(query))


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


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        r"SELECT * { \u0053ERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "ASK { FILTER(1<?x)#>'''\n SERVICE <http://127.0.0.1:1/> {} #'''\n }",
        "ASK { FILTER(1<?x)#>'''\n FILTER(bif:http_get('http://127.0.0.1:1/')) #'''\n }",
        'SELECT (bif:http_get("http://127.0.0.1:1/") AS ?x) {}',
        r'SELECT (\u0062if:http_get("http://127.0.0.1:1/") AS ?x) {}',
        'PREFIX s: <sql:> SELECT (s:anything("x") AS ?x) {}',
        r'PREFIX x: <http://www.open> SELECT (x:linksw.com\/schemas\/bif\#http_get("x") AS ?x) {}',
    ],
)
def test_what_would_call_out_is_refused(site: Server, query: str) -> None:
    assert problem(asked(site, query))["status"] == 403


@pytest.mark.parametrize("update", ["INSERT DATA { <urn:a> <urn:b> 1 }", "# a query\nDROP ALL"])
def test_an_update_is_no_query(site: Server, update: str) -> None:
    told = problem(asked(site, update))
    assert (told["status"], told["detail"]) == (400, NO_UPDATE)


def test_a_function_s_name_in_a_text_is_no_call(site: Server) -> None:
    assert asked(site, 'SELECT ("bif:http_get" AS ?x) {} # sql:').status == 200


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELECT *\n{ ?s ?p", 2, None), ("SELECT * {\n  ?s ex:p ?o }", 2, 6)],
)
def test_a_fault_is_shown_where_it_is(
    site: Server, query: str, line: int, column: int | None
) -> None:
    said = problem(asked(site, query))
    assert said["status"] == 400
    # Of its own accord, Virtuoso counts other lines than those of the query.
    assert said.get("line", line) == line
    assert column is None or said["column"] == column


@pytest.mark.parametrize(
    "query", ["DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }", "hello", "ALTER QUAD STORAGE x:y"]
)
def test_what_is_no_sparql_is_not_passed_on(site: Server, query: str) -> None:
    assert asked(site, query).status in (400, 403)


def test_pages_and_questions_are_there_and_what_needs_a_release_says_so(site: Server) -> None:
    for path in ("/", "/list/stage", "/questions/stages", "/questions/stages.csv", "/shapes"):
        assert site.ask("GET", path).status == 200, path
    report = site.ask("GET", "/report")
    assert (report.status, "publication" in report.text) == (404, True)


def test_a_visitor_s_query_on_a_page_is_passed_on_too(site: Server) -> None:
    query = quote("SELECT ?s { ?s a <https://w3id.org/rallynov/ontology#Rally> }")
    page = site.ask("GET", f"/sparql?query={query}", Accept="text/html")
    assert page.status == 200
    assert "/page/rally/" in page.text


THING = "/resource?iri=https://example.org/unknown"
JSON = "HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
ASK = '{"head": {}, "boolean": false}'
EMPTY = '{"head": {"vars": []}, "results": {"bindings": []}}'


def said_well(answer: str, *headers: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in (*headers, "Connection: close"))
    return f"{JSON}Content-Length: {len(answer)}\r\n{more}\r\n{answer}".encode()


@contextmanager
def pretending(said: dict[str, bytes | None]) -> Iterator[str]:
    """Run a server without any data, unless it shall say another thing; None is nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak(client: socket.socket) -> None:
            with client:
                request = b""
                while b"query=" not in request:
                    request += client.recv(65536)
                words = said.get("words", said_well(EMPTY if b"SELECT" in request else ASK))
                if words is None:
                    client.settimeout(20)
                    client.recv(1)
                else:
                    client.sendall(words)

        def listen() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=speak, args=(client,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>Welcome</h1>"
CUT_OFF = f"{JSON}Content-Length: 1000\r\n\r\n{ASK}".encode()
PART = said_well(ASK, "X-SPARQL-MaxRows: 10")
FAILED = b"HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nout of memory"
ELSEWHERE = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nConnection: close\r\n\r\n"
DENIED = b"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nConnection: close\r\n\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n"
TIMED_OUT = b"HTTP/1.1 500 Oh\r\nConnection: close\r\n\r\nS1T00 Error: Transaction timed out"


def test_a_server_that_fails_is_told_in_pages_and_answers() -> None:
    """Started while all is well: what is wrong comes later, and goes again."""
    said: dict[str, bytes | None] = {}
    with pretending(said) as url, serving("--endpoint", url, "--query-timeout", "1") as site:
        assert asked(site, "ASK {}").status == 200
        assert site.ask("GET", THING).status == 404
        for words, status in (
            (HTML, 502),
            (CUT_OFF, 502),
            (FAILED, 502),
            (ELSEWHERE, 502),
            (DENIED, 502),
            (PART, 422),
            (BUSY, 503),
            (TIMED_OUT, 504),
            (None, 504),
        ):
            said["words"] = words
            answer = asked(site, "ASK {}")
            assert answer.status == status, words
            assert url not in answer.text
            page = site.ask("GET", THING)
            assert page.status == (502 if status == 422 else status), words
            assert page.media_type == "text/html"
            assert "Rally’nov" in page.text or "graphe" in page.text
        said.clear()
        assert asked(site, "SELECT * {}").status == 200
        assert site.ask("GET", THING).status == 404


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
