"""Text and names as XML 1.0 holds them."""

import re
from functools import cache
from typing import Final

REPLACEMENT: Final = "\ufffd"
"""The replacement of a character that XML has no way to write."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START: Final = (
    r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;"}
)
_IN_ATTRIBUTE: Final = {**_ESCAPES, ord("\n"): "&#10;"}


def is_writable(text: str) -> bool:
    """Return whether XML can hold a text as it is."""
    return _FORBIDDEN.search(text) is None


def replaced(text: str) -> tuple[str, int]:
    """Return a text that XML can hold, and how many characters were replaced in it."""
    return _FORBIDDEN.subn(REPLACEMENT, text)


def escaped(text: str) -> str:
    """Return a text, escaped for the content of an element."""
    return text.translate(_ESCAPES)


def quoted(text: str) -> str:
    """Return a text, escaped and quoted for the value of an attribute."""
    return f'"{text.translate(_IN_ATTRIBUTE)}"'


def split(iri: str) -> tuple[str, str] | None:
    """Return the namespace and the longest local name of an IRI; None where no name can be made."""
    local = _local()
    start = next(
        (start_of_name for start_of_name in range(1, len(iri)) if local.match(iri, start_of_name)),
        0,
    )
    return (iri[:start], iri[start:]) if start else None


@cache
def _local() -> re.Pattern[str]:
    """Return the pattern of a local name at the end of a text; compiling it takes milliseconds."""
    return re.compile(rf"[{_START}][{_START}\-.0-9\xb7\u0300-\u036f\u203f-\u2040]*\Z")
