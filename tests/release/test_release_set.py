"""Several releases served together: each whole at its own address, and which leads to which."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, parse

import standin
from conftest import Ran
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.http.query_jobs import Board, Limits, Outcome, QueryJob, Reply
from rallynov_graph.release import release_set
from rallynov_graph.release.building import build
from rallynov_graph.release.publication import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.server import opening, routing
from rallynov_graph.server.query_process import QueryProcess
from rallynov_graph.server.query_runner import Done, JobTask
from rallynov_graph.server.worker_pool import Gone
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults
from servers import Answer

ONE = "https://example.org/one"
THREE = "https://example.org/three"


class Named:
    """Who answers ASK with the name of a store, so that one sees which was asked."""

    def __init__(self, name: str, store: EmbeddedStore) -> None:
        self.name, self.limits = name, Limits()
        self._process = QueryProcess(store, Board(), 0, self.limits)

    async def ask(self, visit: QueryJob, _gone: Gone) -> Reply:
        if visit.store_query.query == "ASK{}":
            return Reply(Outcome.ANSWERED, self.name.encode(), visit.results)
        return self._process.reply(visit)

    def begin(self, visit: QueryJob, gone: Gone, done: Done) -> JobTask:
        return JobTask(self.ask(visit, gone), done)

    def has_taken(self, _visit: QueryJob) -> bool:
        return True


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Three states of a tiny dataset, the newest first; only the middle one knows a third stage."""
    sources = standin.make(tmp_path_factory.mktemp("sources") / "sources")
    out = tmp_path_factory.mktemp("several")
    first = build(out, data=sources.data, ontology=sources.ontology)
    text = sources.stages.read_text("utf-8")
    more = ':said { :three a rn:Stage ; rdfs:label "Troisième étape"@fr ; schema:location :here }\n'
    sources.stages.write_text(text + more, "utf-8")
    second = build(out, data=sources.data, ontology=sources.ontology)
    sources.change()
    return [build(out, data=sources.data, ontology=sources.ontology), second, first]


@pytest.fixture(scope="module")
def ask(releases: list[Release]) -> Callable[..., Answer]:
    """Ask the site of the three as its web process is asked."""
    opened = opening.of_releases(releases)
    sites = [
        routing.ServedSite(Named(it.release.id, it.store), it.pages)
        for it in opened.all
        if it.release
    ]
    earlier = {
        r.id[: release_set.SHORT]: site for r, site in zip(releases[1:], sites[1:], strict=True)
    }
    root = routing.Root(routing.ServedSite(sites[0].runner, sites[0].pages, earlier=earlier))
    return lambda path, accept="text/html", prefix="": asked(root, path, accept, prefix)


def asked(root: routing.Root, target: str, accept: str, prefix: str = "") -> Answer:
    path, _, query = target.partition("?")
    scope = {
        **{"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"},
        **{"path": path, "raw_path": path.encode(), "query_string": query.encode()},
        **{"root_path": prefix, "client": ("127.0.0.1", 1), "server": ("site.test", 80)},
        "headers": [(b"host", b"site.test"), (b"accept", accept.encode())],
    }
    told: list[Any] = []
    whole = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if whole:
            return whole.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    async def run() -> None:
        await root(scope, receive, send)

    asyncio.run(run())
    headers = {k.decode().lower(): v.decode() for k, v in told[0]["headers"]}
    return Answer(told[0]["status"], headers, b"".join(m.get("body", b"") for m in told[1:]))


def at(release: Release, path: str) -> str:
    return f"{release_set.path_of(release)}{path}"


def resource(iri: str, suffix: str = "") -> str:
    return f"/resource{suffix}?iri={quote(iri, safe='')}"


def links(answer: Answer) -> dict[str, str]:
    found = (link.partition(">; rel=") for link in answer.headers["link"].split(", <"))
    return {rel.split('"')[1]: href.lstrip("<") for href, _, rel in found}


def test_each_release_is_whole_at_its_own_address(
    ask: Callable[..., Answer], releases: list[Release]
) -> None:
    newest, second, first = releases
    assert ask(resource(THREE)).status == 404
    assert ask(at(second, resource(THREE))).status == 200
    assert ask(at(first, resource(THREE))).status == 404
    assert "Toute première" in ask(resource(ONE)).text
    assert "Toute première" not in ask(at(first, resource(ONE))).text
    for release in releases:
        whole = ask(at(release, "/dataset.nq") if release != newest else "/dataset.nq")
        assert whole.body == release.data.read_bytes()
        place = at(release, "") if release != newest else ""
        query = ask(f"{place}/sparql?query=ASK%7B%7D", "text/csv")
        assert (query.status, query.text) == (200, release.id)
    tags = {
        ask(f"{place}/ontology").headers["etag"] for place in ("", at(second, ""), at(first, ""))
    }
    assert len(tags) == 3


