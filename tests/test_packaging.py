"""The wheel and the source archive hold everything, and run installed elsewhere."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

import rallynov_graph
from places import ROOT
from rallynov_graph.base.resources import page_files
from rallynov_graph.questions.catalogue import load

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SHARED = ("ontology", "data", "deploy", "web/static")
DOCUMENTS = (".md", "contents.toml", ".webp", ".ipynb")
"""What of the documents an installed program has, but for decisions and what makes pages."""
SERVED = ("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", "/", "/docs/releases")


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive of the checkout, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def elsewhere(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    subprocess.run([*command, "--no-index", archives[1]], check=True, capture_output=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


SURROUNDINGS = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "venv" / "bin" / "rallynov", *arguments],
        cwd=folder,
        env=SURROUNDINGS,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def built(elsewhere: Path) -> Path:
    """The release that the installed wheel built, where it looks for one."""
    ran = run(elsewhere, "build")
    assert (ran.returncode, ran.stderr) == (0, "")
    return elsewhere / ran.stdout.splitlines()[-1]


def of_checkout(*folders: str) -> dict[str, bytes]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and not {"__pycache__", "node_modules", "acts.d.ts"} & {*path.parts}
    }


def test_the_wheel_holds_all_shared_files_and_all_of_the_package(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        held = {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}
    wanted = {f"rallynov_graph/_shared/{n}": c for n, c in of_checkout(*SHARED).items()}
    wanted |= {n.removeprefix("src/"): c for n, c in of_checkout("src/rallynov_graph").items()}
    pages = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in page_files()}
    assert len(pages) > 60
    wanted |= {f"rallynov_graph/_shared/{n}": c for n, c in pages.items()}
    wanted |= {
        f"rallynov_graph/_shared/{name}": content
        for name, content in of_checkout("docs").items()
        if name.endswith(DOCUMENTS) and not name.startswith("docs/decisions/")
    }
    assert held == wanted


def test_links_of_the_readme_work_outside_the_repository(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        [name] = [it for it in wheel.namelist() if it.endswith(".dist-info/METADATA")]
        text = wheel.read(name).decode("utf-8")
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert len(links) > 20 and [it for it in links if not it.startswith("https://")] == []


def test_the_source_archive_holds_what_building_and_testing_need(archives):
    with tarfile.open(archives[0]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = of_checkout("ontology", "data", "web", "src", "tests", "requirements")
    assert set(wanted) <= held
    assert {"Makefile", "pyproject.toml", "hatch_build.py", "LICENSE", "LICENSE-DATA"} <= held
    assert not [n for n in held if n.startswith((".venv", "releases", ".coverage", "dist/"))]
    assert not [n for n in held if "node_modules" in n]


def test_installed_elsewhere_it_builds_the_same_release_and_exports_it(elsewhere, built, release):
    assert built.name == release.path.name
    assert (built / "manifest.json").read_bytes() == (release.path / "manifest.json").read_bytes()
    listed = run(elsewhere, "query", "--list").stdout.splitlines()
    names = [it.partition("\t")[2] for it in listed]
    assert names == [*load()] and len(names) > 50
    ran = run(elsewhere, "export", "--format", "nq")
    assert ran.stdout.encode() == release.data.read_bytes()


@pytest.mark.usefixtures("built")
def test_installed_elsewhere_it_serves(elsewhere):
    command = [elsewhere / "venv" / "bin" / "rallynov", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=elsewhere, env=SURROUNDINGS, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            for path in SERVED:
                with urlopen(address + path, timeout=10) as answer:
                    assert answer.status == 200
        finally:
            server.terminate()


def test_what_the_project_needs_is_locked_with_hashes_and_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text
        for requirement in re.split(r"\n(?=[a-z])", text.strip()):
            assert re.match(r"[a-z0-9-]+==\S+", requirement)
            assert "--hash=sha256:" in requirement
    for name, wanted in (
        ("run", PROJECT["project"]["dependencies"]),
        ("build", PROJECT["dependency-groups"]["build"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
    ):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        for requirement in wanted:
            plain = re.match(r"[a-z0-9-]+", requirement)[0]
            assert re.search(rf"^{plain}==", text, re.M), f"{plain} is missing: run make lock"


def test_what_cites_the_program_names_this_version():
    version = rallynov_graph.__version__
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert json.loads((ROOT / "codemeta.json").read_text("utf-8"))["version"] == version
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
