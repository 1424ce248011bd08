"""The SPARQL 1.1 Protocol and the Graph Store Protocol, read only, on a real server."""

import html
import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, product
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.messages import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from servers import DATA, Answer, Server, serving

EXAMPLE = "https://example.org/"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
RESULTS, PROBLEM = "application/sparql-results+json", "application/problem+json"
CSV, TTL = "text/csv", "text/turtle"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ALL, MANY = "SELECT ?s { ?s ?p ?o }", "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
LABELS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label { ?s rdfs:label ?label } ORDER BY LCASE(STR(?label))"""
LIKES = f"CONSTRUCT {{ ?s <{EXAMPLE}likes> ?o }} {{ GRAPH ?g {{ ?s <{EXAMPLE}likes> ?o }} }}"
G1, G2 = f"{EXAMPLE}g1", f"{EXAMPLE}g2"
GRAPHS = "/sparql/graphs"
NO_UPDATE = "This endpoint only reads: an update is refused.\n"


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = {}  # noqa: RUF012


def get(query: str, accept: str = "", **more: str | list[str]) -> Asked:
    fields = {"query": query, **{name.replace("_", "-"): it for name, it in more.items()}}
    return to(f"/sparql?{urlencode(fields, True)}", accept)


def to(path: str, accept: str = "", method: str = "GET", body: bytes | None = None) -> Asked:
    return Asked(method, path, body, {"Accept": accept} if accept else {})


def post(body: str | bytes, kind: str = DIRECT, path: str = "/sparql") -> Asked:
    content = body.encode() if isinstance(body, str) else body
    return Asked("POST", path, content, {"Content_Type": kind} if kind else {})


def form(**fields: str | list[str]) -> Asked:
    return post(urlencode({name.replace("_", "-"): it for name, it in fields.items()}, True), FORM)


def asked(server: Server, request: Asked) -> Answer:
    return server.ask(request.method, request.path, request.body, **request.headers)


UPDATES = (
    f"LOAD <{EXAMPLE}>",
    f"PREFIX a: <{EXAMPLE}> INSERT DATA {{ a:a a:b a:c }}",
    r"\u0049NSERT DATA {}",
    "# a query\nDROP ALL",
    "DELETE WHERE { ?s ?p ?o }",
)
CALLS = (
    f"ASK {{ SERVICE <{EXAMPLE}> {{}} }}",
    f"ASK {{ SERVICE SILENT <{EXAMPLE}> {{}} }}",
    rf"ASK {{ \u0053ervice <{EXAMPLE}> {{}} }}",
    f"ASK {{ FILTER(1<?x)#>'''\n SERVICE <{EXAMPLE}> {{}} #'''\n }}",
)
CONFORMANCE: list[tuple[Asked, int, str, str]] = [
    # How a query is sent
    (get(LABELS, CSV), 200, CSV, "label\r\nchaise\r\nStuhl\r\n"),
    (form(query="ASK { FILTER('é €𝄞+%=&' = 'é €𝄞+%=&') }"), 200, RESULTS, "true"),
    (post("ASK {}", f"{DIRECT}; charset=UTF-8"), 200, RESULTS, "true"),
    (get("ASK {}", format="json", output="json"), 200, RESULTS, "true"),
    (get("SELECT ?x { BIND(<#x> AS ?x) }", CSV), 200, CSV, "/sparql#x"),
    (get("", ""), 400, "", "query is empty"),
    (form(query=" \n"), 400, "", "query is empty"),
    (post(" \n"), 400, "", "query is empty"),
    (post(b"query=%\n", FORM), 400, "", "percent sign"),
    (form(nothing="here"), 400, "", ""),
    (form(query=["ASK {}", "ASK {}"]), 400, "", ""),
    (post("ASK {}", DIRECT, "/sparql?query=ASK%7B%7D"), 400, "", "two queries"),
    (to("/sparql?query=ASK%7B%7D&query=ASK%7B%7D"), 400, "", ""),
    (to("/sparql?query=ASK%7B%7"), 400, "", ""),
    (to("/sparql?query=ASK%7B%7D%ff"), 400, "", ""),
    (to("/sparql?query=ASK%00%7B%7D"), 400, "", ""),
    (to(f"/sparql?{'&'.join(f'a{i}=1' for i in range(1001))}"), 400, "", ""),
    (get("ASK {}", default_graph_uri="no iri"), 400, "", ""),
    (post("ASK { ?s ?p 'é' }".encode("latin-1")), 400, "", ""),
    (post("ASK {}", "text/plain"), 415, "", ""),
    (post("ASK {}", ""), 415, "", ""),
    (post("ASK {}", f"{DIRECT}; charset=latin-1"), 415, "", ""),
    (post("query=ASK{}", "multipart/form-data"), 415, "", ""),
    (post("ASK {} #" + "x" * (1 << 19)), 200, RESULTS, "true"),
    (post("ASK {} #" + "x" * (1 << 20)), 413, "", ""),
    (to("/sparql", "", "PUT", b""), 405, "", ""),
    (to("/sparql", "", "DELETE", b""), 405, "", ""),
    # The dataset that is asked
    (get(ALL, CSV), 200, CSV, "s\r\n" + f"{EXAMPLE}a\r\n" * 4),
    (get(ALL, CSV, default_graph_uri=[G1, "urn:unknown"]), 200, CSV, f"{EXAMPLE}a\r\n" * 2),
    (get(ALL, CSV, default_graph_uri="urn:unknown"), 200, CSV, "s\r\n"),
    (get(ALL, CSV, named_graph_uri=G1), 200, CSV, "s\r\n"),
    (get(MANY, CSV, named_graph_uri=G1), 200, CSV, f"{EXAMPLE}a\r\n" * 2),
    (get(MANY, CSV, default_graph_uri=G1), 200, CSV, "s\r\n"),
    (post(ALL, path=f"/sparql?default-graph-uri={quote(G1)}"), 200, RESULTS, f"{EXAMPLE}a"),
    (get(f"SELECT ?s FROM <{G1}> {{ ?s ?p ?o }}", CSV), 200, CSV, f"{EXAMPLE}a\r\n" * 2),
    (get("SELECT ?s FROM <http://localhost/> { ?s ?p ?o }", CSV), 200, CSV, "s\r\n"),
    (
        get(f"DESCRIBE <{EXAMPLE}b>", "application/n-triples", default_graph_uri=G2),
        200,
        "",
        '"name',
    ),
    # The format of the answer
    (get(ALL, "*/*"), 200, RESULTS, ""),
    (get(LIKES, "*/*"), 200, TTL, ""),
    (get(ALL, "application/*;q=0, */*"), 200, CSV, ""),
    (get(ALL, "text/csv;q=0, */*"), 200, RESULTS, ""),
    (get(ALL, "text/csv, text/csv;header=absent;q=0.1, application/json;q=0.5"), 200, CSV, ""),
    (get(ALL, "image/png"), 406, "", TTL),
    (get(ALL, TTL), 406, "", CSV),
    (get(LIKES, CSV), 406, "", TTL),
    (get(ALL, ";;;,,q=x/y/z"), 406, "", ""),
    # What is wrong with a query
    (get("SELECT ?x {\n ?x ex:y ?z }", RESULTS), 400, PROBLEM, '"line": 2, "column": 5'),
    (get("SELECT ?x {\n ?x ex:y ?z }", CSV), 400, "text/plain", "line 2, column 5"),
    (get("nonsense", FIREFOX), 400, "text/html", "<form"),
    *((get(query), 403, "", "SERVICE is refused") for query in CALLS),
    (get("# service\nASK {\n '😀' service <urn:x> {} }", RESULTS), 403, PROBLEM, '"column": 6'),
    *((ask(query), 400, "", NO_UPDATE) for query in UPDATES for ask in (get, post)),
    (form(query=UPDATES[0]), 400, "", NO_UPDATE),
    (get("PREFIX a: <urn:>\n CLEAR ALL", RESULTS), 400, PROBLEM, '"line": 2, "column": 2'),
    (form(update="CLEAR ALL"), 403, "", ""),
    (to("/sparql?update=CLEAR+ALL"), 403, "", ""),
    (post("CLEAR ALL", "application/sparql-update"), 403, "", ""),
    # What the service says of itself
    (to("/sparql"), 200, TTL, "sd:Service"),
    (to("/sparql", FIREFOX), 200, "text/html", ""),
    (to("/sparql", CSV), 406, "", ""),
    # Its graphs
    (to(f"{GRAPHS}?default", "application/n-triples"), 200, "application/n-triples", "chaise"),
    (to(f"{GRAPHS}?graph={quote(G1)}"), 200, TTL, "likes"),
    (to(f"{GRAPHS}/{G1}"), 200, TTL, "likes"),
    (to(f"{GRAPHS}/{quote(G2, safe='')}"), 200, TTL, "nameless"),
    (to(f"{GRAPHS}?graph=urn:unknown", "application/json"), 404, PROBLEM, '"status": 404'),
    (to(f"{GRAPHS}/unknown"), 404, "", ""),
    (to(f"{GRAPHS}?graph=relative"), 400, "", ""),
    (to(f"{GRAPHS}?graph=%zz"), 400, "", ""),
    (to(f"{GRAPHS}?graph=http://a%20b"), 400, "", ""),
    (to(GRAPHS), 400, "", ""),
    (to(f"{GRAPHS}?default&graph=urn:x"), 400, "", ""),
    *((to(f"{GRAPHS}?default", "", it, b""), 405, "", "") for it in ("PUT", "POST", "DELETE")),
]


def test_each_request_has_its_answer(data_server: Server, subtests: pytest.Subtests) -> None:
    for request, status, media_type, words in CONFORMANCE:
        with subtests.test(
            request.method, path=request.path[:120], body=(request.body or b"")[:40]
        ):
            answer = asked(data_server, request)
            assert (answer.status, "Traceback" in answer.text) == (status, False)
            assert answer.media_type == media_type or not media_type
            assert words in answer.text and answer.body
            hold_for_every_site(answer)
            if request.method == "GET":
                head = data_server.ask("HEAD", request.path, **request.headers)
                assert (head.status, head.body) == (status, b"")
                for name in ("content-length", "content-type", "vary"):
                    assert head.headers[name] == answer.headers[name]


def hold_for_every_site(answer: Answer) -> None:
    """A script of any site may read an answer; a browser runs nothing that it holds."""
    assert answer.headers["access-control-allow-origin"] == "*"
    if answer.media_type == "text/html":
        return
    exposed = {*answer.headers["access-control-expose-headers"].split(", ")}
    assert {"etag", "link", "retry-after", "server-timing", "content-disposition"} <= exposed
    assert answer.headers["timing-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = {one.strip() for one in answer.headers["content-security-policy"].split(";")}
    assert {"default-src 'none'", "frame-ancestors 'none'", "sandbox"} <= policy
    if answer.status >= 400:
        assert answer.headers["cache-control"] == "no-store"


def test_options_tells_what_is_possible(data_server: Server) -> None:
    for path, allowed in (("/sparql", "GET, HEAD, POST, OPTIONS"), (GRAPHS, "GET, HEAD, OPTIONS")):
        answer = data_server.ask("OPTIONS", path, Origin=EXAMPLE)
        assert (answer.status, answer.headers["allow"]) == (204, allowed)
        assert answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-allow-origin"] == "*"


PROLOGUE = """BASE <https://example.org/>
PREFIX : <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
QUERIES = (
    "SELECT ?s ?o { ?s :likes ?o }",
    "SELECT * { :a :n 1 }",
    "SELECT ?service { ?service :n ?a FILTER(?a<50&&?a>0) }",
    "SELECT ?s { ?s :n 1 } # SERVICE <http://localhost/> {}",
    "SELECT ('''SERVICE <x> {''' AS ?x) (\"service\" AS ?y) {}",
    "SELECT ?s FROM <g1> FROM NAMED <g2> { ?s :likes ?o }",
    "SELECT ?s FROM <g1> FROM NAMED <g2> { GRAPH ?g { ?s :likes ?o } }",
    "SELECT ?x { BIND(<x/../y#z> AS ?x) }",
    "SELECT ('\\u00e9\\U0001F642' AS ?x) ('a\\tb\\\\' AS ?y) (1/0 AS ?z) {}",
    "SELECT (<<( :a :b 'c'@en )>> AS ?t) (STRLANGDIR('a', 'he', 'rtl') AS ?d) {}",
    "VERSION '1.2' SELECT (YEAR('2024-02-29T00:00:00Z'^^xsd:dateTime) AS ?y) (1/3 AS ?d) {}",
    "ASK { :a :n 1.0 }",
    "ASK { FILTER(false) }",
    "CONSTRUCT { ?s :called ?o } { GRAPH ?g { ?s :likes|:in ?o } }",
    "CONSTRUCT { ?s :x ?o } { FILTER(false) }",
    "DESCRIBE :a",
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    file = tmp_path_factory.mktemp("here") / "data.trig"
    file.write_text(DATA, "utf-8")
    return EmbeddedStore.of_files([file])


def test_what_the_engine_answers_arrives_in_every_format(
    data_server: Server, here: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    ways = cycle((get, lambda query, _: form(query=query), lambda query, _: post(query)))
    for query, written in product(QUERIES, (*formats.RESULTS, *formats.GRAPHS)):
        if (written in formats.GRAPHS) != query.startswith(("CONSTRUCT", "DESCRIBE")):
            continue
        with subtests.test(query, written=written.name):
            method, path, body, headers = next(ways)(PROLOGUE + query, "")
            headers = {**headers, "Accept": written.media_type}
            answer = data_server.ask(method, path, body, **headers)
            assert answer.status == 200, answer.text
            assert answer.headers["content-type"] == written.content_type
            assert answer.headers["vary"] == "Accept"
            wanted = here.serialize(PROLOGUE + query, written.media_type)
            assert said(answer.body, written) == said(wanted, written)


def said(content: bytes, form: Format) -> object:
    """Return what an answer says, whatever its order."""
    if form.results is None:
        return {*parse(content, format=form.rdf or RdfFormat.TURTLE)}
    if form is formats.RESULTS_CSV:
        return Counter(content.split(b"\r\n"))
    found = parse_query_results(content, format=form.results)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    return {it.value for it in found.variables}, Counter(str(row) for row in found)


def test_the_service_describes_itself_in_every_format(
    data_server: Server, subtests: pytest.Subtests
) -> None:
    tags = set()
    for written in formats.GRAPHS:
        with subtests.test(written.name):
            answer = data_server.ask("GET", "/sparql", Accept=written.media_type)
            assert answer.headers["content-type"] == written.content_type
            assert len([*parse(answer.body, format=written.rdf or RdfFormat.TURTLE)]) > 20
            known = {"Accept": written.media_type, "If_None_Match": answer.headers["etag"]}
            assert data_server.ask("GET", "/sparql", **known).status == 304
            tags.add(answer.headers["etag"])
    assert len(tags) == len(formats.GRAPHS)
    graph = Graph().parse(data=data_server.ask("GET", "/sparql").body, format="turtle")
    this = URIRef(data_server.endpoint)
    assert (this, RDF.type, SD.Service) in graph and (this, SD.endpoint, this) in graph
    assert (this, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert {str(it) for it in graph.objects(None, SD.name)} == {G1, G2}
    assert len([*graph.objects(this, SD.resultFormat)]) == 10


def test_the_shipped_data_are_described_and_their_graphs_have_paths(
    server: Server, release: Release
) -> None:
    told = server.ask("GET", "/sparql", Accept=TTL).text
    assert release.manifest.licence in told and "sd:UnionDefaultGraph" in told
    assert server.ask("GET", f"{GRAPHS}/id/graph/jeu-de-donnees", Accept=TTL).status == 200


def test_an_update_is_explained_to_readers_in_the_same_words(server: Server) -> None:
    words = load()["fr"]["sparql.said_403"]
    page = server.ask("GET", f"/sparql?query={quote('DROP ALL')}", Accept="text/html")
    assert (page.status, words in html.unescape(page.text)) == (400, True)
    checked = server.ask("POST", "/sparql/check", b"query=DROP+ALL", Content_Type=FORM)
    assert json.loads(checked.body)["fault"]["sentence"] == words


@pytest.fixture(scope="module")
def proxied(release: Release) -> Iterator[Server]:
    """A server that believes a proxy on this machine."""
    options = ("--release", str(release.path), "--proxy", "127.0.0.1", "--workers", "1")
    with serving(*options) as running:
        yield running


HERE = "SELECT (<here> AS ?there) {}"
PLACES = {
    "http://one.example.org": {"Host": "one.example.org"},
    "http://two.example.org:8080": {"Host": "two.example.org:8080"},
    "https://one.example.org": {"Host": "one.example.org", "X_Forwarded_Proto": "https"},
    "http://one.example.org/a": {"Host": "one.example.org", "X_Forwarded_Prefix": "/a"},
    "http://three.example.org": {"Host": "x", "X_Forwarded_Host": "three.example.org"},
}
"""How a proxy says at which address it was asked."""


@pytest.mark.parametrize("request_", [get(HERE), form(query=HERE)], ids=["get", "post"])
def test_an_answer_depends_on_the_whole_address_it_was_asked_at(
    proxied: Server, request_: Asked
) -> None:
    tags = set()
    for _ in range(2):  # the second time it is kept
        for address, told in PLACES.items():
            answer = asked(proxied, request_._replace(headers={**request_.headers, **told}))
            [row] = json.loads(answer.body)["results"]["bindings"]
            assert row["there"]["value"] == f"{address}/here"
            tags.add(answer.headers["etag"])
    assert len(tags) == len(PLACES)


def test_what_a_reader_has_of_another_address_is_sent_again(proxied: Server) -> None:
    one, other = PLACES["http://one.example.org"], PLACES["http://one.example.org/a"]
    for path in ("/data/stage/dole.ttl", "/page/stage/dole", get(HERE).path):
        tag = proxied.ask("GET", path, **one).headers["etag"]
        assert proxied.ask("GET", path, If_None_Match=tag, **one).status == 304
        assert proxied.ask("GET", path, If_None_Match=tag, **other).status == 200


def test_a_place_that_cannot_be_one_is_not_taken_into_addresses(
    data_server: Server, proxied: Server
) -> None:
    for host in ("a_b", "(x)", "x'y"):
        assert (
            f"{data_server.address}/here" in data_server.ask("GET", get(HERE).path, Host=host).text
        )
    long = f"/{'long' * 100}"
    assert long not in proxied.ask("GET", get(HERE).path, X_Forwarded_Prefix=long).text
    told = data_server.ask("GET", get(HERE).path, X_Forwarded_Host="evil.example.org").text
    assert "evil" not in told, "nobody on this machine is believed"


def test_clients_in_python_ask_every_form(data_server: Server) -> None:
    for method in ("GET", POST):
        client = SPARQLWrapper(data_server.endpoint)
        client.setMethod(method)
        client.setQuery(LABELS)
        client.setReturnFormat(JSON)
        found = client.queryAndConvert()
        assert [b["label"]["value"] for b in found["results"]["bindings"]] == ["chaise", "Stuhl"]
        client.setReturnFormat(TURTLE)
        client.setQuery(LIKES)
        assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) == 1
    graph = Graph(SPARQLStore(data_server.endpoint))
    assert len([*graph.triples((None, None, None))]) == 4
    assert bool(graph.query("ASK { ?s ?p 1 }"))
