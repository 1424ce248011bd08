"""Who may use the desk: a browser on this machine that was given the token, and no other page."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class DeskAccess:
    """The secrets of one run: the token in the address, and what each change must carry."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


def guard(app: Flask, access: DeskAccess) -> None:
    """Let none but the reader's browser in, and forbid it to load or send anything elsewhere."""

    def admit() -> BaseResponse | None:
        host = urlsplit(f"//{request.host}").hostname or ""
        if host not in _HOSTS:
            raise Forbidden
        given = request.args.get("token")
        if given is not None and request.method == "GET" and request.path == "/":
            if not _same(given, access.token):
                raise Forbidden
            return _admitted(access)
        if request.path.startswith("/static/"):
            return None
        if not _same(request.cookies.get(_cookie(), ""), access.token):
            raise Forbidden
        if request.method not in _SAFE:
            _require_own_page(access)
        return None

    app.before_request(admit)
    app.after_request(_sealed)


def _require_own_page(access: DeskAccess) -> None:
    is_own = request.headers.get("Origin") == request.host_url.rstrip("/")
    if not is_own or not _same(request.headers.get(CSRF_HEADER, ""), access.csrf):
        raise Forbidden


def _admitted(access: DeskAccess) -> BaseResponse:
    answer = redirect("/", 303)
    answer.set_cookie(_cookie(), access.token, httponly=True, samesite="Strict")
    return answer


def _cookie() -> str:
    """Return the name of the cookie: browsers send the same ones to all ports of a machine."""
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
