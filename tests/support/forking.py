"""Servers that need not import the program: one process has, and forks each from itself.

They are whole processes with their own arguments, environment, folder, output and session. All
end with the process that asked for them.
"""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

PRELOADED = (
    "ctypes",
    "rallynov_graph.site.application",
    "rallynov_graph.cli.main",
    "rallynov_graph.cli.serve",
    "rallynov_graph.desk_site.views",
)
PR_SET_PDEATHSIG = 1
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([*PRELOADED, "rallynov_graph.server.supervisor"])


class Forked:
    """A forked ``rallynov``, with what ``subprocess.Popen`` tells of a process."""

    def __init__(self, *arguments: str, before: Callable[[], None] | None = None) -> None:
        """Start one; ``before``, a function of a module, is called in it first."""
        (self._out, out), (self._err, err) = (_CONTEXT.Pipe(duplex=False) for _ in range(2))
        place = (dict(os.environ), os.getcwd())
        self._process = _CONTEXT.Process(target=_run, args=(before, arguments, *place, out, err))
        self._process.daemon = True
        self._process.start()
        out.close()
        err.close()
        self.pid: int = self._process.pid or 0
        self.stdout, self.stderr = (
            os.fdopen(os.dup(end.fileno()), encoding="utf-8") for end in (self._out, self._err)
        )

    @property
    def returncode(self) -> int | None:
        """The exit status, None as long as the process runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status when the process has ended; raise TimeoutExpired."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return what it wrote when it has ended, no more than pipes hold; raise TimeoutExpired."""
        self.wait(timeout)
        if self.stdout.closed:
            return "", ""
        with self._out, self._err, self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()

    def send_signal(self, kind: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        if self.returncode is None:
            os.kill(self.pid, kind)


def _run(
    before: Callable[[], None] | None,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    folder: str,
    *output: Connection,
) -> None:
    """Be ``rallynov`` in a process of its own."""
    from rallynov_graph.cli.main import main

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    for number, end in enumerate(output, 1):
        os.dup2(end.fileno(), number)
        end.close()
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    sys.stdout, sys.stderr = (open(number, "w", 1, closefd=False) for number in (1, 2))  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if before is not None:
        before()
    main(arguments)
