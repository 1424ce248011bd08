"""The scripts as a whole: their tests and checks find faults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from places import ROOT, TESTS

WEB = ROOT / "web"
FAULTY = """\
// A script with faults.
const asked = 1
const answer = document.querySelector("a")
answer.href = "x"
"""


def test_faults_of_scripts_are_found_by_what_they_are(tmp_path: Path) -> None:
    """Types, rules and layout: each says what it finds, and none keeps another from it."""
    (tmp_path / "web/one").mkdir(parents=True)
    for name in ("tsconfig.json", "eslint.config.js", ".prettierrc.json", "package.json"):
        (tmp_path / "web" / name).write_bytes((WEB / name).read_bytes())
    (tmp_path / "web/node_modules").symlink_to(WEB / "node_modules")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/a.test.mjs").write_text("// A test.\n")
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (tmp_path / ".gitignore").write_text("node_modules\n")
    (tmp_path / "web/one/faulty.js").write_text(FAULTY)
    there = (".venv/.installed", ".venv/.installed-dev", "web/node_modules/.with-tools")
    old = [f"--old-file={name}" for name in (*there, "web/static/built/manifest.json")]
    ran = subprocess.run(
        ["make", "--no-print-directory", *old, "lint"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},  # where CI is set, the formatter colours a pipe, too
    )
    assert ran.returncode != 0
    said = ran.stdout + ran.stderr
    assert "faulty.js(4,1): error TS" in said
    assert "'asked' is assigned a value but never used" in said
    assert "[warn] web/one/faulty.js" in said


def test_a_test_of_a_script_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "one.test.mjs").write_text(
        "// Two tests.\n"
        'import assert from "node:assert/strict";\n'
        'import { test } from "node:test";\n'
        'test("what holds holds", () => assert.equal(1, 1));\n'
        'test("what fails is said", () => assert.equal(1, 2, "one is not two"));\n'
    )
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "node_tests", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(TESTS / "support"), "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 1
    assert "FAILED one.test.mjs::what fails is said" in ran.stdout
    assert "one is not two" in ran.stdout and "1 failed, 1 passed" in ran.stdout
