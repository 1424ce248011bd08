"""A timeout for a rule: it ends the program, as the engine cannot interrupt a query."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rallynov_graph.base.errors import RallynovError

STATUS: Final = 2
"""The exit status of the program then: that of any error which a user can mend."""


@contextmanager
def ended_after(seconds: float, error: RallynovError) -> Iterator[None]:
    """Print an error and end the program when the block takes longer.

    Files are left unfinished, as when the program is killed: a release appears whole or not at all.
    """
    timer = threading.Timer(seconds, _end, [error])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _end(error: RallynovError) -> None:
    sys.stderr.write(f"rallynov: {error}\n")
    sys.stderr.flush()
    os._exit(STATUS)
