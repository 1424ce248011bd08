"""The SPARQL 1.1 Protocol, clause by clause, on a real server with real clients."""

import json
import shutil
import subprocess
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, XML, SPARQLWrapper

from rallynov_graph.http import protocol
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from servers import Server

EXAMPLE = "https://example.org/"
LABELS = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label { ?s rdfs:label ?label } ORDER BY LCASE(STR(?label))"""
LIKES = f"SELECT ?s {{ ?s <{EXAMPLE}likes> ?o }}"
GRAPH = f"CONSTRUCT {{ ?s <{EXAMPLE}likes> ?o }} {{ GRAPH ?g {{ ?s <{EXAMPLE}likes> ?o }} }}"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def form(**fields: str | list[str]) -> bytes:
    return urlencode({k.replace("_", "-"): v for k, v in fields.items()}, True).encode()


def rows(answer: bytes) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = json.loads(answer)["results"]["bindings"]
    return found


def test_a_query_by_get(data_server: Server) -> None:
    answer = data_server.query(LABELS, "text/csv")
    assert (answer.status, answer.text) == (200, "label\r\nchaise\r\nStuhl\r\n")


def test_a_query_by_form(data_server: Server) -> None:
    answer = data_server.ask("POST", "/sparql", form(query=LIKES), Content_Type=FORM)
    assert (answer.status, rows(answer.body)) == (200, [])


def test_a_query_by_post_as_it_is(data_server: Server) -> None:
    path = f"/sparql?default-graph-uri={quote(EXAMPLE + 'g1', safe='')}"
    query = LIKES.encode()
    answer = data_server.ask("POST", path, query, Content_Type=f"{DIRECT}; charset=UTF-8")
    assert rows(answer.body) == [{"s": {"type": "uri", "value": f"{EXAMPLE}a"}}]


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 4),
        ({"default_graph_uri": f"{EXAMPLE}g1"}, 2),
        ({"default_graph_uri": [f"{EXAMPLE}g1", f"{EXAMPLE}unknown"]}, 2),
        ({"default_graph_uri": f"{EXAMPLE}unknown"}, 0),
        ({"named_graph_uri": f"{EXAMPLE}g1"}, 0),
    ],
)
def test_the_request_names_the_default_graph(
    data_server: Server, more: dict[str, str | list[str]], count: int
) -> None:
    assert len(rows(data_server.query("SELECT ?s { ?s ?p ?o }", **more).body)) == count


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 5),
        ({"named_graph_uri": f"{EXAMPLE}g2"}, 3),
        ({"named_graph_uri": [f"{EXAMPLE}g1", f"{EXAMPLE}g2"]}, 5),
        ({"default_graph_uri": f"{EXAMPLE}g1"}, 0),
    ],
)
def test_the_request_names_the_named_graphs(
    data_server: Server, more: dict[str, str | list[str]], count: int
) -> None:
    query = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    found = len(rows(data_server.query(query, **more).body))
    assert found == count + (1 if not more or "g2" in str(more) else 0)


def test_from_names_graphs_of_the_dataset_and_fetches_nothing(data_server: Server) -> None:
    inside = data_server.query(f"SELECT ?s FROM <{EXAMPLE}g1> {{ ?s ?p ?o }}")
    outside = data_server.query(f"SELECT ?s FROM <{data_server.address}/> {{ ?s ?p ?o }}")
    assert (len(rows(inside.body)), len(rows(outside.body))) == (2, 0)


def test_unknown_parameters_are_ignored(data_server: Server) -> None:
    assert data_server.query("ASK {}", format="json", output="json", results="json").status == 200


@pytest.mark.parametrize("written", formats.RESULTS, ids=lambda f: f.name)
def test_a_table_is_answered_in_every_format(data_server: Server, written: Format) -> None:
    answer = data_server.query(LABELS, written.media_type)
    assert answer.headers["content-type"] == written.content_type
    assert "Stuhl" in answer.text
    assert data_server.query("ASK {}", written.media_type).text.count("true") == 1


@pytest.mark.parametrize("written", formats.GRAPHS, ids=lambda f: f.name)
def test_a_graph_is_answered_in_every_format(data_server: Server, written: Format) -> None:
    answer = data_server.query(GRAPH, written.media_type)
    assert answer.headers["content-type"] == written.content_type
    found = {quad.triple for quad in parse(answer.body, format=written.rdf or RdfFormat.TURTLE)}
    assert {str(triple) for triple in found} == {
        f"<{EXAMPLE}a> <{EXAMPLE}likes> <{EXAMPLE}b>",
    }


def test_a_description_is_a_graph(data_server: Server) -> None:
    answer = data_server.query(f"DESCRIBE <{EXAMPLE}a>", "application/n-triples")
    assert answer.text.count("\n") == 4


@pytest.mark.parametrize(
    "text",
    [
        "".join(map(chr, range(1, 256))),
        "a=b&c=%41+%2B%25=\n=\r\n=0A =",
        "= \t\r\n_?=3D",
        "été €𝄞\u2028",
    ],
    ids=["characters", "signs", "line ends", "beyond"],
)
def test_a_form_is_read_as_it_was_written(text: str) -> None:
    read = protocol.of_body(FORM, "", form(query=f"{text}x", default_graph_uri=[text, "b c"]))
    assert (read.query, read.default_graphs) == (f"{text}x", (text, "b c"))
    plain = f"query=x{text}".replace("%", "").replace("&", "").replace("+", "")
    assert protocol.of_body(FORM, "", plain.encode()).query == plain.removeprefix("query=")


def test_without_a_wish_the_answer_is_json_or_turtle(data_server: Server) -> None:
    assert data_server.query(LIKES).media_type == "application/sparql-results+json"
    assert data_server.query(GRAPH, "*/*").media_type == "text/turtle"


def test_the_answer_depends_on_accept_and_says_so(data_server: Server) -> None:
    for answer in (data_server.query(LIKES), data_server.query("nonsense")):
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_no_acceptable_format_is_told_with_the_list(data_server: Server) -> None:
    for query, accept in ((LIKES, "image/png"), (LIKES, "text/turtle"), (GRAPH, "text/csv")):
        answer = data_server.query(query, accept)
        assert answer.status == 406
        assert "text/turtle" in answer.text
        assert "text/csv" in answer.text


def test_a_relative_iri_is_resolved_against_the_endpoint(data_server: Server) -> None:
    answer = data_server.query("SELECT ?x { BIND(<#x> AS ?x) }")
    assert rows(answer.body)[0]["x"]["value"] == f"{data_server.endpoint}#x"


def test_an_error_is_a_problem_for_programs_and_text_for_people(data_server: Server) -> None:
    query = "SELECT ?x {\n ?x ex:y ?z }"
    problem = data_server.query(query, "application/sparql-results+json")
    assert (problem.status, problem.media_type) == (400, "application/problem+json")
    said = json.loads(problem.body)
    assert (said["status"], said["line"], said["column"]) == (400, 2, 5)
    text = data_server.query(query, "text/csv")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text == f"{said['detail']}\n"
    assert "line 2, column 5" in text.text


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ SERVICE <{EXAMPLE}> {{}} }}",
        f"ASK {{ SERVICE SILENT <{EXAMPLE}> {{}} }}",
        rf"ASK {{ \u0053ervice <{EXAMPLE}> {{}} }}",
        f"ASK {{ FILTER(1<?x)#>'''\n SERVICE <{EXAMPLE}> {{}} #'''\n }}",
    ],
)
def test_calls_are_forbidden(data_server: Server, query: str) -> None:
    assert data_server.query(query).status == 403


@pytest.mark.parametrize(
    "update",
    [
        f"LOAD <{EXAMPLE}>",
        f"PREFIX a: <{EXAMPLE}> INSERT DATA {{ a:a a:b a:c }}",
        r"\u0049NSERT DATA {}",
        "CLEAR ALL",
        "# a query\nDROP ALL",
        "DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_no_query(data_server: Server, update: str) -> None:
    sent = [
        data_server.query(update),
        data_server.ask("POST", "/sparql", form(query=update), Content_Type=FORM),
        data_server.ask("POST", "/sparql", update.encode(), Content_Type=DIRECT),
    ]
    for answer in sent:
        assert (answer.status, answer.text) == (400, f"{protocol.NO_UPDATE}\n")


@pytest.mark.parametrize(
    ("query", "status", "line", "column"),
    [
        ("# service\nASK {\n '\U0001f600' service <urn:x> {} }", 403, 3, 6),
        ("PREFIX a: <urn:>\n INSERT DATA { a:a a:b a:c }", 400, 2, 2),
        (r"ASK { \u0053ervice <urn:x> {} }", 403, None, None),
    ],
)
def test_what_is_refused_is_told_with_its_place(
    data_server: Server, query: str, status: int, line: int | None, column: int | None
) -> None:
    answer = data_server.query(query, "application/sparql-results+json, application/problem+json")
    told = json.loads(answer.text)
    assert (answer.status, told.get("line"), told.get("column")) == (status, line, column)


def test_an_update_is_forbidden_however_it_is_sent(data_server: Server) -> None:
    update, as_it_is = "INSERT DATA {}", "application/sparql-update"
    sent = [
        data_server.ask("POST", "/sparql", form(update=update), Content_Type=FORM),
        data_server.ask("POST", "/sparql", update.encode(), Content_Type=as_it_is),
        data_server.ask("GET", f"/sparql?update={quote(update)}"),
    ]
    assert [answer.status for answer in sent] == [403, 403, 403]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=", 400),
        ("/sparql?query=%20%0A", 400),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("/sparql?query=ASK%7B%7", 400),
        ("/sparql?query=ASK%zz", 400),
        ("/sparql?query=ASK%7B%7D%ff", 400),
        ("/sparql?query=ASK%00%7B%7D", 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=no+iri", 400),
        (f"/sparql?{'&'.join(f'a{i}=1' for i in range(1001))}", 400),
    ],
)
def test_a_bad_address_is_told(data_server: Server, path: str, status: int) -> None:
    answer = data_server.ask("GET", path)
    assert answer.status == status
    assert answer.body.strip()
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        ("ASK { ?s ?p 'é' }".encode("latin-1"), DIRECT, 400),
        (b"ASK {}", f"{DIRECT}; charset=latin-1", 415),
        (b"", DIRECT, 400),
        (b"nothing=here", FORM, 400),
        (b"query=ASK{}&query=ASK{}", FORM, 400),
        (b"query=%", FORM, 400),
        (b"ASK {} #" + b"a" * (1 << 20), DIRECT, 413),
        (b"a" * (5 << 20), DIRECT, 413),
    ],
)
def test_a_bad_body_is_told(
    data_server: Server, body: bytes, content_type: str, status: int
) -> None:
    answer = data_server.ask("POST", "/sparql", body, Content_Type=content_type)
    assert answer.status == status
    assert b"Traceback" not in answer.body


def test_head_is_get_without_the_body(data_server: Server) -> None:
    path = f"/sparql?query={quote(LABELS)}"
    head, get = data_server.ask("HEAD", path), data_server.ask("GET", path)
    assert head.body == b""
    for name in ("content-length", "content-type", "vary"):
        assert head.headers[name] == get.headers[name]


def test_options_tells_what_is_possible(data_server: Server) -> None:
    answer = data_server.ask("OPTIONS", "/sparql", Origin=EXAMPLE)
    assert answer.status == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "BREW"])
def test_other_methods_are_not_allowed(data_server: Server, method: str) -> None:
    answer = data_server.ask(method, "/sparql", b"")
    assert answer.status in {400, 405} if method == "BREW" else answer.status == 405


def test_every_answer_may_be_read_from_another_site(data_server: Server) -> None:
    answers = [
        data_server.query(LIKES),
        data_server.query("nonsense"),
        data_server.ask("OPTIONS", "/sparql"),
        data_server.ask("DELETE", "/sparql"),
    ]
    assert [a.headers["access-control-allow-origin"] for a in answers] == ["*"] * 4


def test_sparqlwrapper_asks_every_form(data_server: Server) -> None:
    for method in ("GET", POST):
        client = SPARQLWrapper(data_server.endpoint)
        client.setMethod(method)
        client.setQuery(LABELS)
        client.setReturnFormat(JSON)
        found = client.queryAndConvert()
        assert [b["label"]["value"] for b in found["results"]["bindings"]] == ["chaise", "Stuhl"]
        client.setReturnFormat(XML)
        client.setQuery("ASK {}")
        assert "true" in client.queryAndConvert().toxml()
        client.setReturnFormat(TURTLE)
        client.setQuery(GRAPH)
        assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) == 1


def test_rdflib_reads_the_endpoint_as_a_graph(data_server: Server) -> None:
    graph = Graph(SPARQLStore(data_server.endpoint))
    assert len(list(graph.triples((None, None, None)))) == 4
    assert bool(graph.query("ASK { ?s ?p 1 }"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_curl_asks(data_server: Server) -> None:
    asked = [
        *("curl", "--silent", "--show-error", "--fail", data_server.endpoint),
        *("--data-urlencode", f"query={LABELS}"),
        *("--header", "Accept: application/sparql-results+xml"),
    ]
    found = ElementTree.fromstring(subprocess.run(asked, capture_output=True, check=True).stdout)
    assert [e.text for e in found.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [
        "chaise",
        "Stuhl",
    ]


def test_the_shipped_data_answer_over_http(server: Server) -> None:
    answer = server.query("PREFIX rn: <https://w3id.org/rallynov/ontology#> ASK { ?s a rn:Stage }")
    assert json.loads(answer.body)["boolean"] is True
