"""What the service tells programs of itself, its graphs one by one, and answers kept."""

import gzip
import html
import http.client
import json
import socket
from urllib.parse import quote, urlsplit

import pytest
import zstandard
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, Namespace, URIRef

from rallynov_graph.http import encodings
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.release import Release
from rallynov_graph.server.answer_cache import (
    AnswerCache,
    CachedAnswer,
    is_volatile,
)
from rallynov_graph.site.web.messages import load
from servers import Answer, Server

EXAMPLE = "https://example.org/"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ALL = "SELECT * { ?s ?p ?o }"
GRAPHS = "/sparql/graphs"


def described(answer: Answer) -> Graph:
    return Graph().parse(data=answer.body, format="turtle")


def test_without_a_query_the_service_describes_itself(data_server: Server) -> None:
    answer = data_server.ask("GET", "/sparql")
    assert (answer.status, answer.media_type) == (200, "text/turtle")
    graph, this = described(answer), URIRef(data_server.endpoint)
    assert (this, RDF.type, SD.Service) in graph
    assert (this, SD.endpoint, this) in graph
    assert (this, SD.supportedLanguage, SD.SPARQL11Query) in graph
    named = {str(o) for o in graph.objects(None, SD.name)}
    assert named == {f"{EXAMPLE}g1", f"{EXAMPLE}g2"}
    assert len(list(graph.objects(this, SD.resultFormat))) == 10


def test_the_description_of_a_release_tells_its_licence(server: Server, release: Release) -> None:
    said = server.ask("GET", "/sparql", Accept="text/turtle").text
    assert release.manifest.licence in said
    assert "sd:UnionDefaultGraph" in said


def test_a_description_that_is_known_is_not_sent_again(data_server: Server) -> None:
    first = data_server.ask("GET", "/sparql", Accept="application/n-triples")
    known = {"Accept": "application/n-triples", "If_None_Match": first.headers["etag"]}
    assert data_server.ask("GET", "/sparql", **known).status == 304
    other = data_server.ask("GET", "/sparql", Accept="text/turtle")
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("written", formats.GRAPHS, ids=lambda f: f.name)
def test_the_description_comes_in_every_format(data_server: Server, written: Format) -> None:
    answer = data_server.ask("GET", "/sparql", Accept=written.media_type)
    assert answer.headers["content-type"] == written.content_type
    assert len(list(parse(answer.body, format=written.rdf or RdfFormat.TURTLE))) > 20


def test_a_browser_gets_a_page_and_a_table_is_no_description(data_server: Server) -> None:
    browser = data_server.ask("GET", "/sparql", Accept="text/html,application/xml;q=0.9,*/*;q=0.8")
    assert browser.media_type == "text/html"
    assert data_server.ask("GET", "/sparql", Accept="text/csv").status == 406


def test_a_description_is_concise_and_bounded(data_server: Server) -> None:
    query = f"DESCRIBE <{EXAMPLE}b>"
    answer = data_server.query(query, "application/n-triples", default_graph_uri=f"{EXAMPLE}g2")
    assert answer.text.count("\n") == 3
    assert '"nameless"' in answer.text


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (f"{GRAPHS}?default", 4),
        (f"{GRAPHS}?graph={quote(EXAMPLE + 'g1', safe='')}", 2),
        (f"{GRAPHS}/{EXAMPLE}g1", 2),
        (f"{GRAPHS}/{quote(EXAMPLE + 'g2', safe='')}", 4),
    ],
)
def test_a_graph_is_named_both_ways(data_server: Server, path: str, count: int) -> None:
    answer = data_server.ask("GET", path, Accept="application/n-triples")
    assert (answer.status, answer.text.count("\n")) == (200, count)
    head = data_server.ask("HEAD", path, Accept="application/n-triples")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.body))


