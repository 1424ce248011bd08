"""The documents say what is true: their commands run and answer as shown, their links lead on."""

import json
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

import click
import pytest

from conftest import Ran
from places import ROOT
from rallynov_graph.cli.main import COMMANDS, cli
from rallynov_graph.exports import table_files
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.release.release import Release
from rallynov_graph.site.docs.documents import documents
from rallynov_graph.sparql.embedded import EmbeddedStore, StoreQuery

DOCS = ROOT / "docs"
READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
PAGES = [
    *READMES,
    ROOT / "SECURITY.md",
    ROOT / "CODE_OF_CONDUCT.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "deploy" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CONSOLE = re.compile(r"^```console\n\$ (.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.M)


def test_the_sql_of_the_documents_runs(release: Release, tmp_path: Path) -> None:
    (query,) = blocks(ROOT / "docs" / "exports.md", "sql")
    assert blocks(ROOT / "docs" / "exports.fr.md", "sql") == [query]
    path = tmp_path / "tables.sqlite"
    with path.open("wb") as file:
        table_files.write_sqlite(release, file)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(query).fetchall()
    assert {certainty for _, _, certainty, *_ in rows} >= {"explicit", "inferred"}


def test_the_sparql_of_the_documents_runs(store: EmbeddedStore) -> None:
    queries = [query for page in PAGES for query in blocks(page, "sparql") if "WHERE" in query]
    assert len(queries) > 5
    for query in queries:
        store.answer(StoreQuery(query))


def test_each_make_target_named_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:`|^|= )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named <= targets


def of_all_pages(found: Callable[[Path, str], Iterable[str]]) -> list[str]:
    """Return what is found wrong in a page and its text, each after the page's name."""
    return [
        f"{page.relative_to(ROOT)}: {it}" for page in PAGES for it in found(page, text_of(page))
    ]


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def test_each_link_between_documents_leads_to_a_file() -> None:
    def broken(page: Path, text: str) -> Iterable[str]:
        linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        return (target for target in linked if not (page.parent / target).exists())

    assert of_all_pages(broken) == []


def test_each_command_and_option_that_a_document_names_exists() -> None:
    def lacking(page: Path, text: str) -> Iterable[str]:
        code = "".join(blocks(page, "sh")).replace("\\\n", "")
        for line in code.splitlines() + re.findall(r"`(rallynov [a-z][^`]+)`", text):
            for part in re.split(r"(?:^|[\s/])rallynov (?=[a-z])", line)[1:]:
                yield from wrong_words(re.split(r" [|#&] ", part)[0].split())

    assert of_all_pages(lacking) == []


def wrong_words(words: list[str]) -> list[str]:
    """Return the command or the options in a call that there are not."""
    name = next((word for word in words if word in COMMANDS), None)
    if name is None:
        return ["rallynov " + " ".join(words)]
    command = cli.get_command(click.Context(cli), name)
    commands = [command, *getattr(command, "commands", {}).values()]
    known = {opt for it in commands for p in it.params for opt in (*p.opts, *p.secondary_opts)}
    asked = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--programme"}
    return [f"rallynov {name} {it}" for it in sorted(asked - known)]


def test_an_example_answers_what_it_shows(after_serving: Callable[..., Ran]) -> None:
    for page in PAGES:
        for command, shown in CONSOLE.findall(text_of(page)):
            program, *arguments = shlex.split(command)
            assert program == ".venv/bin/rallynov"
            ran = after_serving(*arguments)
            assert (ran.status, ran.out) == (0, shown), f"{page.name}: {command}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_claim_of_the_page_on_assistants_is_answered_so(
    language: str, after_serving: Callable[..., Ran]
) -> None:
    page = DOCS / f"assistants{'.fr' * (language == 'fr')}.md"
    [shown] = blocks(page, "text")
    options = ("--format=json", f"--language={language}")
    ran = after_serving("claim", "Étape de Vesoul", "lieu", "Dole", *options)
    assert ran.out.startswith(shown) and json.loads(ran.out)["verdict"] == "contradicted"


def test_each_dump_is_documented() -> None:
    for end in ("", ".fr"):
        page = text_of(DOCS / f"exports{end}.md")
        dumps = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", page, re.M)
        assert dumps == [(dump.name, dump.file) for dump in DUMPS]


def test_each_document_of_readers_is_listed() -> None:
    folders = (DOCS, DOCS / "how-to", DOCS / "explanation")
    pages = {it.relative_to(DOCS).as_posix() for folder in folders for it in folder.glob("*.md")}
    assert {name.partition(".")[0] for name in pages} == {*documents()}


MADE_BY_A_READER = {"tests/site/roles/test_roles.py"}
"""What CONTRIBUTING.md has its readers write."""


def test_each_file_of_tests_that_a_document_names_exists() -> None:
    def lacking(_: Path, text: str) -> Iterable[str]:
        named = {*re.findall(r"\btests/[\w/]+\.py", text)} - MADE_BY_A_READER
        return (name for name in sorted(named) if not (ROOT / name).exists())

    assert of_all_pages(lacking) == []
