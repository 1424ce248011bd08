"""A time limit for a block in the main thread of a command."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rallynov_graph.base.errors import RallynovError


class _TimeIsUpError(BaseException):
    """Raised by the alarm; no library takes it for an error of its own."""


@contextmanager
def time_limit(seconds: float, message: str) -> Iterator[None]:
    """Raise RallynovError with a message where the block is not done in time; 0 is no limit."""

    def raise_timeout(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeIsUpError

    previous = signal.signal(signal.SIGALRM, raise_timeout)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TimeIsUpError:
        raise RallynovError(message) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
