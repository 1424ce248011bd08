"""A line of JSON for each request: without query texts and whole addresses unless wanted."""

import json
import os
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from rallynov_graph.http.responses import Scope
from rallynov_graph.service.shares import network


class Log(StrEnum):
    """What is written of each request."""

    NONE = "none"
    REQUESTS = "requests"
    EVERYTHING = "everything"
    """Query texts and whole addresses too: personal data."""


_STANDARD_ERROR: Final = 2
_LONGEST: Final = 4000


class Journal:
    """Writes to standard error, a line at a time, which processes may share."""

    def __init__(self, log: Log = Log.NONE) -> None:
        self._log = log

    @property
    def is_open(self) -> bool:
        """Whether anything is written."""
        return self._log is not Log.NONE

    def write(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        """Write a request with what became of it."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds"),
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "bytes": size,
            "ms": round(1000 * seconds, 2),
            "client": self._client(scope),
        }
        if self._log is Log.EVERYTHING:
            line["query"] = scope["query_string"].decode("latin-1")[:_LONGEST]
        os.write(_STANDARD_ERROR, f"{json.dumps(line, ensure_ascii=False)}\n".encode())

    def _client(self, scope: Scope) -> str:
        address: str = scope["client"][0] if scope.get("client") else ""
        return address if self._log is Log.EVERYTHING else network(address)
