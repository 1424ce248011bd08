"""Connections to SPARQL servers: each is used again, and one in use is shut by a cancellation."""

import os
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from rallynov_graph.sparql.cancellation import watch

_KEPT: Final = 32
"""How many connections to one server a process keeps; more are opened where they are needed."""
_MANAGERS: Final[dict[str | None, PoolManager]] = {}
os.register_at_fork(after_in_child=_MANAGERS.clear)


class _Watched(HTTPConnection):
    """A connection that a cancellation shuts; with or without TLS, by what it is mixed with."""

    def connect(self) -> None:
        super().connect()
        watch(self.sock)

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            watch(self.sock)
        super().request(*args, **options)


class _WatchedSecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _WatchedSecureConnection


def connections(url: str) -> PoolManager:
    """Return the connections of this process by which an address is asked.

    A proxy of the environment (``http_proxy``, ``no_proxy``) is asked instead, as elsewhere.
    """
    parts = urlsplit(url)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    if proxy not in _MANAGERS:
        made = ProxyManager(proxy, maxsize=_KEPT) if proxy else PoolManager(maxsize=_KEPT)
        made.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        _MANAGERS[proxy] = made
    return _MANAGERS[proxy]
