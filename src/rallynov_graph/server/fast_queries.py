"""Plain requests for a query, answered without a task: begun as they come, ended by the reply.

Most requests are such; what a task, a scope and their messages cost is as much as all the rest.
Whatever is not plain, from its first byte to its answer, goes the way of ``endpoint``.
"""

import re
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from rallynov_graph.http import encodings, protocol, responses
from rallynov_graph.http.negotiation import best
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import Outcome, Reply, Visit
from rallynov_graph.http.responses import Application, Receive, Scope, Send
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import request_heads
from rallynov_graph.server.cache import Kept, Key
from rallynov_graph.server.connections import Connection
from rallynov_graph.server.endpoint import (
    CACHED,
    HOST,
    METHODS,
    PATH,
    Endpoint,
    key_of,
    timing,
    wants_a_page,
)
from rallynov_graph.server.query_runner import Sandbox
from rallynov_graph.server.rate_limit import GREEDY, number
from rallynov_graph.server.worker_pool import Call
from rallynov_graph.sparql.oxigraph.embedded import StoreQuery

LONGEST: Final = 1 << 16
"""A longer answer takes so long that others would wait."""
_SHORT_HEAD: Final = 2048
"""What follows the first line of a plain request; as many bytes, a thousand times, are kept."""
_SCHEME: Final = "http"
_LINE: Final = re.compile(rb"GET %b\?([!$-~]+) HTTP/1\.1\r\n" % re.escape(PATH.encode()))

Note = Callable[[Connection, bytes, int, int, float], None]
"""Notes who was answered what, with which status and how many bytes, and since when."""
Noted = Callable[[Application, float], Application]
"""Returns an application of which each answer is noted, as one of a request since then."""


@dataclass(frozen=True)
class _Head:
    """What the head of a request says beside its first line."""

    accept: bytes
    coding: str
    base: str
    results: Format | None
    graph: Format | None


class AtOnce:
    """Begins to answer what a connection has received, if that is a plain request for a query."""

    def __init__(self, endpoint: Endpoint, sandbox: Sandbox, note: Note, noted: Noted) -> None:
        self.endpoint, self.sandbox, self.note, self.noted = endpoint, sandbox, note, noted

    def __call__(self, data: bytes, connection: Connection) -> bool:
        """Answer a request now or later, and tell so; or leave it alone."""
        begun = time.perf_counter()
        line = _LINE.match(data) if len(data) < request_heads.LONGEST else None
        if line is None or len(data) - line.end() > _SHORT_HEAD:
            return False
        head = _head(data[line.end() :])
        if head is None:
            return False
        query_string = line[1]
        key = key_of(query_string, head.accept, head.coding, head.base)
        kept = self.endpoint.answers.get(key)
        if kept is not None:
            self.endpoint.count_kept()
            self.send(connection, kept, CACHED, query_string, begun)
            return True
        asked = self._asked(query_string, head)
        return asked is not None and _Question(self, connection, key, head, asked, begun).is_asked()

    def send(
        self, connection: Connection, kept: Kept, told: bytes, query_string: bytes, begun: float
    ) -> None:
        """Send an answer, and note it."""
        extra = [*kept.headers, (b"server-timing", told)]
        connection.answer(200, responses.head(extra, len(kept.body)), kept.body)
        self.note(connection, query_string, 200, len(kept.body), begun)

    def _asked(self, query_string: bytes, head: _Head) -> StoreQuery | None:
        try:
            request = protocol.of_address(query_string.decode("ascii"))
        except Refused:
            return None
        if request is None or len(request.query) > self.endpoint.longest:
            return None
        return StoreQuery(request.query, head.base, request.default_graphs, request.named_graphs)


