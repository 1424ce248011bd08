"""A timeout for a rule, as the engine cannot interrupt a query."""

import os
import sys
import threading
from collections.abc import Callable
from typing import Final

from rallynov_graph.base.errors import RallynovError

STATUS: Final = 2
"""The exit status of the program then: that of any error which a user can mend."""


def run(work: Callable[[], object], seconds: float, error: RallynovError) -> None:
    """Do some work; where it takes longer, end the program with an error.

    Files are left unfinished, as when the program is killed: a release appears whole or not at all.
    Beside the main thread, where a program has more to do, the error is raised instead, and the
    engine goes on with the work until it has done it or the program ends.
    """
    if threading.current_thread() is threading.main_thread():
        _run_or_end(work, seconds, error)
    else:
        _run_or_raise(work, seconds, error)


def _run_or_end(work: Callable[[], object], seconds: float, error: RallynovError) -> None:
    timer = threading.Timer(seconds, _end, [error])
    timer.daemon = True
    timer.start()
    try:
        work()
    finally:
        timer.cancel()
        timer.join()


def _run_or_raise(work: Callable[[], object], seconds: float, error: RallynovError) -> None:
    raised: list[BaseException] = []

    def watched() -> None:
        try:
            work()
        except BaseException as failure:
            raised.append(failure)

    thread = threading.Thread(target=watched, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise error
    if raised:
        raise raised[0]


def _end(error: RallynovError) -> None:
    sys.stderr.write(f"rallynov: {error}\n")
    sys.stderr.flush()
    os._exit(STATUS)
