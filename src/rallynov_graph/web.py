"""One web process: uvicorn on a socket that it shares with the others."""

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

from rallynov_graph import protocol
from rallynov_graph.asking import Sandbox
from rallynov_graph.embedded import Asked
from rallynov_graph.endpoint import BUSY, PATH, Application, Endpoint, Receive, Scope, Send
from rallynov_graph.formats import Format
from rallynov_graph.visits import Reply

WSGI = Callable[..., Iterable[bytes]]

PAGE_THREADS: Final = 8
"""How many pages one web process makes at a time."""
KEEP_ALIVE: Final = 15
"""How many seconds an idle connection is kept."""
_GRACE: Final = 2
"""How many seconds more than a query may take, a stopping server lets its clients have."""


class _Asking:
    """The pages, which run in threads, with a way to have a visitor's query answered."""

    def __init__(self, pages: WSGI, endpoint: Endpoint) -> None:
        self._pages, self._endpoint = pages, endpoint
        self._free = threading.Semaphore(PAGE_THREADS // 2)
        self.loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return self._pages({**environ, protocol.ASK: self._ask}, start_response)

    def _ask(self, query: str, results: Format | None, graph: Format | None) -> Reply:
        """Return the answer to a query; raise Refused where there is none.

        Half of the threads stay free of waiting for answers: they make the other pages.
        """
        request = protocol.of_query(query, self._endpoint.longest)
        if not self._free.acquire(blocking=False):
            raise protocol.Refused(503, BUSY)
        try:
            return self._answered(request, results, graph)
        finally:
            self._free.release()

    def _answered(
        self, request: protocol.Request, results: Format | None, graph: Format | None
    ) -> Reply:
        asked = Asked(request.query)
        answering = self._endpoint.reply(asked, results, graph, gone=asyncio.Event().wait)
        assert self.loop is not None
        reply = asyncio.run_coroutine_threadsafe(answering, self.loop).result()
        assert reply is not None  # nobody leaves an event that never comes
        return reply


class _Server(uvicorn.Server):
    """A server that is told to stop by us, and leaves the process's signals alone."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Change nothing: who starts the process sets its signals."""
        yield


def application(sandbox: Sandbox, pages: WSGI | None) -> Application:
    """Return the whole site: ``/sparql`` by our endpoint, everything else by the pages."""
    if pages is None:
        return Endpoint(sandbox)
    from a2wsgi import WSGIMiddleware

    asking = _Asking(pages, Endpoint(sandbox))
    site = WSGIMiddleware(asking, workers=PAGE_THREADS)
    endpoint = Endpoint(sandbox, site)  # type: ignore[arg-type]

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        asking.loop = asyncio.get_running_loop()
        if scope["path"] == PATH:
            await endpoint(scope, receive, send)
        else:
            await site(scope, receive, send)  # type: ignore[arg-type]

    return route


def run(listener: socket.socket, sandbox: Sandbox, pages: WSGI | None, life: int) -> None:
    """Serve until SIGTERM, or until the pipe of the parent's life ends; then finish what runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    config = uvicorn.Config(
        application(sandbox, pages),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(sandbox.limits.seconds) + _GRACE,
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(_Server(config), listener, life))
    os._exit(0)


async def _serve(server: _Server, listener: socket.socket, life: int) -> None:
    def stop() -> None:
        server.should_exit = True

    def orphaned() -> None:
        server.should_exit = server.force_exit = True
        asyncio.get_running_loop().remove_reader(life)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    loop.add_reader(life, orphaned)
    await server.serve(sockets=[listener])