class _Question:
    """A query that is asked for a connection."""

    def __init__(
        self,
        of: AtOnce,
        connection: Connection,
        key: Key,
        head: _Head,
        asked: StoreQuery,
        begun: float,
    ) -> None:
        self._of, self._connection, self._key, self._begun = of, connection, key, begun
        self._coding = head.coding
        self._tag = of.endpoint.tag(asked, head.results, head.graph)
        client = number(connection.client[0]) if connection.client else 0
        self._visit = Visit(asked, head.results, head.graph, client)
        self._call: Call | None = None
        self._share = of.endpoint.shares.of(client, partial(of.sandbox.has_taken, self._visit))

    def is_asked(self) -> bool:
        """Ask it, now or when it is the client's turn; tell whether it will be."""
        if self._share.enter():
            self._ask()
            return True
        try:
            self._share.wait(self._turn)
        except Refused:
            return False
        return True

    def _turn(self, has_come: bool) -> None:
        if self._connection.is_lost:
            self._end()
            self._of.note(self._connection, self._key[0], 0, 0, self._begun)
        elif has_come:
            self._ask()
        else:
            self._connection.answer_by(self._of.noted(_refuse, self._begun))

    def _ask(self) -> None:
        departure = self._connection.departure
        try:
            self._call = self._of.sandbox.begin(self._visit, departure, self._replied)
        except Exception:
            self._give_up()

    def _give_up(self) -> None:
        """End what a fault of ours does not let end well: its share is for others again."""
        traceback.print_exc()
        self._end()
        self._connection.transport.abort()

    def _replied(self, reply: Reply | None) -> None:
        try:
            self._answer(reply)
        except Exception:
            self._give_up()

    def _answer(self, reply: Reply | None) -> None:
        """Answer here if that is quickly done, else by a task."""
        if reply is not None and _is_plain(reply):
            self._end()
            endpoint = self._of.endpoint
            kept = endpoint.packed_here(endpoint.answered(reply), self._tag, self._coding)
            endpoint.keep(self._key, kept)
            told = timing(reply, self._begun)
            self._of.send(self._connection, kept, told, self._key[0], self._begun)
        elif self._connection.is_lost:
            self._end()
            self._of.note(self._connection, self._key[0], 0, 0, self._begun)
        else:
            settle = self._of.noted(partial(self._settle, reply), self._begun)
            if not self._connection.answer_by(settle):
                self._end()

    def _end(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            self._of.sandbox.end(call)
        self._share.leave()

    async def _settle(
        self, reply: Reply | None, scope: Scope, _receive: Receive, send: Send
    ) -> None:
        """Send what a reply comes to that is long, or none, or no answer."""
        headers, endpoint = dict(scope["headers"]), self._of.endpoint
        try:
            try:
                assert self._call is not None
                reply = await self._of.sandbox.explained(self._call, reply)
            finally:
                self._end()
            if reply is not None:
                kept = await endpoint.packed(headers, endpoint.answered(reply), self._tag)
                endpoint.keep(self._key, kept)
                await endpoint.deliver(scope, kept, timing(reply, self._begun), send)
        except Refused as refused:
            accept = headers.get(b"accept", b"").decode("latin-1")
            await responses.refuse(scope, refused, accept, send, METHODS)


async def _refuse(scope: Scope, _receive: Receive, send: Send) -> None:
    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    await responses.refuse(scope, Refused(429, GREEDY), accept, send, METHODS)


def _is_plain(reply: Reply) -> bool:
    return reply.outcome is Outcome.ANSWERED and len(reply.content) < LONGEST


@lru_cache(maxsize=1024)
def _head(lines: bytes) -> _Head | None:
    """Return the head that a plain request has after its first line, None where it has another."""
    headers = request_heads.plain(lines)
    if headers is None or b"host" not in headers:
        return None
    accept = headers.get(b"accept", b"")
    told = accept.decode("latin-1")
    results, graph = best(told, formats.RESULTS), best(told, formats.GRAPHS)
    if wants_a_page("GET", told) or (results is None and graph is None):
        return None
    if not HOST.fullmatch(address := headers[b"host"].decode("latin-1")):
        return None
    coding = encodings.best(headers.get(b"accept-encoding", b""))
    return _Head(accept, coding, f"{_SCHEME}://{address}{PATH}", results, graph)
