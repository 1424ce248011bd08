"""The documents say what is true: their commands run and answer as shown, their links lead on."""

import importlib.util
import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from places import ROOT, TESTS
from rallynov_graph.cli.main import COMMANDS
from rallynov_graph.exports import sqlite
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
COMMAND_PAGES = [ROOT / "docs" / "commands.md", ROOT / "docs" / "commands.fr.md"]
MOST_WORDS = 650
"""Of a README, the answers to its three questions among them."""
PAGES = [
    *READMES,
    ROOT / "SECURITY.md",
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CONSOLE = re.compile(r"^```console\n\$ (.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(command, shown, id=f"{page.name}: {command[:60]}")
    for page in PAGES
    for command, shown in CONSOLE.findall(page.read_text("utf-8"))
]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.M)


def commands(page: Path) -> list[str]:
    """The commands of a README, without the words that differ by language."""
    found = [line for block in blocks(page, "sh") for line in block.splitlines()]
    found += [command for command, _ in CONSOLE.findall(page.read_text("utf-8"))]
    return [re.sub(r"language=(en|fr)", "language=", line) for line in found]


def test_both_readmes_have_the_same_headings_and_commands() -> None:
    english, french = READMES
    levels = [re.findall(r"^#+", page.read_text("utf-8"), re.MULTILINE) for page in READMES]
    assert levels[0] == levels[1]
    assert commands(english) == commands(french)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_an_example_answers_what_it_shows(
    after_serving: Callable[..., object], command: str, shown: str
) -> None:
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/rallynov"
    ran = after_serving(*arguments)
    assert (ran.status, ran.out) == (0, shown)


@pytest.mark.parametrize("page", COMMAND_PAGES, ids=lambda page: page.name)
def test_each_command_is_documented_and_each_documented_one_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    documented = re.findall(r"^\| `rallynov ([a-z-]+)", text, re.MULTILINE)
    assert sorted({*documented}) == sorted(COMMANDS)


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_a_readme_is_read_in_a_few_minutes(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.split()) <= MOST_WORDS
    assert len(blocks(page, "sh")) == 1 and len(CONSOLE.findall(text)) == 3


@pytest.mark.parametrize("name", ["exports.md", "exports.fr.md"])
def test_each_dump_is_documented_and_each_documented_one_exists(name: str) -> None:
    text = (ROOT / "docs" / name).read_text("utf-8")
    documented = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", text, re.MULTILINE)
    assert documented == [(dump.name, dump.file) for dump in DUMPS]


def test_the_sql_of_the_documents_runs(release: Release, tmp_path: Path) -> None:
    (query,) = blocks(ROOT / "docs" / "exports.md", "sql")
    assert blocks(ROOT / "docs" / "exports.fr.md", "sql") == [query]
    path = tmp_path / "tables.sqlite"
    with path.open("wb") as file:
        sqlite.write(release, file)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(query).fetchall()
    assert {certainty for _, _, certainty, *_ in rows} >= {"explicit", "inferred"}


WRITES = re.compile(r"(?:--(?:location|out|output|store)[= ]|(?:^|\s)-o\s+|>\s*)([^\s;&|]+)")
"""Where a command is told to write."""
KEPT = ("data", "ontology", "src", "web", "tests", "docs", "requirements", "deploy", "bench")


def written(command: str) -> list[str]:
    """Return what a command writes among the files that are kept in the repository."""
    places = [(ROOT / place.strip("'\"")).resolve() for place in WRITES.findall(command)]
    inside = [place.relative_to(ROOT) for place in places if place.is_relative_to(ROOT)]
    return [place.as_posix() for place in inside if place.parts and place.parts[0] in KEPT]


def test_no_documented_command_writes_into_the_sources() -> None:
    found = [
        f"{page.name}: {command}"
        for page in PAGES
        for block in blocks(page, "sh") + [it for it, _ in CONSOLE.findall(page.read_text("utf-8"))]
        for command in block.splitlines()
        if written(command)
    ]
    assert found == []
    assert written("oxigraph serve --location data --bind x &") == ["data"]
    assert written("rallynov export --out=web/a.zip; x > ./docs/b") == ["web/a.zip", "docs/b"]
    assert written("rallynov serve --store disk --data data > build/log 2>/dev/null") == []


def test_each_make_target_named_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:`|^|= )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_between_documents_leads_to_a_file(page: Path) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in linked if not (page.parent / target).exists()] == []


MADE_BY_A_READER = {"tests/site/roles/test_roles.py"}
"""What CONTRIBUTING.md has its readers write."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_test_that_a_document_names_exists(page: Path) -> None:
    named = {*re.findall(r"\btests/[\w/]+\.py", page.read_text("utf-8"))} - MADE_BY_A_READER
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_each_file_that_the_architecture_names_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = ROOT / "src" / "rallynov_graph"
    for name in re.findall(r"\b([a-z_]+\.py)\b", text):
        assert [*package.rglob(name), *TESTS.rglob(name)], name
    for name in re.findall(r"^\| `([a-z]+)/` \|", text, re.MULTILINE):
        assert (package / name).is_dir(), name
    for name in re.findall(r"`((?:data|ontology|src|web|tests)/[a-z_/]+?)/?(?:<|\*|`)", text):
        assert (ROOT / name).exists(), name


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_up_to_date(store: EmbeddedStore) -> None:
    for name, text in generator().pages(store, load()).items():
        stale = f"docs/{name} is not what `make docs` writes"
        assert (ROOT / "docs" / name).read_text("utf-8") == text, stale
