"""The documents say what is true: their commands run and answer as shown, their links lead on."""

import importlib.util
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from places import ROOT
from rallynov_graph.cli.main import COMMANDS, module_of
from rallynov_graph.exports import sqlite
from rallynov_graph.exports.dumps import DUMPS
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.site.docs.listed_documents import documents
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery

DOCS = ROOT / "docs"
READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
COMMAND_PAGES = [ROOT / "docs" / "commands.md", ROOT / "docs" / "commands.fr.md"]
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


def test_the_sparql_of_the_documents_runs(store: EmbeddedStore) -> None:
    queries = [query for page in PAGES for query in blocks(page, "sparql") if "WHERE" in query]
    assert len(queries) > 5
    for query in queries:
        store.answer(StoreQuery(query))


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


def of_all_pages(found: Callable[[Path, str], Iterable[str]]) -> list[str]:
    """Return what is found wrong in a page and its text, each after the page's name."""
    return [
        f"{page.relative_to(ROOT)}: {it}" for page in PAGES for it in found(page, text_of(page))
    ]


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def plain(page: Path) -> str:
    """Return the text of a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)


def test_each_link_between_documents_leads_to_a_file() -> None:
    def broken(page: Path, text: str) -> Iterable[str]:
        linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        return (target for target in linked if not (page.parent / target).exists())

    assert of_all_pages(broken) == []


MADE_BY_A_READER = {"tests/site/roles/test_roles.py"}
"""What CONTRIBUTING.md has its readers write."""
NAMED = re.compile(r"`((?:[\w.*-]+/)*[\w.*-]+(?:/|\.(?:py|js|mjs|css|html|toml|rq|ttl|trig|md)))`")
"""A file or folder, where it can be nothing else."""


def test_each_file_that_a_document_of_the_program_names_exists() -> None:
    tops = ("src", "web", "docs", "tests", "bench", "deploy", "data", "ontology")
    there = [*ROOT.iterdir(), *(it for top in tops for it in (ROOT / top).rglob("*"))]
    there = [it for it in there if "node_modules" not in it.parts]

    def lacking(page: Path, text: str) -> Iterable[str]:
        named = {*re.findall(r"\btests/[\w/]+\.py", text)} - MADE_BY_A_READER
        if page.name == "architecture.md" or page.parent.name == "decisions":
            named |= {*NAMED.findall(plain(page))}
        named -= {"id/standing/"}  # an address
        return (name for name in sorted(named) if not any(it.match(name) for it in there))

    assert of_all_pages(lacking) == []


def test_each_command_and_option_that_a_document_names_exists() -> None:
    def lacking(page: Path, text: str) -> Iterable[str]:
        code = "".join(blocks(page, "sh")).replace("\\\n", "")
        for line in code.splitlines() + re.findall(r"`(rallynov [a-z][^`]+)`", text):
            for part in re.split(r"(?:^|[\s/])rallynov (?=[a-z-])", line)[1:]:
                yield from wrong_words(re.split(r" [|#&] ", part)[0].split())

    assert of_all_pages(lacking) == []


def wrong_words(words: list[str]) -> list[str]:
    """Return the command or the options in a call that there are not."""
    name = next((word for word in words if word in COMMANDS), None)
    if name is None:
        return ["rallynov " + " ".join(words)]
    command = import_module(module_of(name)).command
    commands = [command, *getattr(command, "commands", {}).values()]
    known = {opt for it in commands for p in it.params for opt in (*p.opts, *p.secondary_opts)}
    asked = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--programme"}
    return [f"rallynov {name} {it}" for it in sorted(asked - known)]


IN_ENGLISH_ALONE = {"architecture", "mutations"}
"""Reference for who changes the program, whose code is in English; the rest is for everybody."""
OTHERWISE = {"curating"}
"""The French page makes a site of one's own newsletters; how a carnet is written is English."""


def test_each_document_of_readers_is_listed_and_has_the_same_code_in_both_languages() -> None:
    folders = (DOCS, DOCS / "how-to", DOCS / "explanation")
    pages = {it for folder in folders for it in folder.glob("*.md")}
    names = {it: it.relative_to(DOCS).as_posix().partition(".")[0] for it in pages}
    assert {*names.values()} == {*documents()}
    french = {name: it for it, name in names.items() if ".fr" in it.suffixes}
    english = {name: it for it, name in names.items() if ".fr" not in it.suffixes}
    assert {*english} - {*french} == IN_ENGLISH_ALONE and {*french} <= {*english}
    for name in {*french} - OTHERWISE:
        both = [re.findall(r"^```\w+", text_of(it[name]), re.M) for it in (french, english)]
        assert both[0] == both[1], name
        levels = [re.findall(r"^#+", plain(it[name]), re.M) for it in (french, english)]
        assert levels[0] == levels[1] and levels[0].count("#") == 1, name


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
