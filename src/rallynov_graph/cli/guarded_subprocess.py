"""A user's query, run in a child process that it may kill: the command then still says why."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Final, NoReturn

import click

from rallynov_graph.base.errors import QueryError, RallynovError

_PIECE: Final = 1 << 16
_ERROR: Final = 2
_BROKEN_PIPE: Final = 3
_WORDS: Final = {
    signal.SIGSEGV: "The query is nested too deeply: the engine cannot read it.",
    signal.SIGBUS: "The query is nested too deeply: the engine cannot read it.",
    signal.SIGABRT: "The query needs more memory than there is.",
    signal.SIGKILL: "The query was ended by the system: it probably needs too much memory.",
}


def run_in_child(work: Callable[[], str | None]) -> str:
    """Run a function in a child process; return the short text that it returns.

    Raises QueryError with the text of a RallynovError that it raises, and when it kills its
    process: some queries of a few kilobytes do that to the engine.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read_end)
        _do(work, write_end)
    os.close(write_end)
    output = b"".join(iter(lambda: os.read(read_end, _PIECE), b""))
    os.close(read_end)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        signal_received = signal.Signals(os.WTERMSIG(status))
        raise QueryError(
            _WORDS.get(signal_received, f"The query was ended by {signal_received.name}.")
        )
    code = os.WEXITSTATUS(status)
    if code == _ERROR:
        raise QueryError(output.decode("utf-8", "replace"))
    if code == _BROKEN_PIPE:
        raise BrokenPipeError
    if code:
        raise click.exceptions.Exit(code)
    return output.decode()


def _do(work: Callable[[], str | None], write_end: int) -> NoReturn:
    status = 1
    try:
        output = work() or ""
        sys.stdout.flush()
        os.write(write_end, output.encode())
        status = 0
    except RallynovError as error:
        os.write(write_end, str(error).encode("utf-8", "replace")[:_PIECE])
        status = _ERROR
    except BrokenPipeError:
        status = _BROKEN_PIPE
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)
