"""The desk on this machine's own address, where no other machine reaches it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Final

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from rallynov_graph.base.errors import RallynovError

LOOPBACK: Final = "127.0.0.1"


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
