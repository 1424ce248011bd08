"""Waiting for a state, where a test may not rely on how fast a machine is."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], within: float = 20) -> bool:
    """Return whether a condition becomes true within some seconds."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
