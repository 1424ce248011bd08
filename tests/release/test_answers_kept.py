"""Answers and pages are kept beside a release, and a release that is served sends them."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store as Oxigraph

from conftest import Ran
from copies import copied
from keeping_servers import start_large
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.result_cache import ResultCache
from rallynov_graph.base.terms import Solutions
from rallynov_graph.base.whole_files import locked
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.answered_store import AnsweredStore
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.kept_answers import KeptAnswers, _content
from rallynov_graph.release.release import Release
from rallynov_graph.server.preparing import as_served
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.preparation import keep_page, most_read
from rallynov_graph.site.query.questions.prepared_questions import prepare
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from servers import serving

RESULTS = "application/sparql-results+json"


@pytest.fixture
def large(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A copy of the release, large enough that answers are kept beside it."""
    monkeypatch.setattr("rallynov_graph.release.kept_answers.FROM", 1)
    return copied(release, tmp_path / release.path.name)


@pytest.fixture
def kept(tmp_path: Path) -> KeptAnswers:
    return KeptAnswers(tmp_path / "answers", room=400)


def test_what_is_kept_is_found_as_it_was(kept: KeptAnswers) -> None:
    assert kept.find("ASK {}") is None
    kept.prepare("ASK {}", b"prepared")
    kept.keep("ASK { ?s ?p ?o }", b"asked")
    assert (kept.find("ASK {}"), kept.find("ASK { ?s ?p ?o }")) == (b"prepared", b"asked")
    assert kept.is_prepared("ASK {}")
    assert not kept.is_prepared("ASK { ?s ?p ?o }")


def test_a_damaged_answer_and_that_of_another_query_are_none(kept: KeptAnswers) -> None:
    kept.prepare("one", b"1" * 1000)
    kept.prepare("other", b"2" * 1000)
    assert kept.folder is not None
    one, other = sorted(kept.folder.glob("prepared-*"), key=lambda it: it.stat().st_mtime_ns)
    whole = one.read_bytes()
    for damaged in (other.read_bytes(), whole[:-1], whole[:-1] + b"x", b""):
        one.write_bytes(damaged)
        assert kept.find("one") is None
        assert not kept.is_prepared("one")
    kept.prepare("one", b"1")
    assert kept.find("one") == b"1"


def test_what_was_used_longest_ago_goes_first_and_what_was_prepared_stays(
    kept: KeptAnswers,
) -> None:
    kept.prepare("prepared", os.urandom(300))
    for name in ("a", "b", "c"):
        kept.keep(name, os.urandom(100))
    assert kept.find("a") is None
    assert kept.find("b")
    kept.keep("d", os.urandom(100))
    assert [name for name in ("prepared", "b", "c", "d") if kept.find(name)] == [
        "prepared", "b", "d",
    ]  # fmt: skip


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = KeptAnswers(tmp_path / "file" / "answers")
    kept.keep("q", b"1")
    assert kept.find("q") is None
    with pytest.raises(OSError, match="file"):
        kept.prepare("q", b"1")
    nowhere = KeptAnswers(None)
    nowhere.keep("q", b"1")
    nowhere.prepare("q", b"1")
    assert nowhere.find("q") is None


def test_an_answer_of_another_release_is_none_in_its_place(tmp_path: Path) -> None:
    kept, other = KeptAnswers(tmp_path / "one"), KeptAnswers(tmp_path / "other")
    kept.prepare("q", b"1")
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    assert kept.is_prepared("q")
    assert not other.is_prepared("q")
    assert other.find("q") is None


def test_a_release_that_was_deleted_does_not_come_back_with_what_is_kept(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path / "release" / "answers")
    results = ResultCache(tmp_path / "release" / "results")
    kept.keep("q", b"1")
    assert results.get("terms", "q", lambda: 1, int, lambda _: 2) == 1
    assert not (tmp_path / "release").exists()
    assert kept.find("q") is None


class Noting(EmbeddedStore):
    """A store that notes what it is asked."""

    def select(self, query: str) -> Solutions:
        self.asked.append(query)
        return super().select(query)

    asked: list[str]


