"""The desk on this machine's own address, where no other machine reaches it."""

from __future__ import annotations

import logging
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
        server = make_server(LOOPBACK, port, app, threaded=True, request_handler=_QuietHandler)
    except (OSError, SystemExit) as error:
        raise RallynovError(
            f"Port {port} is taken or not allowed: name another with --port, or 0 for a free one."
        ) from error
    server.daemon_threads = True  # type: ignore[attr-defined]
    tell(f"http://{LOOPBACK}:{server.server_port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
