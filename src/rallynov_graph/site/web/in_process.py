"""Requests that the program makes itself: what the application answers, without a server."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, g

if TYPE_CHECKING:
    from rallynov_graph.exports.citations import Citation


Application = Flask
"""What answers requests, for those who know nothing of what it is made with."""


@dataclass(frozen=True)
class Answered:
    """What the application answers to a request, whole."""

    status: int
    content_type: str
    location: str
    """Where it leads to; empty where it does not."""
    robots: str
    """What search engines are told; empty where nothing is."""
    body: Iterable[bytes]
    """The parts of the content; those of a large file are read when they are asked for."""
    citation: Citation | None = None
    """The citation of the page; None where it has none."""

    @cached_property
    def content(self) -> bytes:
        """The whole content, read once."""
        return b"".join(self.body)

    @property
    def is_page(self) -> bool:
        """Whether it is a page, and not a file."""
        return self.content_type.startswith("text/html")


def answered(app: Flask, host: str, root: str, path: str, query: str, accept: str) -> Answered:
    """Return the answer to a GET request at ``https://<host><root><path>?<query>``."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": root,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_ACCEPT": accept,
        "wsgi.url_scheme": "https",
        "wsgi.errors": sys.stderr,
        "wsgi.input": BytesIO(),
    }
    with app.request_context(environ):
        response = _without_headers(app)
        is_file = response.direct_passthrough
        return Answered(
            response.status_code,
            response.content_type or "",
            response.headers.get("Location", ""),
            response.headers.get("X-Robots-Tag", ""),
            response.iter_encoded() if is_file else (response.get_data(),),
            g.get("citation"),
        )


def _without_headers(app: Flask) -> Response:
    """Return the response to the current request without what is only in the head of every answer.

    Nobody asks again for what is made once, so that it needs no tag, and is kept nowhere else.
    """
    try:
        found = app.preprocess_request()
        if found is None:
            found = app.dispatch_request()
    except Exception as error:
        found = app.handle_user_exception(error)
    return app.make_response(found)
