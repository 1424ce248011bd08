"""Processes that fork others: they lose no signal, and end with who forked them."""

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
"""So many are enough for a process, and still quickly closed where one wants none of them."""
_LEAST_DESCRIPTORS: Final = 128
"""With fewer, a server could not hold a few connections beside its files and query lines."""
_OURS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def raise_descriptor_limit() -> None:
    """Allow this process, and those it starts, all the descriptors that the system lets it have.

    Raises ServingError where these are too few to serve with.
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
    """Start a process that does this work and ends; Ctrl-C and SIGHUP are not for it.

    Signals that come meanwhile wait in the child until it handles them in its own way.
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
    """The signals of this process, which it waits for among descriptors."""

    def __init__(self) -> None:
        self._woken, writes = os.pipe()
        os.set_blocking(writes, False)
        signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
        for kind in _OURS:
            signal.signal(kind, lambda *_: None)

    def wait(self, seconds: float | None, *descriptors: int) -> tuple[bytes, list[int]]:
        """Return the signals that have come, and the descriptors that have something to read."""
        ready, _, _ = select.select([self._woken, *descriptors], [], [], seconds)
        came = os.read(self._woken, 4096) if self._woken in ready else b""
        return came, [it for it in ready if it != self._woken]


def ended() -> dict[int, int]:
    """Return the children that have ended since the last time, each with its status."""
    found = {}
    with suppress(ChildProcessError):
        while (it := os.waitpid(-1, os.WNOHANG))[0]:
            found[it[0]] = it[1]
    return found


def tell(pid: int, kind: signal.Signals = signal.SIGTERM) -> None:
    """Send a signal to a process, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, kind)
