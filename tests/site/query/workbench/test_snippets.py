"""The programs that the workbench offers: each is run as it is given, and answers the question."""

from __future__ import annotations

import ast
import csv
import json
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from places import ROOT
from running_node import node, printed_by
from servers import Server

MODULE = ROOT / "web/query/workbench/exporting.ts"
STRANGE = """a'b"c `${d}` $HOME \\ \\n é \"\"\" %41 & 😀 \\"""
"""What shells, Python and JavaScript would each take for something else."""


MARK = "\f"
EXACTLY = f"\nprint({MARK!r} + table.to_csv(index=False), end='')\n"
"""What is printed of a table is cut for the eye; after it, the whole."""


def programs(endpoint: str, query: str, kind: str) -> dict[str, str]:
    """Return what the workbench offers, by its name."""
    script = f"import {{ snippets }} from {json.dumps(MODULE.as_uri())};"
    asked = {"endpoint": endpoint, "query": query, "kind": kind}
    made = node(f"{script} console.log(JSON.stringify(snippets(given)))", asked)
    return {it["name"]: it["text"] for it in made}


def printed(name: str, program: str, folder: Path) -> str:
    """Run a program by what it is written for; return what it prints."""
    if name == "JavaScript":
        return printed_by(
            f"console.log = (it) => process.stdout.write(JSON.stringify(it));\n{program}"
        )
    if name == "curl" and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    if name == "Python, pandas":
        program += EXACTLY
    (folder / "program").write_text(program, "utf-8")
    by = ["sh"] if name == "curl" else [sys.executable, "-X", "utf8"]
    ran = subprocess.run([*by, "program"], cwd=folder, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


def text_of(name: str, told: str) -> str:
    """Return what the answer has for ``?text``."""
    if name in ("curl", "Python, pandas"):
        return next(csv.DictReader(StringIO(told.rpartition(MARK)[2], newline="")))["text"]
    row: dict[str, str] = json.loads(told) if name == "JavaScript" else ast.literal_eval(told)
    return row["text"]


@pytest.mark.parametrize("name", ["curl", "Python, SPARQLWrapper", "Python, pandas", "JavaScript"])
def test_a_program_asks_the_question_whatever_it_holds(
    server: Server, tmp_path: Path, name: str
) -> None:
    literal = json.dumps(STRANGE, ensure_ascii=False)
    query = f"# {STRANGE}\nSELECT ?text {{ VALUES ?text {{ {literal} }} }}\n# {STRANGE}"
    program = programs(server.endpoint, query, "table")[name]
    assert text_of(name, printed(name, program, tmp_path)) == STRANGE


@pytest.mark.parametrize(
    ("kind", "query", "expected"),
    [("word", "ASK {}", "true"), ("graph", "CONSTRUCT { <urn:a> <urn:b> 1 } {}", "<urn:b> 1")],
)
def test_words_and_graphs_are_read_too(
    server: Server, tmp_path: Path, kind: str, query: str, expected: str
) -> None:
    found = programs(server.endpoint, query, kind)
    assert "Python, pandas" not in found and len(found) == 3
    for name, program in found.items():
        assert expected in printed(name, program, tmp_path).replace("True", "true"), name
