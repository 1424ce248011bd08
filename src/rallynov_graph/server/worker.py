"""One web process: uvicorn on a socket that it shares with the others."""

import asyncio
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import Final

import uvicorn
from uvicorn.server import ServerState

from rallynov_graph.http import protocol, responses
from rallynov_graph.http.forwarding import forwarded
from rallynov_graph.http.responses import Application, Message, Receive, Scope, Send
from rallynov_graph.release.release_set import release_id_at, split_path
from rallynov_graph.server import descriptors, fast_pages, graph_store, operations
from rallynov_graph.server.access_log import Journal
from rallynov_graph.server.connection_limit import ConnectionLimit
from rallynov_graph.server.connections import Connection
from rallynov_graph.server.endpoint import PATH, Describe, Endpoint
from rallynov_graph.server.fast_queries import AtOnce
from rallynov_graph.server.metrics import Figures, Part, Row
from rallynov_graph.server.operations import Operations, Served
from rallynov_graph.server.page_threads import WSGI, Pages
from rallynov_graph.server.query_runner import Asker, Sandbox

KEEP_ALIVE: Final = 15
"""How many seconds an idle connection is kept."""
LINGER: Final = 0.2
"""So many seconds after it is told to stop, a server still takes what waits to be accepted."""
DRAIN: Final = 2.0
"""For so many seconds more, connections without a request are kept for one more."""
_GRACE: Final = 2
"""How many seconds more than a query may take, a stopping server lets its clients have."""
_TICK: Final = 0.05


@dataclass(frozen=True)
class Site:
    """What a web process serves."""

    asker: Asker
    """Who has visitors' queries answered."""
    pages: WSGI | None = None
    stamp: bytes = b""
    """What answers depend on beside the request; empty where they may change meanwhile."""
    describe: Describe | None = None
    served: Served = field(default_factory=Served)
    figures: Figures = field(default_factory=lambda: Figures(1))
    number: int = 0
    """Which row of the figures is this process's."""
    journal: Journal = field(default_factory=Journal)
    proxies: tuple[str, ...] = ()
    """The addresses that are believed when they say for whom they ask."""
    earlier: Mapping[str, "Site"] = field(default_factory=dict)
    """What lies under ``/release/<id>/``, by id; of them, only what they answer with is taken."""

    @property
    def row(self) -> Row:
        """The figures of this process."""
        return self.figures.row(self.number)


class _Whole:
    """Everything that is answered for one release: each path to who answers it."""

    def __init__(self, site: Site, row: Row) -> None:
        endpoint = Endpoint(site.asker, stamp=site.stamp, describe=site.describe, row=row)
        self._pages = None if site.pages is None else Pages(site.pages, endpoint)
        endpoint.pages = self._pages
        self.endpoint, self._graphs = endpoint, graph_store.GraphStore(endpoint)
        self._quick = _quick(site.pages, self._pages)

    def who(self, path: str) -> tuple[Part, Application]:
        """Return who answers a path of the release, and under which part that is counted."""
        if path == PATH:
            return Part.SPARQL, self.endpoint
        if path == graph_store.PATH or path.startswith(f"{graph_store.PATH}/"):
            return Part.GRAPHS, self._graphs
        for beginning, quick in self._quick.items():
            if path.startswith(beginning):
                return Part.PAGES, quick
        return Part.PAGES, self._pages or _nowhere


def _quick(pages: WSGI | None, others: Application | None) -> dict[str, Application]:
    """Return who tells of things in front of the pages, by how their addresses begin."""
    from rallynov_graph.site import fast_path

    told = (fast_path.Documents.of(pages), fast_path.Pages.of(pages))
    return {
        beginning: fast_pages.Quickly(quick, others)
        for beginning, quick in zip(fast_pages.PATHS, told, strict=True)
        if quick is not None and others is not None
    }


