"""docs/extending.md, followed to the letter: each of its changes is made in a copy, and works."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from carnet_99 import carnet
from places import ROOT
from rallynov_graph.release.release import Release

PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
BLOCK = re.compile(r"^`([\w./-]+)`:\n\n```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SOURCES = ("src", "web", "ontology", "data", "docs", "deploy", "tests")
FILES = ("pyproject.toml", "hatch_build.py", "README.md")
SHARED = (".venv", "web/node_modules")
MADE = ("node_modules", "__pycache__")


@dataclass(frozen=True)
class Copy:
    """A copy of the checkout's sources, with its environment, in which a change was made."""

    root: Path
    section: str

    @property
    def touched(self) -> list[str]:
        """The files that the change touches."""
        return [path for path, *_ in BLOCK.findall(self.section)]

    def run(self, command: str, status: int = 0) -> str:
        """Run a command in the copy; return what it printed."""
        ours = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        ran = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.root,
            env={**ours, "PYTHONPATH": str(self.root / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == status, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def run_what_it_says(self) -> str:
        """Run the commands of the section; return what they printed."""
        return "".join(map(self.run, COMMANDS.findall(self.section)))

    def ask(self, *addresses: str) -> list[str]:
        """Return what the copy's site answers over the copy's data."""
        code = f"""
from pathlib import Path
from rallynov_graph.release.building import build
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
release = build(Path("releases"))
client = create_app(EmbeddedStore.of_release(release).pages(), release).test_client()
for address in {addresses!r}:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text)
    print(answer.text, end="\\0")
"""
        (self.root / "ask.py").write_text(code, "utf-8")
        return self.run(".venv/bin/python ask.py").split("\0")[:-1]


def changed(text: str, block: str) -> str:
    """Return a file's text after the hunks of a block, each found once, or added at the end."""
    for hunk in block.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert not before or text.count(before) == 1, before
        text = text.replace(before, after) if before else text + after
    return text


def copied(folder: Path) -> Path:
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns(*MADE)
        )
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def made(root: Path, number: int) -> Copy:
    """Make the change of a section in a copy, and see that its code is as tidy as ours."""
    (section,) = re.findall(rf"^## {number}\. .*?(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    for path, language, block in BLOCK.findall(section):
        file = root / path
        assert file.exists() == (language == "diff"), path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            changed(file.read_text("utf-8"), block) if language == "diff" else block, "utf-8"
        )
    copy = Copy(root, section)
    python = " ".join(path for path in copy.touched if path.endswith(".py"))
    if python:
        copy.run(f".venv/bin/ruff check {python} && .venv/bin/ruff format --check {python}")
    return copy


def write_the_carnet(root: Path, **words: str) -> None:
    """Write the document of docs/curating.md into the data of a copy, some words otherwise."""
    file = root / "data" / "carnets" / "carnet-99" / "atelier.trig"
    file.parent.mkdir(exist_ok=True)
    text = carnet()
    for old, new in words.items():
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


@pytest.fixture
def root(tmp_path: Path, release: Release) -> Path:
    """A copy of the checkout in which the release was built before."""
    shutil.copytree(release.path.parent, tmp_path / "releases", symlinks=True)
    return copied(tmp_path)


def test_a_page_is_two_folders(root: Path) -> None:
    copy = made(root, 1)
    folders = {re.sub(r"(roles)/.*", r"\1", path) for path in copy.touched}
    assert folders - {"tests/site/roles"} == {"src/rallynov_graph/site/roles", "web/roles"}
    assert "2 passed" in copy.run_what_it_says()
    blocks = {path: text for path, _, text in BLOCK.findall(copy.section) if "tests" not in path}
    record = "src/rallynov_graph/site/roles/__init__.py"
    assert (
        len({*blocks} - {record}) == 4 and sum(len(it.splitlines()) for it in blocks.values()) <= 60
    )
    page, of_map = copy.ask("/roles?lang=en", "/sitemap.xml")
    assert "Roles taken" in page and "/cite/roles" in page and "/roles<" in of_map
    with (root / "src/rallynov_graph/site/roles/views.py").open("a", encoding="utf-8") as module:
        module.write("from rallynov_graph.site.carnet import views\n")
    told = " ".join(copy.run(".venv/bin/lint-imports --no-logo --no-cache", status=1).split())
    assert "rallynov_graph.site.roles is not allowed to import rallynov_graph.site.carnet" in told
    assert ", 1 broken" in told


def test_a_class_is_four_files(root: Path) -> None:
    copy = made(root, 2)
    assert len(copy.touched) == 4
    workshop = {
        "organisation:": "laboratory:",
        "id/organisation/": "id/laboratory/",
        "a org:Organization": "a rn:Laboratory",
    }
    write_the_carnet(root, **workshop)
    copy.run_what_it_says()
    shown, narrowed, page = copy.ask(
        "/list/laboratory",
        "/list/laboratory.csv?theme=theme/mutualisation",
        "/page/laboratory/l-atelier-du-lac",
    )
    assert ">1 laboratoire</h1>" in shown
    assert 'class="shape shape-organisation"' in shown
    assert "l-atelier-du-lac" in narrowed
    assert "laboratoire" in page
    write_the_carnet(
        root, **workshop, **{'rn:nameAsPrinted "L\'Atelier du Lac"': 'rdfs:comment "x"'}
    )
    told = copy.run(".venv/bin/rallynov validate --format text", status=1)
    assert "the name as printed is needed" in told or "tel qu’il est imprimé" in told
