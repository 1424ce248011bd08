"""The application of the desk, served on this machine's own address: no other machine reaches it.

It has none of the addresses that visitors of a site have.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from typing import Final

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.serving import WSGIRequestHandler, make_server

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.resources import web_dir
from rallynov_graph.desk.session.reading_session import ReadingSession
from rallynov_graph.desk.session.views import SessionViews
from rallynov_graph.desk_site import access, views

LOOPBACK: Final = "127.0.0.1"
LARGEST: Final = 1 << 20
"""How many bytes an act may have."""


def create_desk(
    sessions: Iterable[ReadingSession], secrets: access.DeskAccess, language: str
) -> Flask:
    """Return the WSGI application of the desk for the documents that are open."""
    web = web_dir()
    app = Flask(
        "rallynov_graph",
        template_folder=str(web),
        static_folder=str(web / "static"),
        static_url_path="/static",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.config["DESK_LANGUAGE"] = language
    app.extensions[views.EXTENSION] = {it.document.folder.slug: SessionViews(it) for it in sessions}
    app.extensions[access.EXTENSION] = secrets
    access.guard(app, secrets)
    app.register_blueprint(views.blueprint)
    return app


class _QuietHandler(WSGIRequestHandler):
    """Keeps the connection of a browser open, and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Write nothing down: addresses have the token."""


def serve(app: Flask, port: int, tell: Callable[[str], object]) -> None:
    """Serve until it is interrupted; tell the address once it answers there."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise RallynovError(
            f"Port {port} is taken or not allowed: name another with --port, or 0 for a free one.",
        ) from error
    with listener:
        port = listener.getsockname()[1]
        handler, number = _QuietHandler, listener.fileno()
        server = make_server(LOOPBACK, port, app, threaded=True, request_handler=handler, fd=number)
    server.daemon_threads = True  # type: ignore[attr-defined]
    tell(f"http://{LOOPBACK}:{port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
