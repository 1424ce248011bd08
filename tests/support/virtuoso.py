"""A real Virtuoso on free ports in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from rallynov_graph.sparql.remote_server import Credentials, Server

REQUIRED = "RALLYNOV_VIRTUOSO"
"""Set to "required", the tests fail where Virtuoso is missing; otherwise they are skipped."""
MISSING = "virtuoso-t is not installed (on Debian: apt-get install virtuoso-opensource)"
SECRET = "dba:dba"
"""What every new Virtuoso has until it is changed."""
_SHIPPED = Path("/usr/share/virtuoso-opensource-7/virtuoso.ini")
"""The settings with which Debian starts it."""
_STATE = "/var/lib/virtuoso-opensource-7"
ASKED_FOR = {
    "SPARQL": {"MaxQueryCostEstimationTime": "0"},
    "Parameters": {"VectorSize": "100000", "ThreadsPerQuery": "1"},
}
"""What docs/scaling.md asks to be changed: as shipped, Virtuoso ends at some of the questions,
refuses others, and gives one a wrong answer."""


def installed() -> str | None:
    """Return the program, None where it is not there."""
    return shutil.which("virtuoso-t") if _SHIPPED.exists() else None


def is_required() -> bool:
    return os.environ.get(REQUIRED) == "required"


def asked(address: str) -> Server:
    """What everybody may ask."""
    return Server(f"{address}/sparql")


def filled(address: str) -> Server:
    """What only they may who know the secret."""
    return Server(f"{address}/sparql-auth", credentials=Credentials(SECRET))


def _shipped(folder: Path, sql: int, http: int) -> ConfigParser:
    """Return the settings of Debian, with places of our own and nobody else on the ports."""
    settings = ConfigParser(strict=False, interpolation=None, inline_comment_prefixes=(";",))
    settings.read(_SHIPPED)
    for section in settings.values():
        for name, value in section.items():
            if value.startswith(_STATE):
                section[name] = str(folder / Path(value).name)
    settings["HTTPServer"]["ServerRoot"] = str(folder)
    settings["Parameters"]["DirsAllowed"] = str(folder)
    settings["Parameters"]["ServerPort"] = f"127.0.0.1:{sql}"
    settings["HTTPServer"]["ServerPort"] = f"127.0.0.1:{http}"
    return settings


@contextmanager
def running(folder: Path, changes: Mapping[str, Mapping[str, str]] = ASKED_FOR) -> Iterator[str]:
    """Run Virtuoso with the settings of Debian until the block ends; give its address.

    Changes to them are settings by section and name. The port for its shell stands in ``sql-port``.
    """
    program = installed()
    assert program, MISSING
    sql, http = _free_port(), _free_port()
    settings = folder / "virtuoso.ini"
    with settings.open("w") as file:
        shipped = _shipped(folder, sql, http)
        shipped.read_dict(changes)
        shipped.write(file)
    (folder / "sql-port").write_text(str(sql))
    address, said = f"http://127.0.0.1:{http}", folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [program, "+foreground", "+configfile", str(settings)],
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(address, process, said)
        yield address
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", said: Path) -> None:
    until = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urlopen(f"{address}/sparql?query=ASK%7B%7D", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"Virtuoso did not start: {said.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
