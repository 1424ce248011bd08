"""What the refusal of another SPARQL server means, whatever its words."""

import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import EndpointError, Failure

_TOLD: Final = 300
"""How many characters of a server's own words are repeated."""
_PLACE: Final = re.compile(r"error at (\d+):(\d+)|line (\d+)(?:,? col(?:umn)? (\d+))?", re.I)
_TIMED_OUT: Final = re.compile(r"timed? ?-?out|S1T00|execution time", re.I)
_CUT: Final = ("X-SPARQL-MaxRows", "X-SPARQL-Anytime")
"""What Virtuoso says when it gives only a part of an answer, with a status of 200."""


def refusal(
    url: str, code: int, reason: str, said: bytes, headers: Mapping[str, str]
) -> EndpointError:
    """Return what a status other than 200 means, with the place in the query where one is told."""
    told = _shown(said)
    if 300 <= code < 400:
        to = headers.get("Location", "another address")
        return EndpointError(f"{url} sends on to {to}: name that instead.", Failure.STRANGE)
    if code in (401, 403):
        return EndpointError(
            f"{url} does not let everybody do this: {code} {reason}.", Failure.DENIED
        )
    if code in (408, 504) or _TIMED_OUT.search(told):
        return EndpointError(f"{url} takes too long: {told or reason}", Failure.LATE)
    if code in (400, 413, 414, 422):
        # Virtuoso counts lines that it has put in front of the query.
        place = None if told.startswith("Virtuoso") else _PLACE.search(told)
        line, column = (place[1] or place[3], place[2] or place[4]) if place else (None, None)
        return EndpointError(
            f"{url} refuses the query: {told or f'{code} {reason}'}",
            Failure.REFUSED,
            int(line) if line else None,
            int(column) if column else None,
        )
    more = f": {told}" if told else ""
    failure = Failure.BUSY if code in (429, 503) else Failure.BROKEN
    return EndpointError(f"{url} answers {code} {reason}{more}.", failure)


def refuse_part(url: str, headers: Mapping[str, str]) -> None:
    """Raise EndpointError where a server says that its answer is only a part of the answer."""
    cut = next((name for name in _CUT if name in headers), None)
    if cut is not None:
        raise EndpointError(
            f"{url} gives only a part of this answer ({cut}): ask for less, by LIMIT.",
            Failure.TOO_LARGE,
        )


def strange(url: str, error: Exception) -> EndpointError:
    """Return that an answer of SPARQL was not one to the query; it names where that was found.

    Queries and what reads their answers are tested on servers that keep to SPARQL. So what goes
    wrong in a reader, when the answer is another's, is the answer.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    return EndpointError(
        f"{url} answers otherwise than it is asked, so that {Path(place.filename).name}, "
        f"line {place.lineno}, found {type(error).__name__}: {str(error)[:_TOLD]}",
        Failure.STRANGE,
    )


def _shown(said: bytes) -> str:
    """Return a server's words in one line, shortly; nothing of a page made for browsers."""
    words = " ".join(said.decode("utf-8", "replace").split())
    if words.startswith("<"):
        return ""
    return f"{words[:_TOLD]}…" if len(words) > _TOLD else words.rstrip(".")
