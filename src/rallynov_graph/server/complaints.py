"""What goes wrong behind the site, told to who runs it: a line each on standard error."""

import os
import select
import time
from typing import Final

_STANDARD_ERROR: Final = 2
_AGAIN: Final = 10.0
"""So many seconds must pass before the same is told again."""
_DIFFERENT: Final = 64
"""So many sentences are remembered as told."""
_LONGEST: Final = 2000
"""Of a line, in bytes: what a pipe takes whole when it says that it takes anything."""


class Complaints:
    """Writes each trouble when it is new, and not again at once: all visitors meet the same."""

    def __init__(self) -> None:
        self._last_written: dict[str, float] = {}

    def tell(self, words: str) -> None:
        """Write a sentence, unless it was written a moment ago, or nobody reads what is written."""
        now = time.monotonic()
        if now - self._last_written.pop(words, -_AGAIN) < _AGAIN:
            self._last_written[words] = now
            return
        if len(self._last_written) >= _DIFFERENT:
            self._last_written.clear()
        self._last_written[words] = now
        line = f"rallynov: {words}".encode("utf-8", "replace")[:_LONGEST] + b"\n"
        try:
            if select.select([], [_STANDARD_ERROR], [], 0)[1]:
                os.write(_STANDARD_ERROR, line)
        except OSError:
            return  # a full disk is no reason to keep the visitor waiting
