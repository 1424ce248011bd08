"""`make`: what it builds anew, and that no check hides what another one finds."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from places import ROOT

ASSETS = "web/static/built/manifest.json"
KINDS = "src/rallynov_graph/base/kinds.toml"
TOOLS = "web/node_modules/.with-tools"
NEEDED = ("requirements/run.txt", "requirements/build.txt", "requirements/dev.txt")
NEEDED += ("pyproject.toml", "hatch_build.py", "web/package.json", "web/package-lock.json")
NEEDED += ("web/.npmrc", "web/build.mjs", KINDS, "web/one/two/three/four.ts", "web/one/a.html")
NEEDED += ("src/rallynov_graph/desk/session/asked.py", "web/desk/acts.d.ts")
PROGRAMS = ("ruff", "mypy", "lint-imports", "djlint", "python")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with our Makefile, all set up, where each program says its name and passes."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    made = [".venv/.installed", ".venv/.installed-dev", TOOLS, ASSETS]
    for age, name in enumerate([*NEEDED, *made]):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (1e9 + age, 1e9 + age))
    for folder in (it for it in (tmp_path / "web").rglob("*") if it.is_dir()):
        os.utime(folder, (1e9, 1e9))
    for program in PROGRAMS:
        runs(tmp_path, program, 0)
    return tmp_path


def runs(project: Path, program: str, status: int) -> None:
    """Have a program of the project say its name and what it is asked, and end so."""
    file = project / ".venv/bin" / program
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'#!/bin/sh\necho "{program} $*"\nexit {status}\n')
    file.chmod(0o755)
    os.utime(file, (1e9, 1e9))


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=project,
        check=False,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_every_check_and_the_tests_run_whichever_of_them_fails(project: Path) -> None:
    for failing in (None, *PROGRAMS):
        for program in PROGRAMS:
            runs(project, program, int(program == failing))
        ran = make(project, "test")
        assert (ran.returncode == 0) == (failing is None), ran.stderr
        for said in (
            "ruff check",
            "ruff format",
            "typescript/bin/tsc",
            "oxlint/bin/oxlint",
            "prettier/bin/prettier.cjs",
            "mypy",
            "lint-imports",
            "djlint",
            "-m pytest",
        ):
            assert said in ran.stdout, (failing, said)


def test_scripts_are_built_anew_when_one_changes_however_deep_it_lies(project: Path) -> None:
    deep = "web/one/two/three/four.ts"
    for age, changed in enumerate((deep, str(Path(deep).parent), "hatch_build.py", KINDS)):
        assert make(project, "--question", ASSETS).returncode == 0
        os.utime(project / changed)
        assert make(project, "--question", ASSETS).returncode == 1, changed
        os.utime(project / changed, (1e9 + age, 1e9 + age))
