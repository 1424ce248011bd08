"""The head of a request that is plain: a GET that asks for nothing beside what it names."""

from typing import Final

import httptools

_GET: Final = b"GET / HTTP/1.1\r\n"
_UNUSUAL: Final = frozenset(
    {
        b"content-length",
        b"expect",
        b"if-none-match",
        b"te",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""With any of these, a request has a body, or an answer that is not plain."""


def plain(lines: bytes) -> dict[bytes, bytes] | None:
    """Return the headers of a GET of which this follows the first line, up to the very end.

    None where it is not whole, or more than that, or where it asks for anything unusual. The
    parser is the one of the server: both take the same for a request.
    """
    reader = _Reader()
    parser = httptools.HttpRequestParser(reader)
    try:
        parser.feed_data(_GET + lines)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    found = dict(reader.headers)
    is_plain = (
        reader.begun == reader.ended == 1
        and parser.should_keep_alive()
        and len(found) == len(reader.headers)
        and found.get(b"connection", b"keep-alive").lower() == b"keep-alive"
        and not _UNUSUAL & found.keys()
    )
    return found if is_plain else None


class _Reader:
    """Takes down what the parser finds."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.begun = self.ended = 0

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_message_complete(self) -> None:
        self.ended += 1
