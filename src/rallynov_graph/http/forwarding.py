"""The address that a proxy was asked at: its host, and the path that it has put the site under."""

import re
from typing import Final

from rallynov_graph.http.responses import Scope

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PREFIX: Final = re.compile(rb"(?:/[A-Za-z0-9._~-]+)+")
_LONGEST: Final = 255


def forwarded(scope: Scope) -> Scope:
    """Return a request as the proxy's own client made it; what is no host or path is passed over.

    ``X-Forwarded-Prefix`` is the path that the proxy took away from the front of the address.
    """
    told = dict(scope["headers"])
    host = _first(told.get(b"x-forwarded-host"))
    prefix = _first(told.get(b"x-forwarded-prefix")).rstrip(b"/")
    changed = {**scope}
    if _HOST.fullmatch(host):
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        changed["headers"] = [*others, (b"host", host)]
    if len(prefix) <= _LONGEST and _PREFIX.fullmatch(prefix) and b".." not in prefix:
        changed["root_path"] = prefix.decode("ascii")
    return changed


def _first(value: bytes | None) -> bytes:
    """Return what the proxy next to the client said, where several have."""
    return (value or b"").partition(b",")[0].strip()
