"""A page or a document of a thing is the same served as here, alone or behind a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask

import standin
from rallynov_graph.base.namespaces import ID
from rallynov_graph.release import release_set, withdrawals
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.server import opening
from servers import Server, serving

HOST = "site.test"
BEHIND = {"Host": "127.0.0.1", "X-Forwarded-For": "198.51.100.9", "X-Forwarded-Host": HOST}
CHANGES = ("date", "server-timing", "connection", "content-length")
"""Headers that are not the answer's own; the length is that of the body."""
GONE = "person/someone"
ASKED = {
    "/page/stage/vesoul": 200,
    "/page/stage/vesoul?lang=en&certainty=explicit": 200,
    "/page/stage/vesoul?certainty=sure": 400,
    "/page/stage/vesool": 404,
    f"/page/{GONE}": 410,
    "/data/stage/vesoul.ttl": 200,
    "/data/stage/vesoul.xyz": 404,
    "/id/stage/vesoul": 303,
    "earlier/page/stage/one": 200,
    "earlier/data/stage/one.jsonld": 200,
    "earlier/data/stage/vesoul.ttl": 404,
}


@pytest.fixture(scope="module")
def served(
    release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Flask, Flask, str]]:
    """The shipped data, and a tiny earlier release that has withdrawn somebody."""
    sources = standin.make(tmp_path_factory.mktemp("sources") / "sources")
    sources.stages.write_text(standin.STAGES.replace("https://example.org/", f"{ID}stage/"))
    gone = withdrawals.text([withdrawals.hash_of(f"{ID}{GONE}")])
    (sources.data / withdrawals.FILE).write_text(gone, "utf-8")
    out = tmp_path_factory.mktemp("earlier")
    tiny = build(out, data=sources.data, ontology=sources.ontology, checked=False)
    latest, earlier = opening.of_releases([release, tiny]).all
    assert isinstance(latest.pages, Flask) and isinstance(earlier.pages, Flask)
    folders = ("--release", str(release.path), "--release", str(tiny.path))
    with serving(*folders, "--proxy", "127.0.0.1", "--workers", "1") as server:
        yield server, latest.pages, earlier.pages, release_set.path_of(tiny)


@pytest.mark.parametrize(("path", "status"), ASKED.items())
def test_a_thing_is_the_same_by_every_way(
    served: tuple[Server, Flask, Flask, str], path: str, status: int
) -> None:
    server, latest, earlier, place = served
    app, root = (earlier, place) if path.startswith("earlier") else (latest, "")
    path = path.removeprefix("earlier")
    accept = {"Accept": "text/html, */*;q=0.8"}
    for method in ("GET", "HEAD"):
        here = app.test_client().open(
            path, method=method, headers=accept, base_url=f"http://{HOST}{root}"
        )
        assert here.status_code == status
        for way in ({"Host": HOST}, BEHIND):
            answer = server.ask(method, root + path, **{**accept, **way})
            assert (answer.status, answer.body) == (status, here.data)
            assert own(answer.headers) == own(dict(here.headers))


def own(headers: Mapping[str, str]) -> Mapping[str, str]:
    named = {name.lower(): value for name, value in headers.items()}
    return {name: value for name, value in named.items() if name not in CHANGES}


def test_what_the_page_of_a_thing_asks_runs_where_it_can_be_ended(
    served: tuple[Server, Flask, Flask, str],
) -> None:
    """A theme's page asks the engine; its questions are visits as those of visitors are."""

    def answered() -> list[str]:
        lines = served[0].ask("GET", "/metrics").text.splitlines()
        return [it for it in lines if it.startswith('rallynov_queries_total{outcome="answered"}')]

    before = answered()
    path = "/page/theme/vie-au-travail?lang=en&certainty=explicit"
    assert served[0].ask("GET", path).status == 200
    assert answered() != before
