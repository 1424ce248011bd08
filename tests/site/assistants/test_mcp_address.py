"""``/mcp``: where it is, who may ask, and what a message that is none gets."""

import pytest
from flask import Flask

from rallynov_graph.release.attribution import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

HEADERS = {"Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
BASE = "https://data.example.org/rally/"


@pytest.fixture(scope="module")
def asked(store: EmbeddedStore, release: Release) -> Flask:
    return create_app(store.pages(), release, publication=Publication(has_mcp=True))


def test_it_is_not_there_unless_it_is_asked_for(site: Flask) -> None:
    client = site.test_client()
    assert client.post("/mcp", json=PING, headers=HEADERS).status_code == 404
    assert client.get("/mcp").status_code == 404


def test_a_page_of_another_site_is_refused(asked: Flask) -> None:
    client = asked.test_client()
    for host, origin, status in (
        ("localhost:8000", "", 200),
        ("example.org", "", 200),
        ("localhost:8000", "http://localhost:8000", 200),
        ("127.0.0.1:8000", "http://[::1]:3000", 200),
        ("localhost:8000", "https://evil.example", 403),
        ("evil.example", "http://evil.example", 403),
        ("localhost:8000", "null", 403),
        ("localhost:8000", "http://[", 403),
    ):
        headers = {**HEADERS, "Host": host} | ({"Origin": origin} if origin else {})
        answer = client.post("/mcp", json=PING, headers=headers)
        assert answer.status_code == status, (host, origin)
    assert "web page of another site" in answer.text


def test_a_published_site_welcomes_its_own_pages_alone(
    store: EmbeddedStore, release: Release
) -> None:
    app = create_app(store.pages(), release, publication=Publication(BASE, has_mcp=True))
    for origin, status in (("https://data.example.org", 200), ("http://localhost", 403)):
        headers = {**HEADERS, "Origin": origin, "Host": "localhost"}
        assert app.test_client().post("/mcp", json=PING, headers=headers).status_code == status


def test_a_message_that_is_none_gets_a_clear_status(asked: Flask) -> None:
    client, pong = asked.test_client(), {"jsonrpc": "2.0", "id": 1, "result": {}}
    for body, content_type, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"no/such"}', "application/json", 200),
        (b"x=1", "application/x-www-form-urlencoded", 400),
        (b" " * 70_000, "application/json", 413),
        (b"[" * 60_000, "application/json", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":3}', "application/json", 400),
    ):
        answer = client.post("/mcp", data=body, content_type=content_type, headers=HEADERS)
        assert answer.status_code == status, answer.text
        assert answer.json is not None and len(answer.text) < 1000
        assert client.post("/mcp", json=PING, headers=HEADERS).json == pong


def test_nothing_is_sent_to_who_only_listens(asked: Flask) -> None:
    answer = asked.test_client().get("/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert asked.test_client().post("/mcp", json=told, headers=HEADERS).status_code == 202
