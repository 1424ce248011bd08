"""What another user of this machine can do; only root can try it."""

import os
from collections.abc import Callable
from typing import Final

import pytest

_NOBODY: Final = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def as_another_user(work: Callable[[], object]) -> bool:
    """Return whether work is true when another user does it; False where nobody can try it."""
    if os.geteuid() != 0:
        return False
    pid = os.fork()
    if not pid:
        done = False
        try:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
            done = bool(work())
        finally:
            os._exit(not done)
    return os.waitpid(pid, 0)[1] == 0
