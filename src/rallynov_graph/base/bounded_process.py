"""Work in a process of its own, which the kernel ends where it takes too much time or memory.

What strangers wrote, a query or a file of a few kilobytes, may end the process that reads it.
"""

import ctypes
import faulthandler
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn, TypeVar

Returned = TypeVar("Returned")
_PR_SET_PDEATHSIG: Final = 1
TOO_LONG: Final = (signal.SIGXCPU, signal.SIGKILL)
"""The signals that end a process after its seconds."""
TOO_MUCH_MEMORY: Final = (signal.SIGABRT,)
NESTED_TOO_DEEPLY: Final = (signal.SIGSEGV, signal.SIGBUS)


class ProcessEndedError(Exception):
    """A process was ended before its work was done; carries the signal."""

    def __init__(self, ended_by: signal.Signals) -> None:
        super().__init__(ended_by.name)
        self.ended_by = ended_by


def run(
    work: Callable[[], Returned], *, seconds: int | None = None, memory: int | None = None
) -> Returned:
    """Return what a function returns in a forked process; what it raises there is raised here.

    It may take so many seconds of processor, and so many bytes more than this process has. Raises
    ProcessEndedError.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    parent, pid = os.getpid(), os.fork()
    if not pid:
        os.close(read_end)
        end_with(parent)
        _work(work, write_end, seconds, memory)
    try:
        os.close(write_end)
        with open(read_end, "rb") as pipe:
            written = pipe.read()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        raise ProcessEndedError(signal.Signals(os.WTERMSIG(status)))
    returned, error = pickle.loads(written)
    if error is not None:
        raise error
    answer: Returned = returned
    return answer


def bound(*, seconds: int | None = None, memory: int | None = None) -> None:
    """Bound the seconds of processor of this process, and the bytes that it may yet take."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds is not None:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if memory is not None and sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        size = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def end_with(parent: int) -> None:
    """Have the system end this process at once when its parent has ended, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _work(
    work: Callable[[], object], write_end: int, seconds: int | None, memory: int | None
) -> NoReturn:
    """Write what a function returns or raises to a pipe, and end this process."""
    status = 1
    faulthandler.disable()
    try:
        bound(seconds=seconds, memory=memory)
        content = _outcome(work)
        with open(write_end, "wb") as pipe:
            pipe.write(content)
        status = 0
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _outcome(work: Callable[[], object]) -> bytes:
    try:
        returned = work()
        sys.stdout.flush()
        return pickle.dumps((returned, None))
    except MemoryError:
        raise
    except BaseException as error:
        error.add_note(traceback.format_exc())
        return pickle.dumps((None, error))
