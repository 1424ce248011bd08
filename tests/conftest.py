"""What all tests share: the shipped data as a release, its store, the carnet's text."""

import fcntl
import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import rdflib.namespace
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

import standin
from rallynov_graph.base import resources
from rallynov_graph.base.namespaces import ID
from rallynov_graph.cli.main import main
from rallynov_graph.rdf import sources
from rallynov_graph.release.building import build
from rallynov_graph.release.documents import SourceFile, known_to, loaded
from rallynov_graph.release.release import Release, load
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

# What a command says without --lang is in French where the machine's locale is French.
os.environ["LC_ALL"] = "C.UTF-8"

pytest_plugins = ("servers", "engines", "browsing", "awkward", "told_otherwise", "node_tests")

# The cases are the same each time: a fault that one run finds, the next one finds, too.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")

# pytest looks this up in everything that a module of tests imports, and a namespace of rdflib warns
# of each term that it does not define: thousands of warnings, among which a true one is not seen.
rdflib.namespace._IGNORED_ATTR_LOOKUP.add("_mock_name")


SERVERS: Final = ("test_elsewhere.py", "test_engines.py", "test_loading.py", "test_relaying.py")
"""The tests that ask the servers of others, which take seconds to fill."""
LONGEST: Final = (
    "test_browser.py",
    "test_pages_structure.py",
    "test_catalogue.py",
    *SERVERS,
    "test_pages_as_files.py",
    "test_edition_browser.py",
    "test_split_sets.py",
    "test_workbench_browser.py",
    "test_reading_browser.py",
    "test_checkers.py",
    "test_one_document.py",
    "test_evidence_of_others.py",
    "test_evidence_elsewhere.py",
    "test_each_kind_of_entry.py",
    "test_checks.py",
    "test_other_programme.py",
    "test_answers_here.py",
    "test_answers_of_others.py",
    "test_likely_same.py",
    "test_anyones_graph.py",
    "test_offers.py",
    "test_carnet.py",
    "test_rivals.py",
    "test_manners.py",
    "test_same_as_pyshacl.py",
    "test_w3c_suite.py",
    "test_evidence_note.py",
    "test_wrong_addresses.py",
    "test_processes.py",
    "test_accepted_alone.py",
    "test_exports_crate.py",
    "test_pages_limits.py",
    "test_packaging.py",
    "test_connections.py",
    "test_hostile.py",
    "test_thing_names.py",
    "test_desk_forms.py",
    "test_bench.py",
    "test_extending.py",
    "test_watching.py",
    "test_heard.py",
    "test_query_limits.py",
    "test_operations.py",
    "test_release.py",
    "test_network_browser.py",
    "test_mutations.py",
    "test_cli_export.py",
)
"""The files that last, longest first: begun last, one would run on when all others have ended."""


