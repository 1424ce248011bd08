"""What a proxy says of its own client: who asks, and the address that was asked."""

import re
from dataclasses import dataclass
from typing import Final, Protocol

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PREFIX: Final = re.compile(rb"(?:/[A-Za-z0-9._~-]+)+")
_LONGEST: Final = 255
_SCHEMES: Final = (b"http", b"https", b"ws", b"wss")

Headers = list[tuple[bytes, bytes]]


class Proxies(Protocol):
    """The addresses that are believed when they say for whom they ask."""

    def __contains__(self, address: str | None) -> bool:
        """Return whether an address is believed."""
        ...

    def get_trusted_client_address(self, x_forwarded_for: str) -> tuple[str, int]:
        """Return the last address of a list that is not a believed one, with its port."""
        ...


@dataclass(frozen=True)
class Forwarded:
    """What a proxy says; empty where it says nothing, or what is no client, host or path."""

    client: str = ""
    scheme: str = ""
    host: bytes = b""
    root: str = ""
    """The path that it took away from the front of the address."""

    def replaced(self, headers: Headers) -> Headers:
        """Return the headers with the host that the proxy was asked at."""
        if not self.host:
            return headers
        return [*(it for it in headers if it[0] != b"host"), (b"host", self.host)]


def forwarded(headers: Headers, client: str, proxies: Proxies) -> Forwarded:
    """Return what a client says of its own one, if it is a proxy that is believed."""
    if client not in proxies:
        return Forwarded()
    found = dict(headers)
    clients = b", ".join(value for name, value in headers if name == b"x-forwarded-for")
    own, _ = proxies.get_trusted_client_address(clients.decode("latin-1"))
    scheme = found.get(b"x-forwarded-proto", b"").strip()
    host = _first(found.get(b"x-forwarded-host"))
    prefix = _first(found.get(b"x-forwarded-prefix")).rstrip(b"/")
    is_path = len(prefix) <= _LONGEST and _PREFIX.fullmatch(prefix) and b".." not in prefix
    return Forwarded(
        own,
        scheme.decode() if scheme in _SCHEMES else "",
        host if _HOST.fullmatch(host) else b"",
        prefix.decode() if is_path else "",
    )


def _first(value: bytes | None) -> bytes:
    """Return what the proxy next to the client said, where several have."""
    return (value or b"").partition(b",")[0].strip()
