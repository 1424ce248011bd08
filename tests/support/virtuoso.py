"""A real Virtuoso on free ports in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from rallynov_graph.sparql.remote.credentials import Credentials
from rallynov_graph.sparql.remote.remote_server import Server

REQUIRED = "RALLYNOV_VIRTUOSO"
"""Set to "required", the tests fail where Virtuoso is missing; otherwise they are skipped."""
MISSING = "virtuoso-t is not installed (on Debian: apt-get install virtuoso-opensource)"
SECRET = "dba:dba"
"""What every new Virtuoso has until it is changed."""
_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 20
MaxCheckpointRemap = 200
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 200

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {readable}
CaseMode = 2
SchedulerInterval = 10
CheckpointInterval = 0
ServerThreads = 10
{threads}

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
ServerRoot = {folder}

[SPARQL]
ResultSetMaxRows = {rows}
"""


def installed() -> str | None:
    """Return the program, None where it is not there."""
    return shutil.which("virtuoso-t")


def is_required() -> bool:
    return os.environ.get(REQUIRED) == "required"


def asked(address: str) -> Server:
    """What everybody may ask."""
    return Server(f"{address}/sparql")


def filled(address: str) -> Server:
    """What only they may who know the secret."""
    return Server(f"{address}/sparql-auth", credentials=Credentials(SECRET))


@contextmanager
def running(
    folder: Path,
    rows: int = 10_000,
    buffers: int = 4000,
    readable: tuple[Path, ...] = (),
    threads: int | None = 1,
) -> Iterator[str]:
    """Run Virtuoso until the block ends; give its address. Its loader reads some folders.

    A query has so many threads, or, for None, what Virtuoso gives it by itself.
    """
    program = installed()
    assert program, MISSING
    sql, http = _free_port(), _free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(
        _SETTINGS.format(
            folder=folder,
            sql=sql,
            http=http,
            rows=rows,
            buffers=buffers,
            dirty=buffers * 3 // 4,
            readable=", ".join(map(str, readable or (folder,))),
            threads="" if threads is None else f"ThreadsPerQuery = {threads}",
        )
    )
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
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urlopen(f"{address}/sparql?query=ASK%7B%7D", timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError(f"Virtuoso did not start: {said.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
