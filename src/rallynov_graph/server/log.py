"""What is written to standard error: requests, and what goes wrong behind the site."""

import io
import json
import os
import queue
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from rallynov_graph.server.requests import HttpRequest, network

_STANDARD_ERROR: Final = 2
_MOST_WAITING: Final = 300
"""How many lines may wait to be written; what comes beyond is lost, and counted."""
_PATIENCE: Final = 1.0
"""A process that ends waits so many seconds for what is still to be written."""
_LONGEST: Final = 4000
"""Of a query string, in characters."""

_AGAIN: Final = 60.0
"""The same sentence is written once in so many seconds: all visitors meet the same trouble."""
_DIFFERENT: Final = 64
"""So many sentences are remembered as written."""
_LONGEST_COMPLAINT: Final = 2000

_last_written: Final[dict[str, float]] = {}


class Log(StrEnum):
    """What is written of each request."""

    NONE = "none"
    REQUESTS = "requests"
    EVERYTHING = "everything"
    """Query texts and whole addresses too: personal data."""


class LineWriter(io.TextIOBase):
    """A text stream whose ``write`` never waits and never fails.

    A reader that is slow or gone, or a disk that is full, costs lines, of which the number is
    written as soon as writing is possible again.
    """

    def __init__(self, descriptor: int = _STANDARD_ERROR) -> None:
        self._descriptor, self._begun = descriptor, ""
        self._lines: queue.Queue[str] = queue.Queue(_MOST_WAITING)
        self._lost = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def writable(self) -> bool:
        """Return that it may be written to."""
        return True

    def write(self, text: str) -> int:
        """Accept text, of which whole lines are written soon; return its length."""
        with self._lock:
            *whole, self._begun = f"{self._begun}{text}".split("\n")
            if whole and self._thread is None:
                self._thread = threading.Thread(target=self._write_all, daemon=True)
                self._thread.start()
            for line in whole:
                try:
                    self._lines.put_nowait(line)
                except queue.Full:
                    self._lost += 1
        return len(text)

    def end(self) -> None:
        """Write everything that can be written in short time."""
        until = time.monotonic() + _PATIENCE
        while self._lines.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)

    def _write_all(self) -> None:
        while True:
            line = self._lines.get()
            with self._lock:
                lost, self._lost = self._lost, 0
            notice = f"rallynov: {lost} lines were not written here.\n" if lost else ""
            content = f"{notice}{line}\n".encode("utf-8", "replace")
            try:
                while content:
                    content = content[os.write(self._descriptor, content) :]
            except OSError:
                with self._lock:
                    self._lost += lost + 1
            self._lines.task_done()


def line_of(log: Log, request: HttpRequest, status: int, size: int, seconds: float) -> str:
    """Return the line of JSON on a request and what became of it."""
    is_whole = log is Log.EVERYTHING
    line: dict[str, Any] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": request.method,
        "path": request.path,
        "status": status,
        "bytes": size,
        "ms": round(1000 * seconds, 2),
        "client": request.client if is_whole else network(request.client),
    }
    if is_whole:
        line["query"] = request.query_string.decode("latin-1")[:_LONGEST]
    return f"{json.dumps(line, ensure_ascii=False)}\n"


def complain(words: str) -> None:
    """Write a sentence, whatever the log is, unless it was written a moment ago.

    In a web process, standard error never waits for its reader.
    """
    now = time.monotonic()
    if now - _last_written.get(words, -_AGAIN) < _AGAIN:
        return
    if len(_last_written) >= _DIFFERENT:
        _last_written.clear()
    _last_written[words] = now
    say(words)


def say(words: str) -> None:
    """Write a sentence, if somebody can read it."""
    with suppress(OSError):
        print(f"rallynov: {words[:_LONGEST_COMPLAINT]}", file=sys.stderr, flush=True)
