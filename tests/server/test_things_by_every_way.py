"""A page or a document of a thing is the same, whichever way it is asked for."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
from flask import Flask
from pyoxigraph import NamedNode

import standin
from rallynov_graph.base.namespaces import ID
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.release import release_set, withdrawals
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.server import opening
from servers import Server, serving

HOST = "site.test"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
OF_FLASK = {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
"""Always fulfilled; who asks so is answered by the routes, in a thread."""
OF_PROXY = {
    "Host": "127.0.0.1",
    "X-Forwarded-For": "198.51.100.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": HOST,
}
CHANGES = ("date", "server-timing", "connection", "content-length")
"""Headers that are not the answer's own; the length is that of the body."""
GONE = "person/someone"

Reply = tuple[int, Mapping[str, str], bytes]


@dataclass(frozen=True)
class Served:
    """A site of two releases, as a server and in this process."""

    server: Server
    latest: Flask
    earlier: Flask
    place: str
    """The path of the earlier release."""

    def by_every_way(
        self, path: str, method: str = "GET", accept: str = BROWSER, **more: str
    ) -> dict[str, Reply]:
        """Return what comes for a request, by the name of the way."""
        own = {"Accept": accept} | {name.replace("_", "-"): it for name, it in more.items()}
        ways = {
            "in one piece": self._sent(method, path, own),
            "in two pieces": self._sent(method, path, own, in_two=True),
            "by a thread": self._sent(method, path, own | OF_FLASK),
            "through a proxy": self._sent(method, path, own | OF_PROXY),
        }
        return ways | {"in this process": self._made(method, path, own)}

    def _sent(
        self, method: str, path: str, headers: Mapping[str, str], in_two: bool = False
    ) -> Reply:
        place = urlsplit(self.server.address)
        lines = {"Host": HOST, **headers, "Connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode()
        *first, rest = (request[:30], request[30:]) if in_two else (request,)
        with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for part in first:
                connection.sendall(part)
                time.sleep(0.01)
            connection.sendall(rest)
            answer = HTTPResponse(connection, method=method)
            answer.begin()
            return answer.status, _own(answer.getheaders()), answer.read()

    def _made(self, method: str, path: str, headers: Mapping[str, str]) -> Reply:
        is_earlier = path.startswith(self.place)
        app = self.earlier if is_earlier else self.latest
        root = self.place if is_earlier else ""
        answer = app.test_client().open(
            path.removeprefix(root), method=method, headers=headers, base_url=f"http://{HOST}{root}"
        )
        return answer.status_code, _own(answer.headers.items()), answer.data


def _own(headers: object) -> Mapping[str, str]:
    named = {name.lower(): value for name, value in headers}  # type: ignore[attr-defined]
    return {name: value for name, value in named.items() if name not in CHANGES}


@pytest.fixture(scope="module")
def served(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped data, and a tiny earlier release that has withdrawn somebody."""
    sources = standin.make(tmp_path_factory.mktemp("sources") / "sources")
    sources.stages.write_text(standin.STAGES.replace("https://example.org/", f"{ID}stage/"))
    gone = withdrawals.text([withdrawals.hash_of(f"{ID}{GONE}")])
    (sources.data / withdrawals.FILE).write_text(gone, "utf-8")
    out = tmp_path_factory.mktemp("earlier")
    tiny = build(out, data=sources.data, ontology=sources.ontology, checked=False)
    latest, earlier = opening.of_releases([release, tiny]).all
    assert isinstance(latest.pages, Flask)
    assert isinstance(earlier.pages, Flask)
    folders = ("--release", str(release.path), "--release", str(tiny.path))
    with serving(*folders, "--proxy", "127.0.0.1", "--workers", "1") as server:
        yield Served(server, latest.pages, earlier.pages, release_set.path_of(tiny))


def only(replies: dict[str, Reply]) -> Reply:
    """Return the reply that came by every way."""
    first = replies["in one piece"]
    for way, reply in replies.items():
        assert reply[:2] == first[:2], way
        assert reply[2] == first[2], way
    return first


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/page/stage/vesoul", 200),
        ("/page/stage/vesoul?lang=en", 200),
        ("/page/organisation/conseil-regional?certainty=explicit", 200),
        ("/page/innovation/mamhique?certainty=inferred&lang=en", 200),
        ("/page/stage/vesoul?lang=en&certainty=explicit", 200),
        ("/page/stage/vesoul?certainty=tentative", 301),
        ("/page/stage/vesoul?certainty=sure", 400),
        ("/page/stage/vesoul?lang=xx", 400),
        ("/page/theme/gouvernance-et-participation", 200),
        ("/page/stage/vesool", 404),
        ("/page/stage/vesoul.ttl", 404),
        (f"/page/{GONE}", 410),
        *((f"/data/stage/vesoul{form.suffix}", 200) for form in GRAPHS),
        ("/data/stage/vesoul.csv", 200),
        ("/data/stage/vesoul.xyz", 404),
        ("/data/stage/vesoul.ttl?lang=en", 200),
        ("/data/stage/vesool.ttl", 404),
        (f"/data/{GONE}.ttl", 410),
        ("/id/stage/vesoul", 303),
        (f"/id/{GONE}", 410),
    ],
)
def test_a_thing_is_the_same_by_every_way(served: Served, path: str, status: int) -> None:
    assert only(served.by_every_way(path))[0] == status
    if status != 200 or path.startswith("/page/theme"):
        return
    _, headers, body = only(served.by_every_way(path, "HEAD"))
    assert body == b""
    tag = headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"x", {tag}'):
        status, headers, body = only(served.by_every_way(path, if_none_match=known))
        assert (status, body, headers["cache-control"]) == (304, b"", "no-cache")
    assert only(served.by_every_way(path, if_none_match='"x"'))[0] == 200


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_what_is_negotiated_is_the_same_by_every_way(served: Served, form: Format) -> None:
    for path, status in (("/data/stage/vesoul", 200), ("/id/stage/vesoul", 303)):
        found, headers, _ = only(served.by_every_way(path, accept=form.media_type))
        assert found == status
        leads_to = headers["content-location" if found == 200 else "location"]
        assert leads_to.endswith(form.suffix)
    assert only(served.by_every_way("/data/stage/vesoul", accept="image/png"))[0] == 406


def test_an_earlier_release_is_the_same_by_every_way(served: Served) -> None:
    for path, status in (
        ("/page/stage/one", 200),
        ("/page/stage/one?lang=en", 200),
        ("/data/stage/one.ttl", 200),
        ("/data/stage/one.jsonld", 200),
        ("/data/stage/vesoul.ttl", 404),
        (f"/page/{GONE}", 410),
    ):
        assert only(served.by_every_way(f"{served.place}{path}"))[0] == status


def test_a_part_or_any_answer_is_asked_for_with_the_same_result(served: Served) -> None:
    for more, status in (
        ({"range": "bytes=0-9"}, 206),
        ({"range": "bytes=999999-"}, 416),
        ({"if_none_match": "*"}, 304),
    ):
        path = "/data/stage/vesoul.ttl"
        assert only(served.by_every_way(path, **more))[0] == status
    assert only(served.by_every_way("/page/stage/vesoul", if_none_match="*"))[0] == 200


def test_search_engines_are_told_the_same_of_a_contact_by_every_way(served: Served) -> None:
    rows = PageQueries(served.latest.extensions["site"].store).rows("only_contacts").rows
    iri = next(person.value for (person,) in rows if isinstance(person, NamedNode))
    headers = only(served.by_every_way(f"/page/{iri.removeprefix(ID)}"))[1]
    assert headers["x-robots-tag"] == "noindex"


def test_what_the_page_of_a_thing_asks_runs_where_it_can_be_ended(served: Served) -> None:
    """A theme's page asks the engine; its questions are visits as those of visitors are."""

    def answered() -> list[str]:
        lines = served.server.ask("GET", "/metrics").text.splitlines()
        return [it for it in lines if it.startswith('rallynov_queries_total{outcome="answered"}')]

    before = answered()
    path = "/page/theme/vie-au-travail?lang=en&certainty=explicit"
    assert served.server.ask("GET", path).status == 200
    assert answered() != before
