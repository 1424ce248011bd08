"""How many descriptors a process may have open, and how many of them connections may take."""

import os
import resource
from contextlib import suppress
from typing import Final

from rallynov_graph.base.errors import ServingError

MOST: Final = 1 << 16
"""So many are enough for a process, and still quickly closed where one wants none of them."""
LEAST: Final = 128
"""With fewer, a server could not hold a few connections beside its files and query lines."""
MOST_CONNECTIONS: Final = 1 << 13
"""Of one process. Each takes about 11 kB when it has asked something (measured 2026-11-27)."""
_RESERVE: Final = 64
"""For files that are read, threads that ask another server, connections that are refused."""
_FEWEST: Final = 16


def raise_limit() -> None:
    """Allow this process, and those it starts, all the descriptors that the system lets it have.

    Raises ServingError where these are too few to serve with.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if wanted < LEAST:
        raise ServingError(
            f"The server may open {wanted} files only and needs {LEAST}: allow more, "
            f"by 'ulimit -n' or LimitNOFILE."
        )
    with suppress(OSError, ValueError):  # macOS allows less than its hard limit says
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def for_connections(lines: int) -> int:
    """Return how many connections this process may hold beside what it has open now.

    ``lines`` is how many descriptors its lines to query processes may take.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST if soft == resource.RLIM_INFINITY else soft
    return min(MOST_CONNECTIONS, max(_FEWEST, most - _lowest_free() - lines - _RESERVE))


def _lowest_free() -> int:
    """Return the descriptor that would be opened next: about so many are open."""
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    return free