def test_what_pages_ask_of_the_catalogue_is_what_is_prepared(
    release: Release, tmp_path: Path
) -> None:
    store = Noting.of_release(release)
    assert isinstance(store, Noting)
    store.asked = []
    app = create_app(store, release)
    client, kept = app.test_client(), KeptAnswers(tmp_path)
    site = app.extensions["site"]
    view = GraphView(site.graph, Addresses(base=site.base))
    for name in ("innovations_on_theme", "participants_of_stage", "counts"):
        question = site.catalogue[name]
        prepare(kept, view, question)
        for certainty in ("", *CERTAINTIES[:-1]):
            for path in ("/questions/{}", "/questions/{}.csv", "/api/questions/{}.csv"):
                store.asked.clear()
                query = f"?lang=en&certainty={certainty}" if certainty else ""
                assert client.get(path.format(name) + query).status_code == 200
                own = [it for it in store.asked if "#+" in it and it[:60] == question.text[:60]]
                assert own or ".csv" in path
                assert all(kept.find(readable(it)) for it in own)


def test_a_store_gives_what_is_kept_in_every_format(release: Release, tmp_path: Path) -> None:
    kept, store = KeptAnswers(tmp_path), EmbeddedStore.of_release(release)
    question = (
        "#+ a header\nSELECT ?s ?label { ?s a ?class ; rdfs:label ?label } ORDER BY ?s LIMIT 9"
    )
    query = f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n{question}"
    wanted = {form: store.serialize(query, form) for form in (RESULTS, "text/csv")}
    kept.prepare(readable(query), wanted[RESULTS])
    empty = AnsweredStore(EmbeddedStore(Oxigraph()), kept)
    assert {form: empty.serialize(query, form) for form in wanted} == wanted
    assert empty.select(query) == store.select(query)
    assert len(empty.select(query.replace("9", "8"))) == 0


def test_a_server_and_the_command_line_use_what_is_kept(
    large: Release, tmp_path: Path, rallynov: Callable[..., Ran]
) -> None:
    query = "SELECT ?kept { VALUES ?kept { 1 } }"
    marked = json.dumps(
        {
            "head": {"vars": ["kept"]},
            "results": {"bindings": [{"kept": {"type": "literal", "value": "from the folder"}}]},
        }
    ).encode()
    large.kept_answers.prepare(readable(query), marked)
    file = tmp_path / "own.rq"
    file.write_text(query)
    asked = ("query", str(file), "--release", str(large.path), "--format", "csv")
    assert "from the folder" in rallynov(*asked).out
    with serving("--release", str(large.path), starting=start_large) as server:
        for accept in (RESULTS, "text/csv", "application/sparql-results+xml"):
            assert b"from the folder" in server.query(query, accept).body
        aside = server.query(query, RESULTS, **{"default-graph-uri": "urn:x"})
        assert b"from the folder" not in aside.body
    assert large.kept_answers.folder is not None
    for path in large.kept_answers.folder.glob("prepared-*"):
        path.write_bytes(path.read_bytes()[:-2])
    assert rallynov(*asked).out.split() == ["kept", "1"]


def test_where_the_menu_and_the_tabs_of_its_lists_lead_is_prepared(large: Release) -> None:
    app = as_served(large, EmbeddedStore.of_release(large))
    prepared = most_read(app)
    assert len(prepared) == len({*prepared})
    assert "/api/questions/stages?certainty=explicit&lang=en" in prepared
    client = app.test_client()
    for query in ("", "?certainty=explicit&lang=en"):
        shown = client.get(f"/list/organisation{query}").text
        led = {*map(html.unescape, re.findall(r'href="(/(?:list|network)[^".]*)"', shown))}
        led = {it for it in led if not re.search("[?&](?!view|certainty|lang)", it)}
        assert sum("view=" in it for it in led) > 3
        assert len(led) > 10
        assert not led - {*prepared}


