"""Processes that are killed at a moment of our choice."""

import os
import signal
import sys
from pathlib import Path


def ended_by(work) -> int:
    """Return the status of a forked child that does the work."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def killed_at(number: int, out: Path):
    """Kill this process when it is about to touch a file under ``out`` for the n-th time."""
    seen = 0

    def watch(event, arguments):
        nonlocal seen
        touching = event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}
        if touching and str(arguments[0]).startswith(str(out)):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
