"""What checkers that others wrote find in a running server: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
