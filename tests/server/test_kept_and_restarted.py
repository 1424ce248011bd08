"""What is kept beside a release: all who ask use it, it outlives a restart, and goes with it."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import NamedNode

import standin
from conftest import Ran
from copies import copied
from keeping_servers import start_keeping, start_large
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.base.whole_files import locked
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.release.building import build
from rallynov_graph.release.kept_answers import KeptAnswers, _content
from rallynov_graph.release.release import LATEST, Release
from rallynov_graph.server.preparing import as_served
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.catalogue_answers import MOST_OPTIONS
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.ordering import options
from rallynov_graph.site.query.questions.prepared_questions import FEW, prepare
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from servers import Server, serving
from waiting import eventually

MARK = "from-the-folder"
FEW_VALUED, MANY_VALUED = "innovations_by_setting", "innovations_on_theme"
PAGE = "/about"
QUERY = 'SELECT ?made { VALUES ?made { "by the engine" } }'
BY_ENGINE = "by the engine"


@pytest.fixture
def large(release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A copy of the release, large enough that answers are kept beside it."""
    monkeypatch.setattr("rallynov_graph.release.kept_answers.FROM", 1)
    return copied(release, tmp_path / "releases" / release.path.name)


def files_of(kept: KeptAnswers) -> list[Path]:
    assert kept.folder is not None
    return [*kept.folder.glob("*-*")]


def mark(kept: KeptAnswers, text: str) -> None:
    """Replace a text in all that is kept, so that an answer shows where it comes from."""
    for path in files_of(kept):
        with locked(path.parent):
            kept._put(path, _content(path).replace(text.encode(), MARK.encode()))


def page_of(server: Server) -> str:
    """Return a page as it would be at any port."""
    answer = server.ask("GET", PAGE, Accept="text/html")
    assert answer.status == 200
    return answer.text.replace(server.address, "").replace(quote(server.address, ""), "")


def test_each_value_of_a_parameter_with_few_is_prepared_and_used_by_all_who_ask(
    large: Release, rallynov: Callable[..., Ran]
) -> None:
    store, kept = EmbeddedStore.of_release(large), large.kept_answers
    site = as_served(large, store).extensions["site"]
    view = GraphView(site.graph, Addresses(base=site.base))
    few, many = site.catalogue[FEW_VALUED], site.catalogue[MANY_VALUED]
    for question in (few, many):
        prepare(kept, view, question)
    settings, themes = (
        [NamedNode(node.iri) for node in options(view, question.parameter(name).of, MOST_OPTIONS)]
        for question, name in ((few, "setting"), (many, "theme"))
    )
    assert 1 < len(settings) <= FEW < len(themes)
    of_settings = [readable(few.bind({"setting": it})) for it in settings]
    assert all(map(kept.is_prepared, of_settings))
    assert not any(kept.is_prepared(readable(many.bind({"theme": it}))) for it in themes)

    setting, query, found = next(
        (setting, query, rows)
        for setting, query in zip(settings, of_settings, strict=True)
        if len(rows := store.select(query))
    )
    mark(kept, next(short_iri(row["innovation"].value) for row in found))
    prepare(kept, view, few)  # again: what is prepared is not made anew
    value = f"setting={short_iri(setting.value)}"
    with serving("--release", str(large.path), starting=start_large) as server:
        for path, accept in (
            (f"/questions/{FEW_VALUED}?{value}", "text/html"),
            (f"/questions/{FEW_VALUED}.json?{value}", "*/*"),
            (f"/api/questions/{FEW_VALUED}?{value}", "application/json"),
            (f"/api/questions/{FEW_VALUED}.csv?{value}", "*/*"),
            (f"/sparql?{urlencode({'query': query})}", "text/csv"),
        ):
            answer = server.ask("GET", path, Accept=accept)
            assert (answer.status, MARK in answer.text) == (200, True), path
    asked = ("query", FEW_VALUED, "--param", value, "--format", "csv")
    ran = rallynov(*asked, "--release", large.path)
    assert (ran.status, MARK in ran.out) == (0, True)


def test_what_is_kept_as_it_is_asked_outlives_a_restart_and_goes_with_its_release(
    large: Release, standins: standin.StandIn
) -> None:
    releases = large.path.parent
    (releases / LATEST).write_text(large.path.name)
    with serving("--release", str(releases), starting=start_keeping) as server:
        made = page_of(server)
        assert BY_ENGINE in server.query(QUERY, RESULTS_JSON.media_type).text
        kept = large.kept_answers, large.kept_pages
        assert eventually(lambda: bool(kept[0].find(readable(QUERY)) and files_of(kept[1])))
    mark(kept[0], BY_ENGINE)
    mark(kept[1], "</body>")
    with serving("--release", str(releases), starting=start_large) as server:
        for accept in (RESULTS_JSON.media_type, "text/csv"):
            assert MARK in server.query(QUERY, accept).text
        assert page_of(server) == made.replace("</body>", MARK)
        assert BY_ENGINE in server.query(f"{QUERY} LIMIT 1").text

        before = server.generation()
        other = build(releases, data=standins.data, ontology=standins.ontology)
        # Not even where they lie in its place: a folder was renamed.
        for old, new in zip(kept, (other.kept_answers, other.kept_pages), strict=True):
            assert old.folder is not None
            assert new.folder is not None
            shutil.copytree(old.folder, new.folder)
        server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: not Path(f"/proc/{before}").exists())
        assert BY_ENGINE in server.query(QUERY, RESULTS_JSON.media_type).text
        assert MARK not in page_of(server)
