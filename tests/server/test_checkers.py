"""What checkers that others wrote find in a running server: nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from places import TESTS
from servers import Server

API = ("search", "questions", "questions/stages", "questions/evidence_of_fact")
"""They have each kind of parameter; docs/checkers.md has the command for all operations."""


def test_schemathesis_finds_the_api_as_described(server: Server, tmp_path: Path) -> None:
    command = (
        *(Path(sys.executable).with_name("st"), "run", f"{server.address}/api/openapi.json"),
        *("--phases=examples,coverage,fuzzing", "--max-examples=20", "--seed=1"),
        *(f"--include-path=/api/{path}" for path in API),
        # In the place of the second is a check of ours: no schema can list the names of all things.
        "--exclude-checks=unsupported_method,positive_data_acceptance",
    )
    hooks = {"SCHEMATHESIS_HOOKS": "api_checks", "PYTHONPATH": f"{TESTS / 'support'}"}
    ran = subprocess.run(
        command, env=os.environ | hooks, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0 and "4 selected" in ran.stdout, ran.stdout + ran.stderr


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
NO_FAULT = ("Empty heading", "Section lacks heading")
"""A script fills the heading before it shows the panel beside the network; what the section of the
citation is called stands in the summary that opens it."""


def test_the_nu_validator_finds_no_fault_in_pages(server: Server, tmp_path: Path) -> None:
    jar, java = TESTS / "clients/node_modules/vnu-jar/build/dist/vnu.jar", shutil.which("java")
    if not (java and jar.is_file()) and "RALLYNOV_CLIENTS" not in os.environ:
        pytest.skip("Java and vnu-jar are not there, and RALLYNOV_CLIENTS does not require them")
    for number, path in enumerate(PAGES):
        answer = server.ask("GET", path, accept="text/html")
        (tmp_path / f"{number}.html").write_bytes(answer.body)
    command = [f"{java}", "-Xss4m", "-jar", f"{jar}", "--format", "json", f"{tmp_path}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [
        (PAGES[int(Path(it["url"]).stem)], it["message"], it.get("extract"))
        for it in json.loads(ran.stderr)["messages"]
        if not it["message"].startswith(NO_FAULT)
    ]
    assert not found
