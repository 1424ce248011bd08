"""A query of one's own, run where it may kill its process: the command then still says why."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Final, NoReturn

import click

from rallynov_graph.base.errors import QueryError, RallynovError

_PIECE: Final = 1 << 16
_TOLD: Final = 2
_BROKE: Final = 3
_WORDS: Final = {
    signal.SIGSEGV: "The query is nested too deeply: the engine cannot read it.",
    signal.SIGBUS: "The query is nested too deeply: the engine cannot read it.",
    signal.SIGABRT: "The query needs more memory than there is.",
    signal.SIGKILL: "The query was ended by the system: it probably needs too much memory.",
}


def apart(work: Callable[[], str | None]) -> str:
    """Do work in a process of its own; return the few words that it returns.

    Raises what it raises of errors that a user can act on, and QueryError when it kills its
    process: some queries of a few kilobytes do that to the engine.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    hears, tells = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(hears)
        _do(work, tells)
    os.close(tells)
    words = b"".join(iter(lambda: os.read(hears, _PIECE), b""))
    os.close(hears)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        killed = signal.Signals(os.WTERMSIG(status))
        raise QueryError(_WORDS.get(killed, f"The query was ended by {killed.name}."))
    code = os.WEXITSTATUS(status)
    if code == _TOLD:
        raise QueryError(words.decode("utf-8", "replace"))
    if code == _BROKE:
        raise BrokenPipeError
    if code:
        raise click.exceptions.Exit(code)
    return words.decode()


def _do(work: Callable[[], str | None], tells: int) -> NoReturn:
    status = 1
    try:
        words = work() or ""
        sys.stdout.flush()
        os.write(tells, words.encode())
        status = 0
    except RallynovError as error:
        os.write(tells, str(error).encode("utf-8", "replace")[:_PIECE])
        status = _TOLD
    except BrokenPipeError:
        status = _BROKE
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)
