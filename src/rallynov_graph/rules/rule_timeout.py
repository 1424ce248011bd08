"""An end for a rule that the engine would go on with: it lets nobody interrupt a query."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rallynov_graph.base.errors import RallynovError

STATUS: Final = 2
"""How the program ends then: as for any error that is told in a sentence."""


@contextmanager
def ended_after(seconds: float, error: RallynovError) -> Iterator[None]:
    """Have the program say an error and end when the block takes longer.

    What it was writing is left unfinished, as when it is killed: a release appears whole or not
    at all.
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