def test_what_is_prepared_is_what_a_server_sends(large: Release) -> None:
    """A page, and an answer of the API in its own address and format alone."""
    store = EmbeddedStore.of_release(large)
    ClaimIndex(large).keep()
    data = "/api/questions/stages"
    for address in ("/about", data):
        keep_page(as_served(large, store), address)
    kept = large.kept_pages
    assert kept.folder is not None
    for file in kept.folder.glob("prepared-*"):
        marked = _content(file)
        for end in (b"</body>", b'"rows":'):
            marked = marked.replace(end, b'"from the folder":' + end)
        with locked(kept.folder):
            kept._put(file, marked)
    for address in ("/about", data):
        keep_page(as_served(large, store), address)  # again: what is prepared is not made anew
    with serving("--release", str(large.path), starting=start_large) as server:

        def is_kept(path: str, accept: str) -> bool:
            answer = server.ask("GET", path, Accept=accept)
            assert answer.status == 200
            return "from the folder" in answer.text

        assert is_kept("/about", "text/html")
        assert not is_kept("/about?lang=en", "text/html")
        assert is_kept(data, "application/json")
        assert is_kept(data, "*/*")
        assert not is_kept(data, "text/csv")
        assert not is_kept(f"{data}.json", "application/json")
        assert not is_kept(f"{data}?size=1", "application/json")


def test_what_is_kept_has_the_headers_of_what_is_made(large: Release) -> None:
    """By the way without Flask; a server makes the first one, and keeps it if it took long."""
    store = EmbeddedStore.of_release(large)
    ClaimIndex(large).keep()
    asked = (
        ("/questions/stages", "text/html"),
        ("/?lang=en", "text/html"),
        ("/api/questions/stages?certainty=explicit", "application/json"),
        ("/api/questions/innovations?lang=en", "*/*"),
    )
    with serving("--release", str(large.path), starting=start_large) as server:
        for path, accept in asked:
            made = server.ask("GET", path, Accept=accept)
            keep_page(as_served(large, store), path)
            kept = server.ask("GET", path, Accept=accept)
            assert kept.body == made.body
            dates = {"date": ""}
            assert {**kept.headers, **dates} == {**made.headers, **dates}
            head = server.ask("HEAD", path, Accept=accept)
            assert (head.body, head.headers["etag"]) == (b"", made.headers["etag"])
            tag = made.headers["etag"]
            assert server.ask("GET", path, Accept=accept, If_None_Match=tag).status == 304
        assert server.ask("GET", asked[2][0], Accept="text/csv").media_type == "text/csv"
        part = server.ask("GET", asked[2][0], Accept=asked[2][1], Range="bytes=0-9")
        assert (part.status, len(part.body)) == (206, 10)


def test_a_page_that_is_kept_is_sent_as_it_was_made_at_any_host(
    large: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rallynov_graph.site.web.kept_pages.KEPT_FROM", 0)
    store = EmbeddedStore.of_release(large)
    paths = (
        "/", "/?lang=en&certainty=explicit", "/list/theme", "/questions/stages", "/about",
        "/list/stage", "/doubts", "/ontology", "/api/questions/stages",
    )  # fmt: skip
    hosts = ("http://127.0.0.1:8000", "https://graphe.example")

    def asked(keeping: Release) -> list[object]:
        client = create_app(store, keeping).test_client()
        found = []
        for host in hosts:
            for path in paths:
                accept = "*/*" if path.startswith("/api") else "text/html,*/*;q=0.8"
                answer = client.get(path, base_url=host, headers={"Accept": accept})
                found.append((answer.status_code, sorted(answer.headers), answer.get_data()))
        return found

    first, again = asked(large), asked(large)
    assert large.kept_pages.folder is not None
    assert [it[0] for it in first] == [200] * 2 * len(paths)  # type: ignore[index]
    assert len([*large.kept_pages.folder.glob("asked-*")]) == len(paths)
    for path in large.kept_pages.folder.iterdir():
        path.unlink()
    monkeypatch.setattr("rallynov_graph.site.web.kept_pages.KEPT_FROM", 1000)
    assert first == again == asked(large)
    assert not any(b"host-of-this-site" in it[2] for it in first)  # type: ignore[index]
