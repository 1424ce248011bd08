"""``/sparql`` as a plain ASGI application: the protocol on one side, the sandbox on the other."""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from rallynov_graph.http import encodings, protocol, responses
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.http.protocol import Refused, Request
from rallynov_graph.http.query_jobs import MEBIBYTE, Outcome, Reply, Visit
from rallynov_graph.http.responses import Application, Receive, Scope, Send
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import cache
from rallynov_graph.server.cache import Answers, Kept, Key
from rallynov_graph.server.deliveries import Deliveries
from rallynov_graph.server.metrics import Figures, Row, Sum
from rallynov_graph.server.query_runner import Asker
from rallynov_graph.server.rate_limit import GREEDY, Shares, number
from rallynov_graph.server.worker_pool import Gone
from rallynov_graph.sparql.oxigraph.embedded import StoreQuery

PATH: Final = "/sparql"
METHODS: Final = "GET, HEAD, POST, OPTIONS"
BUSY: Final = "All query processes are busy; ask again in a moment."
FORMS: Final = f"{protocol.FORM} or {protocol.QUERY}"

Describe = Callable[[str, Format], bytes]
"""Returns the description of the service at an address, in a format."""

_ALL_FORMS: Final = (*formats.RESULTS, *formats.GRAPHS, HTML)
HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_LONG: Final = 1 << 16
"""A request of so many bytes takes so long to read that others would wait."""
_LONGEST_KEY: Final = 1 << 14
CACHED: Final = b"cache;desc=hit"
"""What is told of the time that an answer took which was kept."""
_REVALIDATE: Final = (b"cache-control", b"public, no-cache")


