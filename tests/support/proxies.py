"""Web servers of others in front of ours: where they are, how they start, and when they listen."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

REQUIRED = "RALLYNOV_PROXIES"
"""Set to "required", the tests fail where a proxy is missing; otherwise they are skipped."""


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        missing = f"{name} is not installed (on Debian: apt-get install {name})"
        pytest.fail(missing) if os.environ.get(REQUIRED) == "required" else pytest.skip(missing)
    return found


def nginx(servers: str, folder: Path) -> list[str]:
    """The command that runs what stands in an http block, with all that it writes in a folder."""
    as_root = "" if os.getuid() else "user root; "
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{as_root}daemon off; pid {folder}/pid; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{servers}}}\n",
        "utf-8",
    )
    return [program("nginx"), "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the server did not start")