class ByFile(LoadFileScheduling):
    """Each process takes whole files, in the order in which they were found.

    One takes all those that ask the servers of others.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "servers" if file.endswith(SERVERS) else file

    def remove_node(self, node: WorkerController) -> str | None:
        """Have the test that ended its process, by hanging or otherwise, not run once more.

        pytest-xdist would give it to the next process with the rest of its file, again and again,
        and before it each file that has been run, for whose end it would wait for ever.
        """
        ended = None
        for unit in self.assigned_work[node].values():
            ended = next((test for test in unit if not unit[test]), None)
            if ended is not None:
                unit[ended] = True
                break
        units = self.assigned_work[node].items()
        self.assigned_work[node] = {it: unit for it, unit in units if not all(unit.values())}
        super().remove_node(node)
        return ended

    def schedule(self) -> None:
        """Give a process that took the place of another all that is left, even a single test.

        A process runs a test when it knows the next one, or that there is none.
        """
        super().schedule()
        for node in self.nodes:
            self._reschedule(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Have the tests shared out by file."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that last."""
    first = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.name, len(first)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have what stays until the end, the tests among it, not looked through again and again.

    Nothing of it is to be thrown away while it is found, which a third of the time went into. A
    release's hundred thousand quads, read into lists, would have all else looked through too.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many tests were skipped for want of what, a line each; keep what failed and why.

    `make test` ends with what failed: a log of which only the end is kept still says it.
    """
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"SKIPPED [{number}] {reason}")
    failed = [*terminalreporter.stats.get("failed", ()), *terminalreporter.stats.get("error", ())]
    written = config.rootpath / "build" / "failed.txt"
    written.parent.mkdir(exist_ok=True)
    written.write_text("".join(map(why_failed, failed)), encoding="utf-8")


def why_failed(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The test's name, the place where it failed and the first lines of what it said."""
    crash = getattr(report.longrepr, "reprcrash", None)
    said = f"{crash.path}:{crash.lineno}: {crash.message}" if crash else report.longreprtext
    lines = "\n".join(line[:300] for line in said.splitlines()[:12])
    took = f", {report.duration:.1f} s" if isinstance(report, pytest.TestReport) else ""
    return f"FAILED {report.nodeid} ({report.when}{took})\n{lines}\n"


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the shipped data, built once for all processes that test."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return build(tmp_path_factory.mktemp("releases"))
    releases = tmp_path_factory.getbasetemp().parent / "releases"
    with (releases.parent / "releases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return load(releases) if releases.exists() else build(releases)


@pytest.fixture(scope="session")
def store(release: Release) -> EmbeddedStore:
    """The store of the shipped data."""
    return EmbeddedStore.of_release(release)


@pytest.fixture(scope="session")
def site(store: EmbeddedStore, release: Release) -> Flask:
    """The site of the shipped data, without a server; made once, so that nothing may change it."""
    site = create_app(store.pages(), release)
    site.testing = True
    return site


@pytest.fixture
def app(site: Flask) -> Flask:
    """The site that is asked; a module of tests may have one of its own."""
    return site


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who asks the site."""
    return app.test_client()


@pytest.fixture(scope="session")
def source_files() -> tuple[SourceFile, ...]:
    """The files that RALLYNOV_SOURCE names, separated as in PATH: texts not in the repository."""
    named = os.environ.get("RALLYNOV_SOURCE", "")
    if not named:
        pytest.skip("RALLYNOV_SOURCE names no file of a document's text")
    return tuple(SourceFile.read(Path(name)) for name in named.split(os.pathsep) if name)


@pytest.fixture(scope="session")
def source_texts(source_files: tuple[SourceFile, ...]) -> Mapping[str, str]:
    """The texts among them that the data describe, by the IRIs of their extractions."""
    store = EmbeddedStore.of_files(sources.files_under(resources.data_dir())).pages()
    return loaded(store, known_to(store, source_files)).of_extractions


@pytest.fixture(scope="session")
def source_text(source_texts: Mapping[str, str]) -> str:
    """The text of carnet 2."""
    extraction = f"{ID}extraction/carnet-2"
    if extraction not in source_texts:
        pytest.skip("RALLYNOV_SOURCE does not name the file of carnet 2's text")
    return source_texts[extraction]


@pytest.fixture
def standins(tmp_path: Path) -> standin.StandIn:
    """A tiny ontology and dataset that the test may change."""
    return standin.make(tmp_path / "sources")


@pytest.fixture
def shipped(standins: standin.StandIn, monkeypatch: pytest.MonkeyPatch) -> standin.StandIn:
    """The stand-in in the place of the shipped ontology and data, in this process."""
    monkeypatch.setattr(resources, "_shared", lambda folder: standins.data.parent / folder)
    return standins


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def rallynov(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run the command line in this process, in an empty folder of its own."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return commands(capfdbinary)


@pytest.fixture
def after_serving(
    rallynov: Callable[..., Ran], release: Release, tmp_path: Path
) -> Callable[..., Ran]:
    """Run the command line where the release was built before, as after `make serve`."""
    (tmp_path / "here" / "releases").symlink_to(release.path.parent)
    return rallynov


def commands(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    def run(*arguments: str | Path) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode(), err.decode())

    return run
