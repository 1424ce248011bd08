"""Messages on standard error: requests, and internal errors."""

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
"""The seconds that an ending process waits for pending lines."""
_LONGEST: Final = 4000
"""Of a query string, in characters."""

_AGAIN: Final = 60.0
"""The interval, in seconds, between equal sentences: all visitors cause the same one."""
_DIFFERENT: Final = 64
"""So many sentences are remembered as written."""
_LONGEST_COMPLAINT: Final = 2000

_last_written: Final[dict[str, float]] = {}


class Log(StrEnum):
    """The amount of logging for each request."""

    NONE = "none"
    REQUESTS = "requests"
    EVERYTHING = "everything"
    """Query texts and whole addresses too: personal data."""


class LineWriter(io.TextIOBase):
    """A text stream whose ``write`` never waits and never fails.

    If the reader is slow or gone, or the disk is full, lines are dropped; their number is written
    as soon as possible.
    """

    def __init__(self, descriptor: int = _STANDARD_ERROR) -> None:
        self._descriptor, self._begun = descriptor, ""
        self._lines: queue.Queue[str] = queue.Queue(_MOST_WAITING)
        self._lost = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Accept text, whose complete lines are written soon; return its length."""
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
        """Write everything that can be written in a short time."""
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
    """Write a sentence whatever the log level, unless it was written a moment ago.

    In a web process, this never waits for the reader of standard error.
    """
    now = time.monotonic()
    if now - _last_written.get(words, -_AGAIN) < _AGAIN:
        return
    if len(_last_written) >= _DIFFERENT:
        _last_written.clear()
    _last_written[words] = now
    say(words)


def say(words: str) -> None:
    """Write a sentence if standard error can be written."""
    with suppress(OSError):
        print(f"rallynov: {words[:_LONGEST_COMPLAINT]}", file=sys.stderr, flush=True)
