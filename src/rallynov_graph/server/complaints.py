"""What goes wrong behind the site, for those who run it: a line each on standard error."""

import sys
import time
from typing import Final

_AGAIN: Final = 60.0
"""The same sentence is written once in so many seconds: all visitors meet the same trouble."""
_DIFFERENT: Final = 64
"""So many sentences are remembered as written."""
_LONGEST: Final = 2000
"""Of a line, in characters."""

_last_written: Final[dict[str, float]] = {}


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
    sys.stderr.write(f"rallynov: {words[:_LONGEST]}\n")
    sys.stderr.flush()
