"""XML 1.0: texts and names as it holds them, and a writer of elements.

What XML cannot hold is replaced, and counted.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import IO, Final

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


def without_forbidden(text: str) -> tuple[str, int]:
    """Return a text that XML can hold, and how many characters were replaced in it."""
    return _FORBIDDEN.subn(REPLACEMENT, text)


def escaped(text: str) -> str:
    """Return a text, escaped for the content of an element."""
    return text.translate(_ESCAPES)


def quoted(text: str) -> str:
    """Return a text, escaped and quoted for the value of an attribute."""
    return f'"{text.translate(_IN_ATTRIBUTE)}"'


def split_iri(iri: str) -> tuple[str, str] | None:
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


class XmlWriter:
    """Writes a document element by element."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._open: list[str] = []
        self.replaced = 0
        """How many characters stand as U+FFFD, as XML has no way to write them."""
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')

    def begin(self, name: str, **attributes: str) -> None:
        """Open an element."""
        self._line(f"<{name}{self._written(attributes)}>")
        self._open.append(name)

    def end(self) -> None:
        """Close the element that was opened last."""
        name = self._open.pop()
        self._line(f"</{name}>")

    def whole(self, name: str, text: str = "", **attributes: str) -> None:
        """Write an element without child elements."""
        head = f"<{name}{self._written(attributes)}"
        self._line(f"{head}>{escaped(self._writable(text))}</{name}>" if text else f"{head}/>")

    def _written(self, attributes: Mapping[str, str]) -> str:
        return "".join(
            f" {name.rstrip('_').replace('__', '.')}={quoted(self._writable(value))}"
            for name, value in attributes.items()
        )

    def _writable(self, text: str) -> str:
        writable, count = without_forbidden(text)
        self.replaced += count
        return writable

    def _line(self, text: str) -> None:
        self._file.write(f"{'  ' * len(self._open)}{text}\n".encode())