def test_every_link_of_an_earlier_release_stays_in_it(
    ask: Callable[..., Answer], releases: list[Release]
) -> None:
    place = at(releases[1], "")
    for prefix in ("", "/under"):
        page = Page(ask(f"{place}{resource(ONE)}&lang=en", prefix=prefix).text)
        assert [h for h in page.links() if not h.startswith(prefix + place)] == []
        newest = f"http://site.test{prefix}{resource(ONE)}&lang=en"
        assert page.all("a", href=newest), "the notice leads to the same in the newest"
        assert "You are reading an earlier release" in page.text
    data = ask(at(releases[1], resource(ONE, ".nt")), "*/*")
    document = f"http://site.test{at(releases[1], '/data')}?iri={quote(ONE, safe='')}"
    triples = [*parse(data.body, RdfFormat.N_TRIPLES)]
    assert document in {str(t.subject)[1:-1] for t in triples}


def test_typed_links_lead_from_one_release_to_another(
    ask: Callable[..., Answer], releases: list[Release]
) -> None:
    _, second, first = releases
    of_newest, of_second = links(ask(resource(ONE))), links(ask(at(second, resource(ONE))))
    there = f"http://site.test{resource(ONE)}"
    assert "latest-version" not in of_newest and "successor-version" not in of_newest
    assert of_newest["predecessor-version"] == f"http://site.test{at(second, resource(ONE))}"
    assert of_second["latest-version"] == of_second["successor-version"] == there
    assert of_second["predecessor-version"] == f"http://site.test{at(first, resource(ONE))}"
    assert of_second["version-history"] == "http://site.test/releases"
    only = links(ask(at(second, resource(THREE))))
    assert not {"latest-version", "predecessor-version", "successor-version"} & {*only}


def test_any_two_are_compared_and_all_are_listed(
    ask: Callable[..., Answer], releases: list[Release]
) -> None:
    newest, second, first = releases
    listed = ask("/releases").text
    assert faults(Page(listed), "fr") == []
    for older, path in ((second, "/changes"), (first, "/changes")):
        assert f"{path}?from={older.id[:16]}" in listed
    assert at(second, f"/changes?from={first.id[:16]}") in listed
    changed = ask(at(second, "/changes")).text
    assert "Troisième étape" in changed and f'href="{at(first, "/")}"' in changed
    patch = ask(f"/changes.rdfp?from={first.id[:16]}", "*/*").text
    assert f'H prev "{first.id}"' in patch and f'H id "{newest.id}"' in patch


def test_the_newest_leads_to_the_site_and_an_unknown_one_is_met_with_the_list(
    ask: Callable[..., Answer], releases: list[Release]
) -> None:
    newest, second, _ = releases
    sent = ask(at(newest, "/about?lang=en"))
    assert (sent.status, sent.headers["location"]) == (307, "/about?lang=en")
    for path in ("/release/0123456789abcdef/about", "/release/x", f"/release/{second.id}/about"):
        lost = ask(path)
        assert lost.status == 404
        assert at(second, "/") in lost.text
    assert ask(at(second, "/healthz")).status == 404
    assert f"Disallow: {release_set.PATH}/" in ask("/robots.txt").text


def test_a_lasting_base_names_the_release(releases: list[Release]) -> None:
    base = Publication.of("https://data.example.org/rally/")
    opened = opening.of_releases(releases[:2], publication=base)
    older = routing.ServedSite(Named("x", opened.earlier[0].store), opened.earlier[0].pages)
    earlier = {releases[1].id[: release_set.SHORT]: older}
    root = routing.Root(routing.ServedSite(Named("y", opened.store), opened.pages, earlier=earlier))
    found = links(asked(root, at(releases[1], resource(ONE, ".ttl")), "*/*"))
    assert found["describes"] == f"https://data.example.org/rally{at(releases[1], resource(ONE))}"
    assert found["latest-version"].startswith("https://data.example.org/rally/data?iri=")


def test_releases_that_cannot_be_served_together_are_one_clear_sentence(
    rallynov: Callable[..., Ran], releases: list[Release]
) -> None:
    given = [word for release in releases for word in ("--release", release.path)]
    for other in (("--data", "a.ttl"), ("--endpoint", "http://site.test/")):
        ran = rallynov("serve", "--port", "0", *given, *other)
        assert (ran.status, ran.out) == (2, "")
        assert "exclude each other" in ran.err
    with pytest.raises(ReleaseError, match="is the same release as"):
        release_set.refuse_incompatible([*releases, releases[1]])


def test_what_was_withdrawn_is_gone_from_all_or_they_are_not_served(
    releases: list[Release], tmp_path: Path
) -> None:
    from rallynov_graph.release.withdrawals import hash_of, text

    sources = standin.make(tmp_path / "sources")
    sources.stages.write_text(sources.stages.read_text("utf-8").replace(":two", ":deux"), "utf-8")
    (sources.data / "withdrawn.txt").write_text(text([hash_of("https://example.org/two")]), "utf-8")
    newest = build(tmp_path / "out", data=sources.data, ontology=sources.ontology)
    with pytest.raises(ReleaseError, match="names things that were withdrawn since"):
        release_set.refuse_incompatible([newest, *releases])
    (sources.data / "withdrawn.txt").write_text(text([hash_of("https://example.org/x")]), "utf-8")
    other = build(tmp_path / "out", data=sources.data, ontology=sources.ontology)
    release_set.refuse_incompatible([other, *releases])
    app: Any = opening.of_releases([other, releases[2]]).earlier[0].pages
    assert app.test_client().get("/resource?iri=https://example.org/x").status_code == 410
