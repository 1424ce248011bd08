"""Clients in JavaScript: Comunica and sparql-http-client understand what the service answers."""

import json
import os
import shutil
import subprocess

import pytest

from places import TESTS
from servers import Server

REQUIRED = "RALLYNOV_CLIENTS"
CLIENTS = TESTS / "clients"


@pytest.fixture(scope="module")
def node() -> str:
    """The program that runs the clients, with what they need installed."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not os.environ.get(REQUIRED) and not (found and (CLIENTS / "node_modules").is_dir()):
        pytest.skip(f"the JavaScript clients are not installed, and {REQUIRED} does not require it")
    assert found and npm, f"{REQUIRED} is set, and Node.js with npm is not installed"
    if not (CLIENTS / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--ignore-scripts"], cwd=CLIENTS, check=True)
    return found


def test_clients_in_javascript_understand_the_service(node: str, data_server: Server) -> None:
    ran = subprocess.run(
        [node, "ask.mjs", data_server.endpoint, "https://example.org/g2"],
        check=False,
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    understood = json.loads(ran.stdout)
    assert understood["plain"] == {
        "rows": [["1"]] * 3,
        "yes": True,
        "triples": 1,
        "named": 4,
        "refused": 403,
    }
    for source in ("told", "found"):
        labels = sorted(understood[source].pop("labels"), key=str.lower)
        assert labels == ["chaise", "Stuhl"]
        assert understood[source] == {"rows": ["1"], "yes": True, "triples": 1}
