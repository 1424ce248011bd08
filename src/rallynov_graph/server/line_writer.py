"""Lines for standard error, written by a thread: who reads them late holds up nobody."""

import io
import os
import select
import threading
from collections import deque
from typing import Final

_STANDARD_ERROR: Final = 2
_MOST: Final = 1 << 20
"""How many bytes may wait to be written; what comes beyond is lost, and counted."""
_PAUSE: Final = 0.05
"""The thread writes so often, in seconds, so that not every line wakes it."""
_LATE: Final = "they were read too slowly"


class LineWriter(io.TextIOBase):
    """A text stream whose ``write`` never waits and never fails.

    A reader that is slow, gone, or a disk that is full, costs lines, of which the number is written
    as soon as writing is possible again.
    """

    def __init__(self, descriptor: int = _STANDARD_ERROR) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._begun = ""
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._lost, self._why = 0, ""
        self._is_torn = False
        """Whether the last line was written in part only."""
        self._called, self._ending = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def writable(self) -> bool:
        """Return that it may be written to."""
        return True

    def write(self, text: str) -> int:
        """Accept text, of which whole lines are written soon; return its length."""
        with self._lock:
            *whole, self._begun = f"{self._begun}{text}".split("\n")
            for line in whole:
                self._take(f"{line}\n".encode("utf-8", "replace"))
        return len(text)

    def end(self, patience: float) -> None:
        """Wait so many seconds at most until everything is written."""
        self._ending.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join(patience)

    def _take(self, line: bytes) -> None:
        if self._size + len(line) > _MOST:
            self._lost, self._why = self._lost + 1, _LATE
            return
        self._lines.append(line)
        self._size += len(line)
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, daemon=True)
            self._thread.start()
        self._called.set()

    def _write_all(self) -> None:
        while not self._ending.is_set() or self._lines:
            self._called.wait()
            self._called.clear()
            while self._lines:
                self._write_first()
            self._ending.wait(_PAUSE)

    def _write_first(self) -> None:
        """Write the line that waits longest, and how many were lost before it."""
        with self._lock:
            line, lost, why = self._lines.popleft(), self._lost, self._why
            self._size -= len(line)
        notice = f"rallynov: {lost} lines were not written here: {why}.\n" if lost else ""
        failure = self._put(b"\n" * self._is_torn + notice.encode() + line)
        with self._lock:
            if failure is None:
                self._lost -= lost
            else:
                self._lost, self._why = self._lost + 1, failure.strerror or str(failure)

    def _put(self, data: bytes) -> OSError | None:
        """Write data; return what was in the way of it."""
        whole = len(data)
        try:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:  # others have set it so, whose descriptor it is, too
                    _wait_for(self._descriptor)
        except OSError as error:
            self._is_torn |= len(data) < whole
            return error
        self._is_torn = False
        return None


def _wait_for(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()
