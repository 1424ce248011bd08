"""Writing XML element by element; what XML cannot hold is replaced, and counted."""

from collections.abc import Mapping
from typing import IO

from rallynov_graph.exports import xml_text


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
        self._line(
            f"{head}>{xml_text.escaped(self._writable(text))}</{name}>" if text else f"{head}/>"
        )

    def _written(self, attributes: Mapping[str, str]) -> str:
        return "".join(
            f" {name.rstrip('_').replace('__', '.')}={xml_text.quoted(self._writable(value))}"
            for name, value in attributes.items()
        )

    def _writable(self, text: str) -> str:
        writable, replaced = xml_text.replaced(text)
        self.replaced += replaced
        return writable

    def _line(self, text: str) -> None:
        self._file.write(f"{'  ' * len(self._open)}{text}\n".encode())
