"""The meaning of a remote SPARQL server's errors, whatever their wording."""

import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import EndpointError, Failure

_LONGEST_MESSAGE: Final = 300
"""How many characters of a server's own message are repeated."""
_PLACE: Final = re.compile(r"error at (\d+):(\d+)|line (\d+)(?:,? col(?:umn)? (\d+))?", re.I)
_TIMED_OUT: Final = re.compile(r"timed? ?-?out|S1T00|execution time", re.I)
_TOO_DEAR: Final = re.compile(r"estimated execution time -?\d+ \(sec\)")
"""Virtuoso, as Debian ships it, weighs a query before it runs it, and is wrong by far."""
_FULL: Final = re.compile(r"dictionary is full, exceeded \d+ entries")
"""Virtuoso's error where a graph has more than MaxConstructTriples."""
_CUT: Final = ("X-SPARQL-MaxRows", "X-SPARQL-Anytime")
"""The headers by which Virtuoso says that its answer is only a part."""


def refusal(
    url: str, code: int, reason: str | None, body: bytes, headers: Mapping[str, str]
) -> EndpointError:
    """Return the error for a status other than 200, with the place in the query if it is known."""
    message = _message(body)
    line: int | None = None
    column: int | None = None
    if 300 <= code < 400:
        to = headers.get("Location", "another address")
        failure, words = Failure.STRANGE, f"sends on to {to}: name that instead."
    elif code in (401, 403):
        failure = Failure.DENIED
        words = f"does not let everybody do this: {code} {reason}; name an account that may."
    elif code in (404, 405):
        failure = Failure.BROKEN
        words = f"answers {code} {reason}: it does not accept what is sent there."
    elif _TOO_DEAR.search(message):
        failure = Failure.LATE
        words = (
            "estimates that this query would take too long: "
            f"take MaxQueryCostEstimationTime out of its settings. {message}"
        )
    elif _FULL.search(message):
        failure = Failure.TOO_LARGE
        words = f"gives no answer as long as this one: ask for less, by LIMIT. {message}"
    elif code in (408, 504) or _TIMED_OUT.search(message):
        failure, words = Failure.LATE, f"takes too long: {message or reason}"
    elif code in (400, 413, 414, 422):
        failure, words = Failure.REFUSED, f"refuses the query: {message or f'{code} {reason}'}"
        # Virtuoso counts lines that it has put in front of the query.
        if not message.startswith("Virtuoso") and (place := _PLACE.search(message)):
            line = int(place[1] or place[3])
            column = int(place[2] or place[4] or 0) or None
    else:
        failure = Failure.BUSY if code in (429, 503) else Failure.BROKEN
        words = f"answers {code} {reason}{f': {message}' if message else ''}."
    return EndpointError(f"{url} {words}", failure, line, column)


def refuse_part(url: str, status: int, headers: Mapping[str, str]) -> None:
    """Raise EndpointError if a server says that its answer is incomplete."""
    cut = next((name for name in _CUT if name in headers), None)
    if cut == "X-SPARQL-Anytime":
        words = f"{url} gives only what it had found when its time was over ({cut})."
        raise EndpointError(words, Failure.LATE)
    if cut is not None or status == 206:
        raise EndpointError(
            f"{url} gives only a part of this answer ({cut or status}): ask for less, by LIMIT.",
            Failure.TOO_LARGE,
        )


def unexpected_answer(url: str, error: Exception) -> EndpointError:
    """Return the error for an answer that does not fit its query, with the code that noticed it.

    Queries and the code that reads their answers are tested on conforming servers. So an error in
    that code on a remote server's answer is the fault of the answer.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    return EndpointError(
        f"{url} answers otherwise than it is asked, so that {Path(place.filename).name}, "
        f"line {place.lineno}, found {type(error).__name__}: {str(error)[:_LONGEST_MESSAGE]}",
        Failure.STRANGE,
    )


def _message(body: bytes) -> str:
    """Return the beginning of a server's message on one line; empty for an HTML page."""
    words = " ".join(body.decode("utf-8", "replace").split())
    if words.startswith("<"):
        return ""
    return f"{words[:_LONGEST_MESSAGE]}…" if len(words) > _LONGEST_MESSAGE else words.rstrip(".")
