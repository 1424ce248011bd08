"""How much memory there is, and how much of it a process has, in bytes (0: nobody tells)."""

import os
import re
from pathlib import Path
from typing import Final

_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
"""What a container may have, which can be less than the machine."""
_PRIVATE: Final = re.compile(rb"^Private_Dirty: +(\d+) kB$", re.MULTILINE)


def of_machine() -> int:
    """Return how much the machine has, or what we may use of it."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = _LIMIT.read_text("ascii").strip()
    except OSError:
        return there
    return min(there, int(limit)) if limit.isdigit() else there


def of_process() -> int:
    """Return how much this process has, what it shares with others included."""
    return _told(1)


def address_space() -> int:
    """Return how much this process has asked for, taken or not: what ``RLIMIT_AS`` bounds."""
    return _told(0)


def _told(place: int) -> int:
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[place]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def of_process_alone() -> int:
    """Return how much this process shares with no other: what it has copied since it was forked."""
    try:
        told = _PRIVATE.search(Path("/proc/self/smaps_rollup").read_bytes())
    except OSError:
        return 0
    return 1024 * int(told[1]) if told else 0
