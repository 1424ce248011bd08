"""Answers that clients keep under a tag."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from servers import Answer, Server, serving
from standin import StandIn

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ROWS = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 90"


@pytest.fixture(scope="module")
def one(release: Release) -> Iterator[Server]:
    """A server of one web process."""
    with serving("--release", str(release.path), "--workers", "1") as running:
        yield running


def post(server: Server, body: bytes, content_type: str, **headers: str) -> Answer:
    return server.ask("POST", "/sparql", body, Content_Type=content_type, **headers)


def test_a_client_may_keep_an_answer(one: Server) -> None:
    first = one.query(ROWS)
    assert "query;dur=" in first.headers["server-timing"]
    assert first.headers["cache-control"] == "public, max-age=0, s-maxage=10"
    path, tag = f"/sparql?query={quote(ROWS)}", first.headers["etag"]
    unchanged = one.ask("GET", path, If_None_Match=f'"other", {tag}')
    assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", tag)
    for other in ({"If_None_Match": '"other"'}, {"Accept": "text/csv", "If_None_Match": tag}):
        assert one.ask("GET", path, **other).status == 200
    for _ in range(2):  # what is not modified is said of a GET only (RFC 9110, 13.1.2)
        assert post(one, ROWS.encode(), DIRECT, If_None_Match=tag).status == 200


def test_an_answer_is_given_to_no_other_request(one: Server) -> None:
    body = b"query=ASK%7B%7D%23form"
    for _ in range(2):
        assert post(one, body, FORM).status == 200
    assert post(one, body, "text/plain").status == 415
    assert post(one, body, DIRECT).status == 400
    query = "ASK { ?s ?p ?o }"
    graphs = ({}, {"default_graph_uri": "urn:a"}, {"default_graph_uri": "urn:b"})
    told = [one.query(query, **it) for it in (*graphs, {"named_graph_uri": "urn:a"})]
    assert len({answer.headers["etag"] for answer in told}) == 4


@pytest.mark.parametrize(
    "query",
    [
        *("SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT (STRUUID() AS ?x) {}"),
        *(r"SELECT (\u004eOW() AS ?x) {}", r"ASK { FILTER(n\U0000004Fw()) }", r"ASK {} # \u0041"),
    ],
)
def test_what_may_be_another_the_next_time_is_not_kept(one: Server, query: str) -> None:
    """Servers differ in where they read escapes: one may read NOW() here."""
    answers = [one.query(query) for _ in range(4)]
    assert len({answer.body for answer in answers}) == 4 or "\\" in query
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert not any("etag" in answer.headers for answer in answers if answer.status == 200)


def test_what_a_reader_has_of_another_release_is_sent_again(
    one: Server, standins: StandIn, tmp_path: Path
) -> None:
    other = build(tmp_path / "releases", data=standins.data, ontology=standins.ontology)
    path, same = f"/sparql?query={quote('ASK { ?s ?p ?o }')}", {"Host": "rallynov.example.org"}
    tag = one.ask("GET", path, **same).headers["etag"]
    assert one.ask("GET", path, If_None_Match=tag, **same).status == 304
    with serving("--release", str(other.path), "--workers", "1") as running:
        assert running.ask("GET", path, If_None_Match=tag, **same).status == 200
