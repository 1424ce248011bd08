"""Access to the desk: only a browser of this user that has the token, and no other page."""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as BaseResponse

from rallynov_graph.site.web.headers import POLICY, SECURITY

COOKIE: Final = "desk"
EXTENSION: Final = "desk-access"
CSRF_HEADER: Final = "X-Desk"
_HOSTS: Final = frozenset({"127.0.0.1", "localhost"})
_SAFE: Final = frozenset({"GET", "HEAD"})


class DeskAccess:
    """The secrets of one run: a token for each visit, the cookie, the value that changes send."""

    def __init__(self) -> None:
        self.cookie, self.csrf = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tell: Callable[[str], object] = lambda _token: None
        """Called with a new token after the previous one was used; only this user may see it."""
        self._tokens = [secrets.token_urlsafe(24)]
        self._is_used = False
        self._lock = Lock()

    @property
    def token(self) -> str:
        """The token of the next visit, or of the last one."""
        return self._tokens[-1]

    def admits(self, given: str) -> bool:
        """Return whether a token is valid for the next visit, and use it up.

        If it was already used, a new one is printed, once.
        """
        with self._lock:
            is_next = _same(given, self.token) and not self._is_used
            if not is_next and self._is_used and any(_same(given, it) for it in self._tokens):
                self._tokens.append(secrets.token_urlsafe(24))
                self._is_used = False
                self.tell(self.token)
            self._is_used |= is_next
            return is_next


def guard(app: Flask, access: DeskAccess) -> None:
    """Only let the reader's browser in, and forbid it to load or send anything elsewhere."""

    def admit() -> BaseResponse | None:
        host = urlsplit(f"//{request.host}").hostname or ""
        if host not in _HOSTS:
            raise Forbidden
        if request.path.startswith("/static/"):
            return None
        if not _same(request.cookies.get(_cookie(), ""), access.cookie):
            given = request.args.get("token")
            is_visit = given is not None and request.method == "GET" and request.path == "/"
            if not (given and is_visit and _is_of_this_user() and access.admits(given)):
                raise Forbidden
            return _admitted(access)
        if request.method not in _SAFE:
            _require_own_page(access)
        return None

    app.before_request(admit)
    app.after_request(_sealed)


def _require_own_page(access: DeskAccess) -> None:
    is_own = request.headers.get("Origin") == request.host_url.rstrip("/")
    if not is_own or not _same(request.headers.get(CSRF_HEADER, ""), access.csrf):
        raise Forbidden


def _is_of_this_user() -> bool:
    """Whether the connection belongs to this user or to root; true if the system does not say.

    A process that can see the arguments of a browser may be quicker than that browser.
    """
    if sys.platform != "linux":
        return True
    address, port = request.environ["REMOTE_ADDR"], int(request.environ["REMOTE_PORT"])
    client = f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}:{port:04X}"
    server = f":{int(request.environ['SERVER_PORT']):04X}"
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text("ascii").splitlines()[1:]:
            _, local, remote, _, _, _, _, user, *_ = line.split()
            # Another user's connection to another server may have the same port at its end.
            if local.endswith(client) and remote.endswith(server):
                return int(user) in (0, os.geteuid())
    return False


def _admitted(access: DeskAccess) -> BaseResponse:
    answer = redirect("/", 303)
    answer.set_cookie(_cookie(), access.cookie, httponly=True, samesite="Strict")
    return answer


def _cookie() -> str:
    """Return the cookie's name, which has the port: browsers share cookies among ports."""
    return f"{COOKIE}-{request.host.rpartition(':')[2]}"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _sealed(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
