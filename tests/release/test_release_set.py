"""Several releases served together: each whole at its own address, and which leads to which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import RdfFormat, parse

import standin
from conftest import Ran
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.release import release_set
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.server import opening
from reading_pages import Page, faults
from servers import Answer, serving

ONE = "https://example.org/one"
THREE = "https://example.org/three"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Three states of a tiny dataset, the newest first; only the middle one knows a third stage."""
    sources = standin.make(tmp_path_factory.mktemp("sources") / "sources")
    out = tmp_path_factory.mktemp("several")
    first = build(out, data=sources.data, ontology=sources.ontology)
    text = sources.stages.read_text("utf-8")
    more = (
        ':said { :three a rn:Stage ; rdfs:label "Troisième étape"@fr ; schema:areaServed :here }\n'
    )
    sources.stages.write_text(text + more, "utf-8")
    second = build(out, data=sources.data, ontology=sources.ontology)
    sources.change()
    return [build(out, data=sources.data, ontology=sources.ontology), second, first]


@pytest.fixture(scope="module")
def ask(releases: list[Release]) -> Iterator[Callable[..., Answer]]:
    """Ask the site of the three; a proxy may say under which path it shows it."""
    given = [word for it in releases for word in ("--release", str(it.path))]
    with serving(*given, "--proxy", "127.0.0.1") as server:

        def asked(path: str, accept: str = "text/html", prefix: str = "") -> Answer:
            headers = {"X_Forwarded_Prefix": prefix} if prefix else {}
            return server.ask("GET", path, Host="site.test", Accept=accept, **headers)

        yield asked


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
        third = quote(f"ASK {{ <{THREE}> ?p ?o }}")
        query = ask(f"{place}/sparql?query={third}", "text/csv")
        assert (query.status, query.text.strip()) == (200, str(release == second).lower())
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
    assert "Troisième étape" in changed and f'href="{at(first, "/")}?lang=fr"' in changed
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
    given = [word for it in releases[:2] for word in ("--release", str(it.path))]
    with serving(*given, "--base", "https://data.example.org/rally/") as server:
        found = links(server.ask("GET", at(releases[1], resource(ONE, ".ttl"))))
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
