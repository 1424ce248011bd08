"""Processes that fork others, and lose no signal by that."""

import os
import signal
from typing import Final

_OURS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def fork() -> int:
    """Fork; signals that come meanwhile wait in the child until ``plain`` is called there.

    Else the child would take them in the parent's way, and they would be lost.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _OURS)
    pid = -1
    try:
        pid = os.fork()
    finally:
        if pid:  # the parent, whether there is a child or not
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
    return pid


def plain(*ignored: signal.Signals) -> None:
    """Restore the default handling of signals in a forked child."""
    signal.set_wakeup_fd(-1)
    for kind in _OURS:
        signal.signal(kind, signal.SIG_IGN if kind in ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)


def wake_on(*signals: signal.Signals) -> int:
    """Return a descriptor that becomes readable when one of the signals comes."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
    for kind in signals:
        signal.signal(kind, lambda *_: None)
    return reads