def test_a_graph_of_ours_answers_under_its_own_path(server: Server) -> None:
    answer = server.ask("GET", f"{GRAPHS}/id/graph/jeu-de-donnees", Accept="text/turtle")
    assert answer.status == 200
    assert "dcterms" in answer.text or "purl.org/dc/terms" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{GRAPHS}?graph=urn:unknown", 404),
        (f"{GRAPHS}/unknown", 404),
        (f"{GRAPHS}?graph=relative", 400),
        (f"{GRAPHS}?graph=%zz", 400),
        (GRAPHS, 400),
        (f"{GRAPHS}?default&graph=urn:x", 400),
    ],
)
def test_a_graph_that_is_not_there_is_told(data_server: Server, path: str, status: int) -> None:
    answer = data_server.ask("GET", path, Accept="application/json")
    assert (answer.status, answer.media_type) == (status, "application/problem+json")
    assert json.loads(answer.body)["status"] == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_graph_cannot_be_written(data_server: Server, method: str) -> None:
    answer = data_server.ask(method, f"{GRAPHS}?default", b"")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "path",
    ["/", "/sparql", f"{GRAPHS}?default", "/no/such/page", "/data/none/none.ttl", "/healthz"],
)
def test_every_answer_may_be_read_from_every_site(data_server: Server, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT"):
        answer = data_server.ask(method, path, Origin=EXAMPLE)
        assert answer.headers["access-control-allow-origin"] == "*", method
        assert answer.status < 500


def test_an_answer_is_kept_and_the_client_may_keep_it_too(server: Server) -> None:
    first = server.query(f"{ALL} LIMIT 7")
    assert first.headers["cache-control"] == "public, no-cache"
    assert "query;dur=" in first.headers["server-timing"]
    again = [server.query(f"{ALL} LIMIT 7") for _ in range(8)]
    assert {answer.body for answer in again} == {first.body}
    assert "cache;desc=hit" in {answer.headers["server-timing"] for answer in again}
    path = f"/sparql?query={quote(f'{ALL} LIMIT 7')}"
    tag = first.headers["etag"]
    unchanged = server.ask("GET", path, If_None_Match=f'"other", {tag}')
    assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", tag)
    assert server.ask("GET", path, If_None_Match='"other"').status == 200
    assert server.ask("GET", path, Accept="text/csv", If_None_Match=tag).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (rand() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
    ],
)
def test_what_changes_by_itself_is_not_kept(server: Server, query: str) -> None:
    assert is_volatile(query)
    answers = [server.query(query) for _ in range(4)]
    assert len({answer.body for answer in answers}) == 4
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert not any("etag" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "query", [r"ASK { FILTER(\u004eOW()) }", r"ASK { FILTER(n\U0000004Fw()) }", r"ASK {} # \u0041"]
)
def test_what_an_escape_may_spell_is_not_kept(server: Server, query: str) -> None:
    """Servers differ in where they read escapes: one may read NOW() here."""
    assert is_volatile(query)
    assert server.query(query).headers["cache-control"] == "no-store"


def test_an_update_is_explained_to_readers_in_the_same_words(server: Server) -> None:
    words = load()["fr"]["sparql.said_403"]
    page = server.ask("GET", f"/sparql?query={quote('DROP ALL')}", Accept="text/html")
    assert (page.status, words in html.unescape(page.text)) == (400, True)
    form = "application/x-www-form-urlencoded"
    checked = server.ask("POST", "/sparql/check", b"query=DROP+ALL", Content_Type=form)
    assert json.loads(checked.body)["fault"]["sentence"] == words


def test_errors_are_not_kept(server: Server) -> None:
    assert server.query("nonsense").headers["cache-control"] == "no-store"


