"""An answer that is kept is told only to who would have got the same one."""

import json
import socket
from collections.abc import Iterator
from itertools import combinations
from urllib.parse import quote, urlsplit

import pytest

from rallynov_graph.release.release import Release
from servers import Answer, Server, serving

HERE = quote("SELECT (<here> AS ?there) {}")
ADDRESSES = {
    "http://one.example.org": {"Host": "one.example.org"},
    "http://two.example.org": {"Host": "two.example.org"},
    "http://two.example.org:8080": {"Host": "two.example.org:8080"},
    "https://one.example.org": {"Host": "one.example.org", "X_Forwarded_Proto": "https"},
    "http://one.example.org/a": {"Host": "one.example.org", "X_Forwarded_Prefix": "/a"},
    "http://one.example.org/b": {"Host": "one.example.org", "X_Forwarded_Prefix": "/b"},
    "http://three.example.org": {"Host": "x", "X_Forwarded_Host": "three.example.org"},
}
"""How a proxy says at which address it was asked."""


@pytest.fixture(scope="module")
def behind(release: Release) -> Iterator[Server]:
    """A server that believes a proxy on this machine."""
    with serving(
        "--release", str(release.path), "--proxy", "127.0.0.1", "--workers", "1"
    ) as running:
        yield running


def there(answer: Answer) -> str:
    found: str = json.loads(answer.body)["results"]["bindings"][0]["there"]["value"]
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_depends_on_the_whole_address_it_was_asked_at(
    behind: Server, method: str
) -> None:
    tags = set()
    for _ in range(2):
        for address, said in ADDRESSES.items():
            if method == "GET":
                answer = behind.ask("GET", f"/sparql?query={HERE}", **said)
            else:
                form = {"Content_Type": "application/x-www-form-urlencoded"}
                answer = behind.ask("POST", "/sparql", f"query={HERE}".encode(), **said, **form)
            assert there(answer) == f"{address}/here"
            tags.add(answer.headers["etag"])
    assert "cache" in answer.headers["server-timing"], "the second time it is kept"
    assert len(tags) == len(ADDRESSES)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/list/stage",
        "/page/stage/dole",
        "/data/stage/dole.ttl",
        "/data/stage/dole.jsonld",
        "/.well-known/void",
        "/sparql",
        "/sparql/graphs?default",
    ],
)
def test_two_answers_of_one_tag_are_the_same(behind: Server, path: str) -> None:
    accept = "text/html" if "." not in path and "/sparql" not in path else "text/turtle"
    told = [behind.ask("GET", path, Accept=accept, **said) for said in [{}, *ADDRESSES.values()]]
    assert {answer.status for answer in told} == {200}
    for one, other in combinations(told, 2):
        if one.headers["etag"] == other.headers["etag"]:
            assert one.body == other.body
            assert one.headers.get("link") == other.headers.get("link")


def test_what_a_reader_has_of_another_address_is_sent_again(behind: Server) -> None:
    one, other = ADDRESSES["http://one.example.org"], ADDRESSES["http://one.example.org/a"]
    for path in ("/data/stage/dole.ttl", "/page/stage/dole", f"/sparql?query={HERE}"):
        tag = behind.ask("GET", path, **one).headers["etag"]
        assert behind.ask("GET", path, If_None_Match=tag, **one).status == 304
        assert behind.ask("GET", path, If_None_Match=tag, **other).status == 200


def test_who_names_no_host_is_told_of_the_address_that_was_reached(release: Release) -> None:
    with serving("--release", str(release.path), "--host", "0.0.0.0", "--workers", "1") as running:
        port = urlsplit(running.address).port
        for _ in range(2):
            for address in ("127.0.0.1", "127.0.0.2"):
                with socket.create_connection((address, port), timeout=30) as client:
                    client.sendall(f"GET /sparql?query={HERE} HTTP/1.0\r\n\r\n".encode())
                    received = b"".join(iter(lambda: client.recv(1 << 16), b""))
                assert f'"http://{address}:{port}/here"'.encode() in received
