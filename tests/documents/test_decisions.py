"""A decision is a page that is read once, and what it names is there."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath

import pytest

from places import ROOT
from rallynov_graph.cli.main import COMMANDS, module_of

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
MOST_WORDS = 700
"""About a page, tables and all; what is longer is a history, which git and the changelog keep."""

PACKAGE = ROOT / "src" / "rallynov_graph"
TOP = ("src", "web", "docs", "tests", "bench", "deploy", "ontology", "data")
SUFFIXES = {".py", ".js", ".mjs", ".ts", ".css", ".html", ".toml", ".rq", ".ttl", ".trig", ".md"}
MADE = {"node_modules", "built", "__pycache__"}
EVERY_DECISION = pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)


@cache
def repository() -> frozenset[PurePosixPath]:
    """The files and folders of the repository, without what is made there."""
    found = {PurePosixPath(path.name) for path in ROOT.iterdir()}
    for folder in TOP:
        inside = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*"))
        found |= {PurePosixPath(path) for path in inside if not MADE & {*path.parts}}
    return frozenset(found)


@cache
def source() -> str:
    """What the program and its scripts say, one file after the other."""
    suffixes = {".py", ".js", ".mjs", ".ts"}
    files = {ROOT / path for path in repository() if path.suffix in suffixes} - {Path(__file__)}
    return "\n".join(path.read_text("utf-8") for path in files)


@cache
def options(command: str) -> frozenset[str]:
    """The options of a command of ours."""
    parameters = import_module(module_of(command)).command.params
    return frozenset(name for it in parameters for name in [*it.opts, *it.secondary_opts])


def is_a_path(name: str) -> bool:
    """Say whether a name can be nothing but a file or a folder of the repository."""
    path = PurePosixPath(name)
    if not re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", name) or MADE & {*path.parts}:
        return False
    rooms = {*TOP, *(folder.name for folder in PACKAGE.iterdir() if folder.is_dir())}
    in_a_room = "/" in name and path.parts[0] in rooms
    return in_a_room or name.endswith("/") or path.suffix in SUFFIXES


def lacking_options(words: list[str]) -> Iterator[str]:
    """Yield the options that a command line names and its program has not."""
    named = {word.split("=")[0] for word in words if word.startswith("--")}
    programs = [word for word in words if word.startswith("bench/")]
    if words[0].startswith("--"):
        yield from named - frozenset[str]().union(*map(options, COMMANDS))
    elif programs:
        yield from (it for it in named if f'"{it}"' not in (ROOT / programs[0]).read_text("utf-8"))
    elif words[0] == "rallynov" or words[0] in COMMANDS:
        command = words[1] if words[0] == "rallynov" else words[0]
        yield from named - options(command) if command in COMMANDS else [command]


def lacking_module(name: str) -> bool:
    """Say whether a module of ours that is named with something in it has no such thing."""
    module, _, inside = name.partition(".")
    files = [*PACKAGE.rglob(f"{module}.py")]
    texts = (file.read_text("utf-8") for file in files)
    return bool(files) and not any(re.search(rf"\b{inside}\b", text) for text in texts)


def lacking(text: str) -> list[str]:
    """Return what a text names in backquotes and the repository has not, where that can be told."""
    found = []
    for span in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)):
        if is_a_path(span):
            if not any(path.match(span.rstrip("/")) for path in repository()):
                found.append(span)
        elif re.fullmatch(r"[a-z_]+\.[A-Za-z_]+", span):
            found += [span] * lacking_module(span)
        elif re.fullmatch(r"RALLYNOV_[A-Z_]+|[A-Z][a-z]+[A-Z]\w+(\.\w+)?", span):
            found += [span] * any(part not in source() for part in span.split("."))
        elif re.match(r"--|rallynov |python |[a-z]+ --|bench/", span):
            found += lacking_options(shlex.split(span))
    return found


def test_a_number_is_given_once_and_those_that_are_not_used_are_told() -> None:
    numbers = Counter(page.name[:4] for page in DECISIONS if page.name != "README.md")
    assert [number for number, times in numbers.items() if times > 1] == []
    told = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    [unused] = re.findall(r"Numbers (.+) are not used", told)
    assert {f"{int(it):04}" for it in re.findall(r"\d+", unused)}.isdisjoint(numbers)


@EVERY_DECISION
def test_a_decision_is_a_page(page: Path) -> None:
    assert len(page.read_text("utf-8").split()) <= MOST_WORDS


@EVERY_DECISION
def test_what_a_decision_names_is_there(page: Path) -> None:
    assert lacking(page.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "name",
    [
        "views/matrix.py",
        "web/templates/",
        "tests/no_such_folder",
        "lines.py",
        "rules/*.toml",
        "building.no_such_function",
        "NoSuchClass",
        "RALLYNOV_NO_SUCH_VARIABLE",
        "--no-such-option",
        "serve --no-such-option",
        "rallynov no-such-command --out x",
        "python bench/service.py --no-such-option",
    ],
)
def test_what_is_not_there_is_found(name: str) -> None:
    assert lacking(f"It is `{name}`.") != []


@pytest.mark.parametrize(
    "name",
    [
        "base/kinds.py",
        "site/model/",
        "bench/queries/*.rq",
        "building.build",
        "PageQueries.once",
        "serve --proxy",
        "bench/service.py --size 10000",
        "tsc --strict",
        "/sparql/check",
        "text/html",
        "data.nq",
        "web/static/built/",
    ],
)
def test_what_is_there_or_is_somebody_elses_is_not(name: str) -> None:
    assert lacking(f"It is `{name}`.") == []