def test_kept_answers_are_bounded() -> None:
    answers = AnswerCache(most=10_000)
    for number in range(100):
        answers.keep((b"%d" % number,), CachedAnswer((), b"x" * 1000, b""))
    assert answers.held <= 10_000
    assert answers.get((b"0",)) is None
    assert answers.get((b"99",)) is not None


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_long_answer_is_compressed_for_who_takes_that(server: Server, coding: str) -> None:
    path = f"/sparql?query={quote(f'{ALL} LIMIT 500')}"
    plain = server.ask("GET", path)
    assert "content-encoding" not in plain.headers
    packed = server.ask("GET", path, Accept_Encoding=coding)
    assert packed.headers["content-encoding"] == coding
    assert len(packed.body) < len(plain.body) / 3
    unpack = gzip.decompress if coding == "gzip" else zstandard.ZstdDecompressor().decompress
    assert unpack(packed.body) == plain.body
    short = server.ask("GET", "/sparql?query=ASK%7B%7D", Accept_Encoding=coding)
    assert "content-encoding" not in short.headers


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"", ""),
        (b"identity", ""),
        (b"gzip", "gzip"),
        (b"gzip, deflate, br, zstd", "zstd"),
        (b"zstd;q=0.5, gzip;q=0.8", "gzip"),
        (b"gzip;q=0, *", "zstd"),
        (b"gzip;q=0", ""),
        (b"gzip;q=nonsense", ""),
        (b"\xff;;=,", ""),
    ],
)
def test_the_coding_is_what_the_client_likes_best(accepted: bytes, coding: str) -> None:
    assert encodings.best(accepted) == coding


def test_a_post_is_answered_like_a_get_on_one_connection(data_server: Server) -> None:
    place = urlsplit(data_server.address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    bodies = set()
    for _ in range(3):
        connection.request(
            "POST", "/sparql", ALL.encode(), {"Content-Type": "application/sparql-query"}
        )
        bodies.add(len(connection.getresponse().read()))
    connection.request("GET", f"/sparql?query={quote(ALL)}")
    bodies.add(len(connection.getresponse().read()))
    connection.close()
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("GET", {"Accept": ";;;,,q=x/y/z"}, b"", 406),
        ("GET", {"Accept": "text/csv;q=0, */*"}, b"", 200),
        ("POST", {"Content_Type": "application/x-www-form-urlencoded"}, b"update=CLEAR+ALL", 403),
        ("POST", {"Content_Type": "multipart/form-data"}, b"query=ASK{}", 415),
        ("QUERY", {"Content_Type": "application/sparql-query"}, b"ASK {}", 405),
    ],
)
def test_odd_requests_get_the_right_status(
    data_server: Server, method: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = data_server.ask(
        method, "/sparql?query=ASK%7B%7D" if method == "GET" else "/sparql", body, **headers
    )
    assert answer.status in ({400, status} if method == "QUERY" else {status})


ASK = "/sparql?query=ASK%7B%7D"
DIRECT = "Content-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    ("line", "rest", "status"),
    [
        ("GET /sparql?query=%zz", "", 400),
        ("GET /sparql?query=%ff", "", 400),
        ("GET /sparql?query=ASK{'\u00e9'}", "", 400),
        (f"GET {GRAPHS}/%ff%fe", "", 400),
        (f"GET {GRAPHS}?graph=http://a%20b", "", 400),
        ("GET /%ff%00", "", 404),
        ("TRACE /sparql", "", 405),
        ("BREW /sparql", "", 400),
        ("CONNECT x:1", "", 400),
        ("OPTIONS *", "", 204),
        (f"GET http://x{ASK}", "", 200),
        (f"GET {ASK}", "Upgrade: websocket\r\n", 200),
        (f"GET {ASK}", 'If-None-Match: ,,\xff"*\r\n', 200),
        (f"GET {ASK}", "Accept-Encoding: \xff;q=nan, gzip;q=inf\r\n", 200),
        (f"GET {ASK}", "Accept: ;;/,*/*;q=zz,\xff\r\n", 200),
        (f"GET {ASK}", "Accept: ;;/,*;q=zz,\xff\r\n", 406),
        ("POST /sparql", f"{DIRECT}Content-Length: abc\r\n", 400),
        ("POST /sparql", f"{DIRECT}Transfer-Encoding: chunked\r\n\r\n6\r\nASK {{}}\r\n0\r\n", 200),
        ("POST /sparql", f"{DIRECT}Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
)
def test_bytes_that_no_client_library_sends_get_the_right_status(
    data_server: Server, line: str, rest: str, status: int
) -> None:
    place = urlsplit(data_server.address)
    head = f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{rest}\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=20) as client:
        client.sendall(head.encode("latin-1"))
        answer = b"".join(iter(lambda: client.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"access-control-allow-origin: *" in answer
    assert b"Traceback" not in answer
