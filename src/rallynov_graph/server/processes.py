"""Fork processes that lose no signal and end with their parent."""

import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from rallynov_graph.base.errors import ServingError

MOST_DESCRIPTORS: Final = 1 << 16
"""The number of descriptors that is enough for a process and still quickly closed."""
_LEAST_DESCRIPTORS: Final = 128
"""With fewer, a server could not hold a few connections beside its files and query lines."""
_OURS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def raise_descriptor_limit() -> None:
    """Raise the limit of descriptors of this process and its children to the maximum.

    Raises ServingError if the maximum is too low for serving.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if wanted < _LEAST_DESCRIPTORS:
        raise ServingError(
            f"The server may open {wanted} files only and needs {_LEAST_DESCRIPTORS}: allow more, "
            f"by 'ulimit -n' or LimitNOFILE."
        )
    with suppress(OSError, ValueError):  # macOS allows less than its hard limit says
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def fork(work: Callable[[], None]) -> int:
    """Start a process that runs this function and ends; it ignores Ctrl-C and SIGHUP.

    Signals that arrive meanwhile wait in the child until it handles them in its own way.
    """
    sys.stdout.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, _OURS)
    pid = -1
    try:
        pid = os.fork()
    finally:
        if pid:  # the parent, whether there is a child or not
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for kind in _OURS:
            ignored = kind in (signal.SIGINT, signal.SIGHUP)
            signal.signal(kind, signal.SIG_IGN if ignored else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


class Signals:
    """The signals of this process, which it waits for together with descriptors."""

    def __init__(self) -> None:
        self._woken, writes = os.pipe()
        os.set_blocking(writes, False)
        signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
        for kind in _OURS:
            signal.signal(kind, lambda *_: None)

    def wait(self, seconds: float | None, *descriptors: int) -> tuple[bytes, list[int]]:
        ready, _, _ = select.select([self._woken, *descriptors], [], [], seconds)
        came = os.read(self._woken, 4096) if self._woken in ready else b""
        return came, [it for it in ready if it != self._woken]


def ended() -> dict[int, int]:
    """Return the children that have ended since the last call, each with its status."""
    found = {}
    with suppress(ChildProcessError):
        while (it := os.waitpid(-1, os.WNOHANG))[0]:
            found[it[0]] = it[1]
    return found


def tell(pid: int, kind: signal.Signals = signal.SIGTERM) -> None:
    """Send a signal to a process, if it still exists."""
    with suppress(ProcessLookupError):
        os.kill(pid, kind)
