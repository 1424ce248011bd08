"""A web process: plain uvicorn on the socket that all of them share."""

import asyncio
import os
import resource
import signal
import socket
import sys
from typing import Any, Final

import uvicorn
import uvloop

from rallynov_graph.server import limits
from rallynov_graph.server.log import LineWriter
from rallynov_graph.server.processes import MOST_DESCRIPTORS
from rallynov_graph.server.requests import Receive, Scope, Send
from rallynov_graph.server.site import Root

_LINGER: Final = 0.2
"""The seconds for which a stopping server still accepts waiting connections."""
_DRAIN: Final = 0.5
"""The further seconds for which connections are kept open for one more request."""
_GRACE: Final = 2
"""The seconds beyond a query's limit that a stopping server gives its clients."""
_RESERVE: Final = 64
"""So many descriptors are for files and query processes."""
_LOOKS: Final = 4
"""So often, in the time a connection may be idle, it is seen whether one is."""


def run(root: Root, listener: socket.socket, life: int, query_seconds: float) -> None:
    """Serve until SIGTERM, then finish running requests; end at once with the pipe ``life``."""
    lines = LineWriter()
    sys.stderr = lines  # what goes wrong is written without waiting for its reader
    idle_seconds = max(1, int(limits.IDLE_SECONDS.value))
    answering, idle_since = set[Any](), dict[Any, float]()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            asyncio.get_running_loop().add_reader(life, os._exit, 1)
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, drain)
            close_idle()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            peer = scope["client"]
            answering.add(peer)
            try:
                await root(scope, receive, send)
            finally:
                answering.discard(peer)
                idle_since.pop(peer, None)

    def close_idle() -> None:
        """Close connections with an incomplete head, or with the rest of a refused body.

        Uvicorn only closes those that are idle after a response.
        """
        nonlocal idle_since
        loop = asyncio.get_running_loop()
        loop.call_later(idle_seconds / _LOOKS, close_idle)
        transports = [it.transport for it in server.server_state.connections]
        peers = {tuple(it.get_extra_info("peername") or ())[:2]: it for it in transports}
        idle = peers.keys() - answering - {()}  # a Unix socket has no peers, and is our own
        idle_since = {it: idle_since.get(it, loop.time()) for it in idle}
        for peer, since in idle_since.items():
            if loop.time() - since >= idle_seconds:
                peers[peer].close()

    def drain() -> None:
        root.is_stopping = True
        asyncio.get_running_loop().call_later(_LINGER, close)
        asyncio.get_running_loop().call_later(_LINGER + _DRAIN, stop)

    def close() -> None:
        for listening in server.servers:
            listening.close()

    def stop() -> None:
        server.should_exit = True

    descriptors = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], MOST_DESCRIPTORS)
    config = uvicorn.Config(
        application,
        # h11 refuses what is no proper request; a proxy in front has done so already.
        http="httptools" if root.access.proxies else "h11",
        h11_max_incomplete_event_size=int(limits.HEAD.value * 1024),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # It refuses the connection that makes this number full.
        limit_concurrency=min(int(limits.CONNECTIONS.value), descriptors - _RESERVE) + 1,
        timeout_keep_alive=idle_seconds,
        timeout_graceful_shutdown=int(query_seconds) + _GRACE,
    )
    server = uvicorn.Server(config)
    try:
        uvloop.run(server.serve(sockets=[listener]))
    finally:
        lines.end()
        os._exit(0)
