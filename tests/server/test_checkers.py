"""What checkers that others wrote find in a running server: nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nu_validator import html_faults
from places import TESTS
from rallynov_graph.questions import catalogue
from servers import Server

API = ("search", "questions", "questions/stages", "questions/evidence_of_fact")
"""They have each kind of parameter; docs/checkers.md has the command that covers all operations."""
RUNS = {
    "all": ("--phases=examples,fuzzing", "--max-examples=4"),
    "each-kind": ("--phases=coverage", *(f"--include-path=/api/{path}" for path in API)),
}


@pytest.mark.parametrize("run", RUNS)
def test_schemathesis_finds_the_api_as_described(server: Server, tmp_path: Path, run: str) -> None:
    command = (
        *(Path(sys.executable).with_name("st"), "run", f"{server.address}/api/openapi.json"),
        *("--seed=1", "--workers=2", *RUNS[run]),
        # In the place of the second is a check of ours: no schema can list the names of all things.
        "--exclude-checks=unsupported_method,positive_data_acceptance",
    )
    hooks = {"SCHEMATHESIS_HOOKS": "api_checks", "PYTHONPATH": f"{TESTS / 'support'}"}
    ran = subprocess.run(
        command, env=os.environ | hooks, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    count = len(API) if run == "each-kind" else len(catalogue.load()) - 1
    found = re.search(r"Tested: +(\d+)", ran.stdout)
    assert ran.returncode == 0 and found and int(found[1]) >= count, ran.stdout + ran.stderr


PAGES = (
    *("/", "/carnet", "/carnet/carnet-2", "/page/organisation/indibat", "/page/theme/gouvernance"),
    *("/page/person/francis-ginsbourger", "/page/stage/vesoul", "/list/organisation", "/network"),
    *("/list/organisation?view=matrix", "/questions", "/questions/stages?lang=en", "/timeline"),
    *("/search?q=qui+porte+mamhique", "/doubts", "/downloads", "/docs", "/docs/api", "/about"),
    *(
        "/sparql",
        "/between",
        "/compare",
        "/ontology",
        "/nowhere",
        "/reconcile/preview?id=stage/vesoul",
    ),
)
"""One of each kind."""


def test_the_nu_validator_finds_no_fault_in_pages(server: Server, tmp_path: Path) -> None:
    for number, path in enumerate(PAGES):
        answer = server.ask("GET", path, accept="text/html")
        (tmp_path / f"{number}.html").write_bytes(answer.body)
    faults = html_faults(tmp_path.glob("*.html"))
    assert not [(PAGES[int(file.stem)], *fault) for file, *fault in faults]
