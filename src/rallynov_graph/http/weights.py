"""How much a client wants each of the things that a header lists (RFC 9110, section 12.4.2)."""

import re
from collections.abc import Iterator
from typing import Final

from werkzeug.http import parse_list_header, parse_options_header

SHORT: Final = 512
"""What is read of a longer header is not kept: a cache of so many entries stays small."""
_WEIGHT: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")


def weights(header: str) -> Iterator[tuple[str, float | None]]:
    """Yield each item of a header, in small letters, with its weight from 0 to 1.

    The weight is 1 where none is given, None where what is given is none: RFC 9110 leaves open
    what that means.
    """
    for item in parse_list_header(header):
        name, parameters = parse_options_header(item)
        yield name.lower(), _weight(parameters["q"]) if "q" in parameters else 1.0


def _weight(text: str) -> float | None:
    number = float(text) if _WEIGHT.fullmatch(text) else None
    return number if number is not None and number <= 1 else None
