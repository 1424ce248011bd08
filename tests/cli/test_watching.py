"""What is watched while it is replaced: it may be missing, empty or half there for a moment."""

import os
import signal
import time
from pathlib import Path

from servers import Server, serving
from waiting import eventually

TURTLE = '<urn:a> <urn:b> "one" .\n'
NEW = '<urn:a> <urn:b> "two" .\n'
HALF = NEW[:-6]
SAID = "/sparql?query=SELECT%20%3Fo%20%7B%3Fs%20%3Fp%20%3Fo%7D"
LOOKS = 2.5
"""So many seconds are more than two looks of the watcher."""


def said(server: Server) -> list[str]:
    return server.ask("GET", SAID, Accept="text/csv").text.split()[1:]


def stopped(server: Server) -> list[str]:
    """Return the lines that a server had written when it was told to stop, and ended well."""
    assert server.stop() == 0
    assert server.process.stderr is not None
    return server.process.stderr.read().splitlines()


def test_a_file_that_is_not_whole_leaves_the_old_data_serving(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(TURTLE, "utf-8")
    with serving("--data", str(file), "--watch", "--workers", "1") as server:
        assert said(server) == ["one"]
        file.unlink()
        time.sleep(LOOKS)
        for state in ("", HALF):
            file.write_text(state, "utf-8")
            time.sleep(LOOKS)
            assert said(server) == ["one"]
        file.write_text(NEW, "utf-8")
        assert eventually(lambda: said(server) == ["two"])
        told = stopped(server)
    assert len(told) == 3 and all("old" in line for line in told)
    for line, word in zip(told, ("no such file", "empty", "line 1"), strict=True):
        assert word in line


def test_a_file_that_is_still_written_is_not_taken(tmp_path: Path) -> None:
    """Each part is valid by itself: only that it changes tells that more will come."""
    file = tmp_path / "data.nt"
    file.write_text(TURTLE, "utf-8")
    with serving("--data", str(file), "--watch", "--workers", "1") as server:
        assert said(server) == ["one"]
        found: set[tuple[str, ...]] = set()
        with file.open("w", encoding="utf-8") as output:
            for number in range(8):
                output.write(f'<urn:a> <urn:b> "{number}" .\n')
                output.flush()
                os.fsync(output.fileno())
                found.add(tuple(sorted(said(server))))
                time.sleep(0.4)
        assert found == {("one",)}
        assert eventually(lambda: len(said(server)) == 8)
        assert stopped(server) == []


def test_a_hangup_does_not_wait_for_the_next_look(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(TURTLE, "utf-8")
    with serving("--data", str(file), "--watch", "--workers", "1") as server:
        file.unlink()
        file.write_text(NEW, "utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: said(server) == ["two"])
