"""How much memory there is, and how much of it a process has, in bytes (0: nobody tells)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_GROUPS: Final = "proc/self/cgroup"
_TREE: Final = "sys/fs/cgroup"
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_FAULTS: Final = 7
"""Where the kernel's line on a process, after its name, has the pages it was given."""


def of_machine(root: Path = Path("/")) -> int:
    """Return how much the machine has, or what the control groups of this process leave it.

    A group has no more than any group that it lies in: a unit, its slice, a container.
    """
    installed = os.sysconf("SC_PHYS_PAGES") * _PAGE
    return min([installed, *_limits(root)])


def _limits(root: Path) -> Iterator[int]:
    """Yield the limit of each control group that this process is in, of either version."""
    try:
        groups = (root / _GROUPS).read_text("utf-8").splitlines()
    except OSError:
        return
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if not controllers:
            yield from _upwards(root / _TREE, path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(root / _TREE / "memory", path, "memory.limit_in_bytes")


def _upwards(top: Path, path: str, name: str) -> Iterator[int]:
    """Yield the limits from a group up to the top one.

    In a container, the groups outside it are not to be seen, and its own is the top one.
    """
    names = [part for part in path.split("/") if part not in ("", "..")]
    for depth in range(len(names), -1, -1):
        try:
            limit = top.joinpath(*names[:depth], name).read_text("ascii").strip()
        except OSError:
            continue
        if limit.isdigit():
            yield int(limit)


def by_default() -> int:
    """Return how much all queries may have together, unless somebody says so: half of it."""
    return of_machine() // 2


def of_process() -> int:
    """Return how much this process has, what it shares with others included."""
    return _size_at(1)


def writable() -> int:
    """Return how much this process may write to without asking: what ``RLIMIT_DATA`` bounds."""
    return _size_at(5)


def own(process: int) -> int:
    """Return how much a forked process has to itself at most: copied, or taken.

    A page that it shared is copied when it is written to, and each copy counts as a fault.
    """
    try:
        line = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2]
        faults = int(line.split()[_FAULTS]) * _PAGE
    except (OSError, IndexError):
        return 0
    return min(faults, _size_at(1, process))


def _size_at(place: int, process: int | str = "self") -> int:
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[place]
    except (OSError, IndexError):
        return 0
    return int(pages) * _PAGE