class Root:
    """The whole site: each path to who answers it, each answer counted and noted."""

    def __init__(self, site: Site) -> None:
        self._journal, self._row = site.journal, site.row
        self._latest = _Whole(site, self._row)
        self._earlier = {id: _Whole(one, self._row) for id, one in site.earlier.items()}
        self.operations = Operations(site.asker, site.figures, site.served)
        self.at_once = (
            AtOnce(self._latest.endpoint, site.asker, self._note_at_once, self._noted)
            if isinstance(site.asker, Sandbox)
            else None
        )
        """Answers plain queries in front of all that; None where they are answered elsewhere."""

    def _who(self, scope: Scope) -> tuple[Part, Application, Scope]:
        """Return who answers, under which part that is counted, and the request as it sees it."""
        path = scope["path"]
        if path in operations.PATHS:
            return Part.OPERATIONS, self.operations, scope
        if not self._earlier:
            return (*self._latest.who(path), scope)
        place, rest = split_path(path)
        earlier = self._earlier.get(release_id_at(place))
        if earlier is None:
            return (*self._latest.who(path), scope)
        root = f"{scope.get('root_path', '')}{place}"
        return (*earlier.who(rest), {**scope, "root_path": root, "path": rest})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        begun = time.perf_counter()
        part, answer, asked = self._who(scope)
        await self._answered(part, partial(answer, asked), begun, scope, receive, send)

    def _noted(self, settle: Application, begun: float) -> Application:
        """Return an application that ends what was begun at once, as what has answered it."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            ending = partial(settle, scope)
            await self._answered(Part.SPARQL, ending, begun, scope, receive, send)

        return answer

    async def _answered(
        self,
        part: Part,
        answer: Callable[[Receive, Send], Awaitable[None]],
        begun: float,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Have a request answered, count it and note it."""
        status = size = 0

        async def seen(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await answer(receive, seen)
        except Exception:
            traceback.print_exc()
            if status:
                raise
            broken = protocol.Refused(500, "Something is wrong with this server.")
            await responses.refuse(scope, broken, "", seen, "")
        finally:
            self._note(part, scope, status, size, begun)

    def _note_at_once(
        self, connection: Connection, query_string: bytes, status: int, size: int, begun: float
    ) -> None:
        told = {"path": PATH, "query_string": query_string, "client": connection.client}
        self._note(Part.SPARQL, {"method": "GET", **told}, status, size, begun)

    def note_unread(self, connection: Connection, status: int, size: int) -> None:
        """Note that a request was refused before it was read."""
        told = {"method": "", "path": "", "query_string": b"", "client": connection.client}
        self._note(Part.PAGES, told, status, size, time.perf_counter())

    def _note(self, part: Part, scope: Scope, status: int, size: int, begun: float) -> None:
        took = time.perf_counter() - begun
        self._row.answered(part, status, took)
        if self._journal.is_open:
            self._journal.write(scope, status, size, took)


async def _nowhere(scope: Scope, _receive: Receive, send: Send) -> None:
    refused = protocol.Refused(404, f"Nothing is here; queries are answered at {PATH}.")
    await responses.refuse(scope, refused, "", send, "")


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
        self._told = asyncio.Event()

    def stop(self) -> None:
        """Have it end."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Wait until it is to end."""
        await self._told.wait()

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


def run(listener: socket.socket, site: Site, life: int) -> None:
    """Serve until SIGTERM, or until the pipe of the parent's life ends; then finish what runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stderr = site.journal.lines  # what goes wrong is told without waiting for its reader
    askers = [one.asker for one in (site, *site.earlier.values())]
    lines = sum(asker.most_lines for asker in askers if isinstance(asker, Sandbox))
    Connection.limit = ConnectionLimit(descriptors.for_connections(lines))
    application = Root(site)
    config = uvicorn.Config(
        application if not site.proxies else _behind(site.proxies, application),
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=int(site.asker.limits.seconds) + _GRACE,
    )
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve(_Server(config), application, listener, life))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        site.journal.end()
        sys.stderr = sys.__stderr__
    os._exit(0)


def _behind(proxies: tuple[str, ...], application: Application) -> Callable[..., Awaitable[None]]:
    """Return the application as it is behind proxies that say for whom they ask."""
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    believed = ProxyHeadersMiddleware(application, [*proxies])  # type: ignore[arg-type]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        asking = scope.get("client")
        if scope["type"] == "http" and asking and asking[0] in believed.trusted_hosts:
            scope = forwarded(scope)
        await believed(scope, receive, send)  # type: ignore[arg-type]

    answer.note_unread = getattr(application, "note_unread", None)  # type: ignore[attr-defined]
    return answer


async def _serve(server: _Server, application: Root, listener: socket.socket, life: int) -> None:
    def stop() -> None:
        application.operations.stopping = True
        server.stop()

    def orphaned() -> None:
        os._exit(1)  # nobody answers queries any more; who comes next finds who is there

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    loop.add_reader(life, orphaned)
    await server.serve(sockets=[listener])
