"""A user's query or shapes, in a child process that they may kill: the command still says why."""

import signal
from collections.abc import Callable

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import (
    NESTED_TOO_DEEPLY,
    TOO_MUCH_MEMORY,
    ProcessEndedError,
    Returned,
)
from rallynov_graph.base.errors import QueryError


def run_in_child(work: Callable[[], Returned], what: str = "query") -> Returned:
    """Return what a function returns in a child process; raise QueryError when it kills that."""
    try:
        return bounded_process.run(work)
    except ProcessEndedError as ended:
        raise QueryError(_sentence(ended.ended_by, what)) from None


def _sentence(ended_by: signal.Signals, what: str) -> str:
    if ended_by in NESTED_TOO_DEEPLY:
        return f"The {what} is nested too deeply: the engine cannot read it."
    if ended_by in TOO_MUCH_MEMORY:
        return f"The {what} needs more memory than there is."
    if ended_by == signal.SIGKILL:
        return f"The {what} was ended by the system: it probably needs too much memory."
    return f"The {what} was ended by {ended_by.name}."
