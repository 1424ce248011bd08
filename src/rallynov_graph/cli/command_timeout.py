"""A bound on how long something may take, in the main thread of a command."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rallynov_graph.base.errors import RallynovError


class _TimeIsUpError(BaseException):
    """Raised by the alarm; no library takes it for an error of its own."""


@contextmanager
def within(seconds: float, otherwise: str) -> Iterator[None]:
    """Raise RallynovError with these words where the block is not done in time; 0 is no bound."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeIsUpError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUpError:
        raise RallynovError(otherwise) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
