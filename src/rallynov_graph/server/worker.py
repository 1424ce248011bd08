"""One web process: uvicorn on a socket that it shares with the others."""

import asyncio
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from email.utils import formatdate
from typing import Final

import uvicorn
from uvicorn.server import ServerState

from rallynov_graph.server import descriptors
from rallynov_graph.server.connection_limit import ConnectionLimit
from rallynov_graph.server.connections import Connection
from rallynov_graph.server.query_pool.pool import QueryPool
from rallynov_graph.server.routing import Root, ServedSite

KEEP_ALIVE: Final = 15
"""How many seconds an idle connection is kept."""
LINGER: Final = 0.2
"""So many seconds after it is told to stop, a server still takes what waits to be accepted."""
DRAIN: Final = 2.0
"""For so many seconds more, connections without a request are kept for one more."""
_GRACE: Final = 2
"""How many seconds more than a query may take, a stopping server lets its clients have."""
_TICK: Final = 0.05


class _State(ServerState):
    """What connections share: the date of answers, worked out when one is given."""

    _second = 0
    _dated: list[tuple[bytes, bytes]]

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of every answer; the same list within a second."""
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._dated = [(b"date", formatdate(second, usegmt=True).encode())]
        return self._dated

    @default_headers.setter
    def default_headers(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Change nothing: uvicorn sets none before it begins to tick, and ours does not."""


class _Server(uvicorn.Server):
    """A server that is told to stop by us, and leaves the process's signals alone.

    It does nothing while nobody asks: uvicorn's own wakes ten times a second.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state = _State()
        self._stop_event = asyncio.Event()

    def stop(self) -> None:
        """End it."""
        self.should_exit = True
        self._stop_event.set()

    async def main_loop(self) -> None:
        """Wait until it is to end."""
        await self._stop_event.wait()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Change nothing: who starts the process sets its signals."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what has come, and what comes on the connections that there are; then end."""
        Connection.stopping = True
        await asyncio.sleep(LINGER)
        for server in self.servers:
            server.close()
        until = time.monotonic() + DRAIN
        while self.server_state.connections and time.monotonic() < until and not self.force_exit:
            await asyncio.sleep(_TICK)
        await super().shutdown(sockets)


def run(listener: socket.socket, site: ServedSite, life: int) -> None:
    """Serve until SIGTERM, or until the pipe of the parent's life ends; then finish what runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stderr = site.access_log.lines  # what goes wrong is written without waiting for its reader
    runners = [one.runner for one in (site, *site.earlier.values())]
    connections = sum(it.descriptors for it in runners if isinstance(it, QueryPool))
    Connection.limit = ConnectionLimit(descriptors.for_connections(connections))
    application = Root(site)
    config = uvicorn.Config(
        application,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(site.runner.limits.seconds) + _GRACE,
    )
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve(_Server(config), application, listener, life))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        site.access_log.end()
        sys.stderr = sys.__stderr__
    os._exit(0)


async def _serve(server: _Server, application: Root, listener: socket.socket, life: int) -> None:
    def stop() -> None:
        application.operations.stopping = True
        server.stop()

    def orphaned() -> None:
        os._exit(1)  # nobody answers queries any more; who comes next finds who is there

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    loop.add_reader(life, orphaned)
    application.rehearse()
    await server.serve(sockets=[listener])
