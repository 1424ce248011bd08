"""A new release is taken up without losing a request; what fails leaves the old one serving."""

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from servers import Server, serving, start

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are looked at through /proc"
)
ONE, TWO = (f'<urn:a> <urn:b> "{text}" .\n' for text in ("one", "two"))
SAID = "/sparql?query=SELECT%20%3Fo%20%7B%3Fs%20%3Fp%20%3Fo%7D"


def said(server: Server) -> str:
    """Return what the data say, nothing while a process ends in the middle of it."""
    try:
        return said_now(server)
    except OSError:
        return ""


def said_now(server: Server) -> str:
    return server.ask("GET", SAID, Accept="text/csv").text.split()[-1]


def eventually(condition: Callable[[], bool], within: float = 20) -> bool:
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


class Asking:
    """Somebody who asks all the time on connections that he keeps, and counts what gets lost."""

    def __init__(self, server: Server) -> None:
        self._place = urlsplit(server.address).netloc
        self._stop = threading.Event()
        self.answered, self.lost = 0, list[str]()
        self._threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def __enter__(self) -> "Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        connection = http.client.HTTPConnection(self._place, timeout=10)
        number = 0
        while not self._stop.wait(0.005):
            number += 1
            try:
                connection.request("GET", f"{SAID}%23{number}")
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                self.answered += 1
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.lost.append(repr(error))
                connection.close()


def test_a_hangup_lets_a_new_generation_take_over(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(ONE, "utf-8")
    with serving("--data", str(file)) as server, Asking(server) as asking:
        assert said(server) == "one"
        for text in (TWO, ONE, TWO):
            before = server.generation()
            file.write_text(text, "utf-8")
            server.process.send_signal(signal.SIGHUP)
            assert eventually(lambda: gone(before))  # noqa: B023
        assert said(server) == "two"
        assert asking.answered > 20
        assert asking.lost == []


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_watching_takes_up_what_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(ONE, "utf-8")
    with serving("--data", str(file), "--watch") as server:
        assert said(server) == "one"
        file.write_text(TWO, "utf-8")
        assert eventually(lambda: said(server) == "two")


def test_what_cannot_be_opened_leaves_the_old_one_serving(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(ONE, "utf-8")
    with serving("--data", str(file)) as server:
        file.write_text("nonsense", "utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert server.process.stderr is not None
        told = server.process.stderr.readline()
        assert "The new data are not served, the old ones still are" in told
        assert said(server) == "one"


def test_a_generation_that_ends_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(ONE, "utf-8")
    with serving("--data", str(file)) as server:
        time.sleep(1.1)
        os.kill(server.generation(), signal.SIGKILL)
        assert eventually(lambda: said(server) == "one")


def test_nothing_stays_of_a_server_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, temporary = tmp_path / "data.nt", tmp_path / "temporary"
    file.write_text(ONE, "utf-8")
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))  # others leave and make what is in /tmp meanwhile
    with serving("--data", str(file), starting=start) as server:
        assert said(server) == "one"
        server.stop(signal.SIGKILL)
    assert eventually(lambda: not [*temporary.iterdir()])
