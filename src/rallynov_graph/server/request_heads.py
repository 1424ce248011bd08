"""The head of a request: whether it may be answered, and how long it may be."""

import re
from collections.abc import Iterable
from typing import Final

Refusal = tuple[bytes, bytes]
"""A status with its phrase, and a sentence."""

LONGEST: Final = 1 << 15
"""How many bytes a request may have in front of its body, and in trailers after it."""
BAD: Final = b"400 Bad Request"
TOO_LONG: Final[Refusal] = (
    b"431 Request Header Fields Too Large",
    b"The address and the headers together are longer than 32 kB.\n",
)
LONG_ADDRESS: Final[Refusal] = (
    b"414 URI Too Long",
    b"The address is longer than 32 kB: send a long query by POST.\n",
)
NO_HOST: Final[Refusal] = BAD, b"A request says whom it asks, in one Host header.\n"

_HOST: Final = re.compile(
    rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]{0,255}|\[[0-9A-Fa-fvV:.]{2,60}\])(?::[0-9]{0,5})?"
)
"""A host as RFC 3986 writes one, or none; a comma, which it allows, would join two fields."""


class Refused(Exception):
    """A request is read no further; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class Size:
    """How long the head is that is being read."""

    def __init__(self) -> None:
        self._bytes = 0

    def add(self, size: int, refusal: Refusal) -> None:
        """Count so many bytes more; raise Refused where they are too many."""
        self._bytes += size
        if self._bytes > LONGEST:
            raise Refused(refusal)


def check_host(version: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise Refused unless a request says once, and properly, whom it asks (RFC 9112, 3.2).

    Two hosts would mean one site to who keeps an answer and another to who gives it. Before
    HTTP/1.1 it need not be said.
    """
    hosts = [value for name, value in headers if name == b"host"]
    if not hosts and version < "1.1":
        return
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        raise Refused(NO_HOST)
