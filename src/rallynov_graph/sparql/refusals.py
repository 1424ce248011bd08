"""What the error of a remote SPARQL server means, whatever its wording."""

import re
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
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
    """Return what a status other than 200 means, with the place in the query if it names one."""
    message = _message(body)
    if 300 <= code < 400:
        to = headers.get("Location", "another address")
        return EndpointError(f"{url} sends on to {to}: name that instead.", Failure.STRANGE)
    if code in (401, 403):
        words = f"{url} does not let everybody do this: {code} {reason}; name an account that may."
        return EndpointError(words, Failure.DENIED)
    if code in (404, 405):
        words = f"{url} answers {code} {reason}: it is no address that takes what is sent there."
        return EndpointError(words, Failure.BROKEN)
    if _TOO_DEAR.search(message):
        words = (
            "this query would take too long: take MaxQueryCostEstimationTime out of its settings"
        )
        return EndpointError(f"{url} estimates that {words}. {message}", Failure.LATE)
    if _FULL.search(message):
        words = f"{url} gives no answer as long as this one: ask for less, by LIMIT. {message}"
        return EndpointError(words, Failure.TOO_LARGE)
    if code in (408, 504) or _TIMED_OUT.search(message):
        return EndpointError(f"{url} takes too long: {message or reason}", Failure.LATE)
    if code in (400, 413, 414, 422):
        # Virtuoso counts lines that it has put in front of the query.
        place = None if message.startswith("Virtuoso") else _PLACE.search(message)
        line, column = (place[1] or place[3], place[2] or place[4]) if place else (None, None)
        return EndpointError(
            f"{url} refuses the query: {message or f'{code} {reason}'}",
            Failure.REFUSED,
            int(line) if line else None,
            int(column) if column else None,
        )
    detail = f": {message}" if message else ""
    failure = Failure.BUSY if code in (429, 503) else Failure.BROKEN
    return EndpointError(f"{url} answers {code} {reason}{detail}.", failure)


def refuse_part(url: str, status: int, headers: Mapping[str, str]) -> None:
    """Raise EndpointError where a server says that its answer is only a part of the answer."""
    cut = next((name for name in _CUT if name in headers), None)
    if cut == "X-SPARQL-Anytime":
        words = f"{url} gives what it has found when the time was over ({cut})."
        raise EndpointError(words, Failure.LATE)
    if cut is not None or status == HTTPStatus.PARTIAL_CONTENT:
        raise EndpointError(
            f"{url} gives only a part of this answer ({cut or status}): ask for less, by LIMIT.",
            Failure.TOO_LARGE,
        )


def seconds_until_retry(headers: Mapping[str, str]) -> float:
    """Return how many seconds a server asks to wait by ``Retry-After``, 0 where it does not."""
    told = headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def unexpected_answer(url: str, error: Exception) -> EndpointError:
    """Return the error for an answer that does not fit its query; it names where that was found.

    Queries and the code that reads their answers are tested on servers that follow SPARQL. So an
    error in that code, when a remote server answered, is the fault of the answer.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    return EndpointError(
        f"{url} answers otherwise than it is asked, so that {Path(place.filename).name}, "
        f"line {place.lineno}, found {type(error).__name__}: {str(error)[:_LONGEST_MESSAGE]}",
        Failure.STRANGE,
    )


def _message(body: bytes) -> str:
    """Return the beginning of a server's message in one line; nothing of an HTML page."""
    words = " ".join(body.decode("utf-8", "replace").split())
    if words.startswith("<"):
        return ""
    return f"{words[:_LONGEST_MESSAGE]}…" if len(words) > _LONGEST_MESSAGE else words.rstrip(".")