class Endpoint:
    """Answers queries; what asks for a page instead is handed to ``pages``.

    ``stamp`` says what the answers depend on beside the request: the release and the software.
    """

    def __init__(
        self,
        asker: Asker,
        *,
        stamp: bytes = b"",
        describe: Describe | None = None,
        row: Row | None = None,
    ) -> None:
        self.asker, self._describe = asker, describe
        self.pages: Application | None = None
        self._stamp, self.row = stamp, row or Figures(1).row(0)
        self.answers = Answers()
        self.shares = Shares(asker.limits.wait)
        self._deliveries = Deliveries()

    @property
    def longest(self) -> int:
        """How many bytes a query may have."""
        return self.asker.limits.query

    @property
    def seconds(self) -> float:
        """How many seconds a query may take."""
        return self.asker.limits.seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers = dict(scope["headers"])
        key = _key(scope, headers)
        kept = self.answers.get(key) if scope["method"] in ("GET", "HEAD") else None
        accept = headers.get(b"accept", b"").decode("latin-1")
        if kept is None and self.pages is not None and wants_a_page(scope["method"], accept):
            await self.pages(scope, receive, send)
            return
        try:
            if kept is not None:
                await self._again(scope, headers, kept, send)
                return
            await self._served(scope, headers, accept, key, receive, send)
        except Refused as refused:
            await responses.refuse(scope, refused, accept, send, METHODS)

    async def _served(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        accept: str,
        key: Key,
        receive: Receive,
        send: Send,
    ) -> None:
        method = scope["method"]
        longest = self.longest
        if method == "OPTIONS":
            await responses.respond(scope, send, 204, responses.preflight(METHODS))
        elif method == "POST":
            body = await _body(headers, receive, 3 * longest + MEBIBYTE)
            key = (*key, headers.get(b"content-type", b""), body)
            kept = self.answers.get(key) if len(body) < _LONGEST_KEY else None
            if kept is not None:
                await self._again(scope, headers, kept, send)
                return
            await self._answer(
                scope, headers, await _read(scope, headers, body), key, receive, send
            )
        elif method in ("GET", "HEAD"):
            if len(scope["query_string"]) > 3 * longest:
                raise Refused(414, f"The address is too long: send the query by POST ({FORMS}).")
            request = await _asked(scope["query_string"].decode("latin-1"))
            if request is not None:
                await self._answer(scope, headers, request, key, receive, send)
            else:
                await self._introduce(scope, headers, accept, send)
        else:
            raise Refused(405, f"{method} is not possible here, but {METHODS}.")

    async def _introduce(
        self, scope: Scope, headers: dict[bytes, bytes], accept: str, send: Send
    ) -> None:
        """Send the description of the service."""
        if self._describe is None:
            raise Refused(400, f"There is no query: give one as ?query=, or POST it ({FORMS}).")
        form = best(accept, formats.GRAPHS)
        if form is None:
            listed = ", ".join(f.media_type for f in formats.GRAPHS)
            raise Refused(406, f"There is no query, and the service is described as {listed}.")
        address = base(scope)
        made = hashlib.sha256(b"%b %b %b" % (self._stamp, address.encode(), form.name.encode()))
        tag = f'"{made.hexdigest()[:20]}"'.encode() if self._stamp else b""
        if tag and cache.has(headers.get(b"if-none-match"), tag):
            await self._unchanged(scope, tag, send)
            return
        extra = [(b"content-type", form.content_type.encode()), _REVALIDATE]
        extra += [(b"etag", tag)] if tag else []
        await responses.respond(scope, send, 200, extra, self._describe(address, form))

    async def _answer(
        self,
        scope: Scope,
        headers: dict[bytes, bytes],
        request: Request,
        key: Key,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send the answer to a query; raise Refused where there is none."""
        if len(request.query) > self.longest:
            raise Refused(413, f"The query is longer than {self.longest} bytes.")
        begun = time.perf_counter()
        accept = headers.get(b"accept", b"").decode("latin-1")
        asked = StoreQuery(request.query, base(scope), request.default_graphs, request.named_graphs)
        forms = best(accept, formats.RESULTS), best(accept, formats.GRAPHS)
        tag = self.tag(asked, *forms)
        if tag and scope["method"] != "POST" and cache.has(headers.get(b"if-none-match"), tag):
            await self._unchanged(scope, tag, send)
            return
        reply = await self.reply(asked, *forms, client(scope), gone=lambda: departure(receive))
        if reply is not None:
            kept = await self.packed(headers, reply, tag)
            self.keep(key, kept)
            await self.deliver(scope, kept, timing(reply, begun), send)

    def keep(self, key: Key, answer: Kept) -> None:
        """Keep an answer to a request, if it has a tag and is not too long."""
        if answer.tag and sum(map(len, key)) < _LONGEST_KEY:
            self.answers.keep(key, answer)
            self.row.set(Sum.HELD, self.answers.held)

    def tag(self, asked: StoreQuery, *forms: Format | None) -> bytes:
        """Return the entity tag of an answer; empty where it may be another the next time."""
        if not self._stamp or cache.is_volatile(asked.query):
            return b""
        return cache.tag(self._stamp, asked, *forms)

    async def packed(self, headers: dict[bytes, bytes], reply: Reply, tag: bytes) -> Kept:
        """Return a reply as it is sent, compressed where the client takes that and it pays.

        The event loop goes on meanwhile.
        """
        coding = encodings.best(headers.get(b"accept-encoding", b""))
        if len(reply.content) < encodings.LONG or not coding:
            return self.packed_here(reply, tag, coding)
        self.row.add(Sum.BYTES, len(reply.content))
        content = await asyncio.to_thread(encodings.compress, reply.content, coding)
        return Kept(_described(reply, tag, coding), content, tag)

    def packed_here(self, reply: Reply, tag: bytes, coding: str) -> Kept:
        """Return a reply as it is sent, which takes no time if it is not long."""
        self.row.add(Sum.BYTES, len(reply.content))
        if not coding or len(reply.content) < encodings.LEAST:
            return Kept(_described(reply, tag, ""), reply.content, tag)
        content = encodings.compress(reply.content, coding)
        return Kept(_described(reply, tag, coding), content, tag)

    async def deliver(self, scope: Scope, kept: Kept, timing: bytes, send: Send) -> None:
        """Send an answer; raise Refused where too many long ones wait to be taken already."""
        size = 0 if scope["method"] == "HEAD" else len(kept.body)
        with self._deliveries.of(client(scope), size):
            extra = [*kept.headers, (b"server-timing", timing)]
            await responses.respond(scope, send, 200, extra, kept.body)

    async def _again(
        self, scope: Scope, headers: dict[bytes, bytes], kept: Kept, send: Send
    ) -> None:
        """Send an answer that was kept."""
        if scope["method"] != "POST" and cache.has(headers.get(b"if-none-match"), kept.tag):
            await self._unchanged(scope, kept.tag, send)
            return
        self.count_kept()
        await self.deliver(scope, kept, CACHED, send)

    def count_kept(self) -> None:
        """Count an answer that was kept."""
        self.row.add(Sum.HITS)

    async def _unchanged(self, scope: Scope, tag: bytes, send: Send) -> None:
        self.row.add(Sum.NOT_MODIFIED)
        await responses.respond(scope, send, 304, [(b"etag", tag), _REVALIDATE])

    async def reply(
        self,
        asked: StoreQuery,
        results: Format | None,
        graph: Format | None,
        client: int,
        gone: Gone,
    ) -> Reply | None:
        """Return the answer to a query in one of two formats, None when its asker left.

        Raises Refused where there is none.
        """
        if results is None and graph is None:
            raise _unacceptable()
        visit = Visit(asked, results, graph, client)
        try:
            async with self.shares.of(client, partial(self.asker.has_taken, visit)):
                reply = await self.asker.ask(visit, gone)
        except UnicodeEncodeError as error:
            raise Refused(400, "The request is not UTF-8.") from error
        return reply if reply is None else self.answered(reply)

    def answered(self, reply: Reply) -> Reply:
        """Return a reply after it was counted; raise Refused where it is no answer."""
        self.row.visited(reply.outcome)
        if reply.outcome is not Outcome.ANSWERED or reply.form is None:
            raise self._refusal(reply)
        return reply

    def _refusal(self, reply: Reply) -> Refused:
        """Return what a reply without an answer means to the asker."""
        limits = self.asker.limits
        size = limits.answer // MEBIBYTE
        if reply.outcome is Outcome.INVALID:
            return Refused(400, reply.content.decode(), line=reply.line, column=reply.column)
        if reply.outcome is Outcome.UNACCEPTABLE:
            return _unacceptable()
        status, words = {
            Outcome.CALLS_OUT: (403, protocol.NO_CALL),
            Outcome.UPDATE: (400, protocol.NO_UPDATE),
            Outcome.TOO_LARGE: (
                422,
                f"The answer is longer than {size} MiB: ask for less, by LIMIT.",
            ),
            Outcome.TOO_LONG: (504, f"The query took longer than {limits.seconds:g} s."),
            Outcome.TOO_MUCH_MEMORY: (
                422,
                "The query needs more memory than one query may have here.",
            ),
            Outcome.TOO_NESTED: (400, "The query is nested too deeply."),
            Outcome.BUSY: (503, BUSY),
            Outcome.GREEDY: (429, GREEDY),
        }.get(reply.outcome, (500, "The query process ended without an answer."))
        return Refused(status, words, line=reply.line, column=reply.column)


def timing(reply: Reply, begun: float) -> bytes:
    """Return how long the query took, and all since then, as a header tells it."""
    took = time.perf_counter() - begun
    return b"query;dur=%.2f, total;dur=%.2f" % (1000 * reply.seconds, 1000 * took)


def client(scope: Scope) -> int:
    """Return a number for who asks."""
    return number(scope["client"][0]) if scope.get("client") else 0


def base(scope: Scope) -> str:
    """Return the address of this endpoint, against which relative IRIs of a query resolve."""
    host = next((v for k, v in scope["headers"] if k == b"host"), b"").decode("latin-1")
    if not HOST.fullmatch(host):
        host = "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}{scope.get('root_path', '')}{PATH}"


def _described(reply: Reply, tag: bytes, coding: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of an answer that follow from what it is."""
    assert reply.form is not None
    described = [(b"content-type", reply.form.content_type.encode())]
    described += [_REVALIDATE, (b"etag", tag)] if tag else [responses.NO_STORE]
    described += [(b"content-encoding", coding.encode())] if coding else []
    return tuple(described)


def key_of(query_string: bytes, accept: bytes, coding: str, base: str) -> Key:
    """Return what an answer depends on: what is asked as it came, and at which address."""
    return query_string, accept, coding.encode(), base.encode("latin-1")


def _key(scope: Scope, headers: dict[bytes, bytes]) -> Key:
    coding = encodings.best(headers.get(b"accept-encoding", b""))
    return key_of(scope["query_string"], headers.get(b"accept", b""), coding, base(scope))


async def _asked(query_string: str) -> Request | None:
    """Return the query that an address holds, None where it has none."""
    if len(query_string) < _LONG:
        return protocol.of_address(query_string)
    return await asyncio.to_thread(protocol.of_address, query_string)


async def _read(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> Request:
    """Return the query that a POST holds; a long one is read beside the event loop."""
    content_type = headers.get(b"content-type", b"").decode("latin-1")
    query_string = scope["query_string"].decode("latin-1")
    if len(body) < _LONG:
        return protocol.of_body(content_type, query_string, body)
    return await asyncio.to_thread(protocol.of_body, content_type, query_string, body)


def wants_a_page(method: str, accept: str) -> bool:
    """Return whether a browser asks, which takes HTML rather than any answer of ours."""
    return method in ("GET", "HEAD") and best(accept, _ALL_FORMS) is HTML


def _unacceptable() -> Refused:
    tables = ", ".join(form.media_type for form in formats.RESULTS)
    graphs = ", ".join(form.media_type for form in formats.GRAPHS)
    return Refused(
        406, f"SELECT and ASK are answered as {tables}; CONSTRUCT and DESCRIBE as {graphs}."
    )


async def _body(headers: dict[bytes, bytes], receive: Receive, longest: int) -> bytes:
    """Return the whole body; raise Refused as soon as it is too long."""
    too_long = Refused(413, f"The request is longer than {longest} bytes.")
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > longest:
        raise too_long
    message = await receive()
    body = bytearray(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request broke off.")
        body += message.get("body", b"")
        if len(body) > longest:
            raise too_long
    return bytes(body)


async def departure(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
