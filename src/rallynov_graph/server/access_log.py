"""A line of JSON for each request: without query texts and whole addresses unless wanted."""

import json
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from rallynov_graph.http.request import HttpRequest
from rallynov_graph.server.client_numbers import network
from rallynov_graph.server.line_writer import LineWriter


class Log(StrEnum):
    """What is written of each request."""

    NONE = "none"
    REQUESTS = "requests"
    EVERYTHING = "everything"
    """Query texts and whole addresses too: personal data."""


_LONGEST: Final = 4000
_PATIENCE: Final = 1.0
"""A process that ends waits so many seconds for what is still to be written."""


class AccessLog:
    """Writes to standard error, a line at a time, which processes may share."""

    def __init__(self, log: Log = Log.NONE) -> None:
        self._log = log
        self.lines = LineWriter()
        """Where lines are written, without waiting for who reads them."""

    @property
    def is_open(self) -> bool:
        """Whether anything is written."""
        return self._log is not Log.NONE

    def write(self, request: HttpRequest, status: int, size: int, seconds: float) -> None:
        """Write a request with what became of it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds"),
            "method": request.method,
            "path": request.path,
            "status": status,
            "bytes": size,
            "ms": round(1000 * seconds, 2),
            "client": self._client(request.client),
        }
        if self._log is Log.EVERYTHING:
            line["query"] = request.query_string.decode("latin-1")[:_LONGEST]
        self.lines.write(f"{json.dumps(line, ensure_ascii=False)}\n")

    def end(self) -> None:
        """Write everything that can be written in short time."""
        self.lines.end(_PATIENCE)

    def _client(self, address: str) -> str:
        return address if self._log is Log.EVERYTHING else network(address)
