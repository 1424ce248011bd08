"""Run a function in a process of its own, which is killed if it takes too much time or memory.

A query or a file of a few kilobytes from a stranger may crash the process that reads it.
"""

import ctypes
import faulthandler
import multiprocessing
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, TypeVar

Returned = TypeVar("Returned")
_FORK: Final = multiprocessing.get_context("fork")
_PR_SET_PDEATHSIG: Final = 1
TOO_LONG: Final = (signal.SIGXCPU, signal.SIGKILL)
"""The signals that end a process after its seconds."""
TOO_MUCH_MEMORY: Final = (signal.SIGABRT,)
NESTED_TOO_DEEPLY: Final = (signal.SIGSEGV, signal.SIGBUS)


class ProcessEndedError(Exception):
    """A process was killed before its work was done; carries the signal."""

    def __init__(self, ended_by: signal.Signals) -> None:
        super().__init__(ended_by.name)
        self.ended_by = ended_by


def run(
    work: Callable[[], Returned], *, seconds: int | None = None, memory: int | None = None
) -> Returned:
    """Run a function in a forked process; return its result, or raise its exception here.

    ``seconds`` bounds its processor time, ``memory`` the bytes that it may use beyond this process.
    Raises ProcessEndedError.
    """
    receiving, sending = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_work, args=(work, sending, os.getpid(), seconds, memory))
    process.start()
    sending.close()
    outcome: tuple[Returned, BaseException | None] | None = None
    try:
        with receiving, suppress(EOFError):
            outcome = receiving.recv()
    except BaseException:
        process.kill()
        raise
    finally:
        process.join()
    if process.exitcode is not None and process.exitcode < 0:
        raise ProcessEndedError(signal.Signals(-process.exitcode))
    assert outcome is not None  # a process that ends by itself has sent one
    returned, error = outcome
    if error is not None:
        raise error
    return returned


def _work(
    work: Callable[[], object],
    sending: Connection,
    parent: int,
    seconds: int | None,
    memory: int | None,
) -> None:
    """Send the result or the exception of a function."""
    faulthandler.disable()
    end_with(parent)
    try:
        bound(seconds=seconds, memory=memory)
        returned = work()
        sys.stdout.flush()
        sending.send((returned, None))
    except MemoryError:
        os.abort()
    except BaseException as error:
        error.add_note(traceback.format_exc())
        sending.send((None, error))


def bound(*, seconds: int | None = None, memory: int | None = None) -> None:
    """Bound the processor seconds of this process, and the bytes that it may still allocate."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds is not None:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if memory is not None and sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        size = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def end_with(parent: int) -> None:
    """Have the system kill this process at once when its parent ends, if the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)
