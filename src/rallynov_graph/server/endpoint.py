"""``/sparql``: the protocol on one side, who runs queries on the other."""

import asyncio
import hashlib
import time
import traceback
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final, TypeVar

from rallynov_graph.http import encodings, protocol, responses
from rallynov_graph.http.protocol import Refused, Request
from rallynov_graph.http.query_jobs import MEBIBYTE, Outcome, QueryJob, Reply
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import answer_cache
from rallynov_graph.server.answer_cache import AnswerCache, CachedAnswer, Key
from rallynov_graph.server.client_numbers import number
from rallynov_graph.server.metrics import Metrics, MetricsRow, Sum
from rallynov_graph.server.query_pool.clients import Client, QueryRunner, unless_left
from rallynov_graph.server.query_pool.fair_queue import BUSY, GREEDY
from rallynov_graph.sparql.embedded import StoreQuery

PATH: Final = "/sparql"
FORMS: Final = f"{protocol.FORM} or {protocol.QUERY}"

Done = Callable[[Reply | Refused | None], None]
"""What is called with a reply, with why there is none, or with None when the client has left."""
Send = Callable[[Response | None], None]
"""Sends the answer to a request, or none where its client has gone; called once."""
T = TypeVar("T")

Describe = Callable[[str, Format], bytes]
"""Returns the description of the service at an address, in a format."""

_LONG: Final = 1 << 16
"""A request of so many bytes takes so long to read that others would wait."""
_ASKING: Final = ("GET", "HEAD", "POST")
_LONGEST_KEY: Final = 1 << 14
_REVALIDATE: Final = (b"cache-control", responses.SHARED_BRIEFLY.encode())


class Endpoint:
    """Answers queries, whoever asks and by whichever method.

    ``stamp`` says what the answers depend on beside the request: the release and the software.
    """

    methods = "GET, HEAD, POST, OPTIONS"

    def __init__(
        self,
        runner: QueryRunner,
        *,
        stamp: bytes = b"",
        describe: Describe | None = None,
        row: MetricsRow | None = None,
        has_pages: bool = False,
    ) -> None:
        self.runner, self._describe, self._has_pages = runner, describe, has_pages
        self._stamp, self.row = stamp, row or Metrics(1).row(0)
        self._kept = AnswerCache()
        self._asking: set[asyncio.Task[Reply | Refused | None]] = set()

    @property
    def longest(self) -> int:
        """How many bytes a query may have."""
        return self.runner.limits.query

    @property
    def longest_body(self) -> int:
        """How many bytes the body of a request may have."""
        return 3 * self.longest + MEBIBYTE

    @property
    def seconds(self) -> float:
        """How many seconds a query may take."""
        return self.runner.limits.seconds

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Send the answer to a request, now or later.

        False where a browser asks, which gets a page.
        """
        key = _key(request)
        kept = self._kept.get(key) if request.method in _ASKING else None
        if kept is None and self._has_pages and _wants_page(request):
            return False
        if kept is None:
            exchange = Exchange(self, request, client, send, key)
            exchange.take(exchange.begin)
        elif has(request, kept.tag):
            send(self.unchanged(kept.tag))
        else:
            self.row.add(Sum.HITS)
            send(kept.again)
        return True

    def introduce(self, request: HttpRequest) -> Response:
        """Return the description of the service; raise Refused."""
        if self._describe is None:
            raise Refused(400, f"There is no query: give one as ?query=, or POST it ({FORMS}).")
        form = request.head.graph
        if form is None:
            listed = ", ".join(f.media_type for f in formats.GRAPHS)
            raise Refused(406, f"There is no query, and the service is described as {listed}.")
        at = address(request)
        digest = hashlib.sha256(b"%b %b %b" % (self._stamp, at.encode(), form.name.encode()))
        tag = f'"{digest.hexdigest()[:20]}"'.encode() if self._stamp else b""
        if tag and has(request, tag):
            return self.unchanged(tag)
        extra = [(b"content-type", form.content_type.encode()), _REVALIDATE]
        extra += [(b"etag", tag)] if tag else []
        return responses.response(200, extra, self._describe(at, form))

    def unchanged(self, tag: bytes) -> Response:
        """Return that a client has the answer of a tag, and count it."""
        self.row.add(Sum.NOT_MODIFIED)
        return responses.response(304, [(b"etag", tag), _REVALIDATE])

    def keep(self, key: Key, answer: CachedAnswer) -> None:
        """Keep an answer to a request, if it has a tag and is not too long."""
        if answer.tag and sum(map(len, key)) < _LONGEST_KEY:
            self._kept.keep(key, answer)
            self.row.set(Sum.HELD, self._kept.held)

    def tag(self, store_query: StoreQuery, *forms: Format | None) -> bytes:
        """Return the entity tag of an answer; empty where it may be another the next time."""
        if not self._stamp or answer_cache.is_volatile(store_query.query):
            return b""
        return answer_cache.tag(self._stamp, store_query, *forms)

    def ask(self, job: QueryJob, client: Client, done: Done) -> None:
        """Begin a query; ``done`` is called later, once, with what comes of it.

        Raises Refused where neither a table nor a graph is wanted.
        """
        if job.results is None and job.graph is None:
            raise _unacceptable()
        asking = asyncio.get_running_loop().create_task(self._outcome(job, client))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        asking.add_done_callback(lambda asked: None if asked.cancelled() else done(asked.result()))

    async def reply(self, job: QueryJob, client: Client) -> Reply | None:
        """Return the answer to a query, None when its client left before; raise Refused."""
        if job.results is None and job.graph is None:
            raise _unacceptable()
        return self.answered(await self._outcome(job, client))

    async def _outcome(self, job: QueryJob, client: Client) -> Reply | Refused | None:
        """Return what a query comes to, None when its client left before."""
        try:
            return await unless_left(self.runner.ask(job), client)
        except Refused as refused:
            return refused
        except UnicodeEncodeError:
            return Refused(400, "The request is not UTF-8.")
        except Exception:
            traceback.print_exc()
            return responses.WRONG

    def answered(self, reply: Reply | Refused | None) -> Reply | None:
        """Return a reply after it was counted; raise Refused where it is no answer."""
        if reply is None:
            return None
        if isinstance(reply, Refused):
            raise reply
        self.row.visited(reply.outcome)
        if reply.outcome is not Outcome.ANSWERED or reply.form is None:
            raise self._refusal(reply)
        return reply

    def _refusal(self, reply: Reply) -> Refused:
        """Return what a reply without an answer means to the asker."""
        limits = self.runner.limits
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
        }.get(reply.outcome, (503, "The query process ended without an answer."))
        return Refused(status, words, line=reply.line, column=reply.column)


class Exchange:
    """One request for the answer to a query, from its text to what is sent."""

    def __init__(
        self,
        endpoint: Endpoint,
        request: HttpRequest,
        client: Client,
        send: Send,
        key: Key = (),
        methods: str = "",
    ) -> None:
        self._endpoint, self._request, self._client = endpoint, request, client
        self._send, self._key, self._methods = send, key, methods or endpoint.methods
        self._begun, self._tag = time.perf_counter(), b""

    def take(self, step: Callable[..., Response | None], *arguments: object) -> None:
        """Run a step and send its result: an answer, or why there is none."""
        request = self._request
        try:
            response = step(*arguments)
        except Refused as refused:
            response = responses.refusal(refused, request.head.accept, self._methods)
        except Exception:
            traceback.print_exc()
            response = responses.BROKEN
        if response is not None:
            self._send(response)

    def begin(self) -> Response | None:
        """Return the answer where no query is run; a long request is read beside the loop."""
        request, endpoint = self._request, self._endpoint
        query_string = request.query_string.decode("latin-1")
        read: Callable[[], Request | None]
        if request.method == "OPTIONS":
            return responses.response(204, responses.preflight(endpoint.methods))
        if request.method == "POST":
            content_type = request.head.headers.get(b"content-type", b"").decode("latin-1")
            read = partial(protocol.of_body, content_type, query_string, request.body)
        elif request.method not in _ASKING:
            raise Refused(405, f"{request.method} is not possible here, but {endpoint.methods}.")
        elif len(query_string) > 3 * endpoint.longest:
            raise Refused(414, f"The address is too long: send the query by POST ({FORMS}).")
        else:
            read = partial(protocol.of_address, query_string)
        if len(query_string) + len(request.body) < _LONG:
            return self._ask(read())
        self._beside(read, self._ask)
        return None

    def run(
        self, store_query: StoreQuery, results: Format | None, graph: Format | None
    ) -> Response | None:
        """Return that the client has the answer to a query, or have that answered."""
        self._tag = self._endpoint.tag(store_query, results, graph)
        if self._tag and has(self._request, self._tag):
            return self._endpoint.unchanged(self._tag)
        job = QueryJob(store_query, results, graph, number_of(self._request))
        self._endpoint.ask(job, self._client, self._replied)
        return None

    def _ask(self, found: Request | None) -> Response | None:
        if found is None:
            return self._endpoint.introduce(self._request)
        if len(found.query) > self._endpoint.longest:
            raise Refused(413, f"The query is longer than {self._endpoint.longest} bytes.")
        at, head = address(self._request), self._request.head
        store_query = StoreQuery(found.query, at, found.default_graphs, found.named_graphs)
        return self.run(store_query, head.results, head.graph)

    def _replied(self, reply: Reply | Refused | None) -> None:
        if reply is None:
            self._send(None)
        else:
            self.take(self._pack, reply)

    def _pack(self, outcome: Reply | Refused) -> Response | None:
        """Return the answer, compressed where the client takes that and it pays.

        A long one is compressed beside the loop.
        """
        reply = self._endpoint.answered(outcome)
        assert reply is not None
        self._endpoint.row.add(Sum.BYTES, len(reply.content))
        coding = self._request.head.coding
        if len(reply.content) < encodings.LEAST or not coding:
            return self._finish(reply, "", reply.content)
        compress = partial(encodings.compress, reply.content, coding)
        if len(reply.content) < encodings.LONG:
            return self._finish(reply, coding, compress())
        self._beside(compress, partial(self._finish, reply, coding))
        return None

    def _finish(self, reply: Reply, coding: str, body: bytes) -> Response:
        """Return the answer, and keep it if it may be."""
        assert reply.form is not None
        head = _head(reply.form.content_type, coding, bool(self._tag))
        if self._tag:
            head += b"etag: %b\r\n" % self._tag
        kept = CachedAnswer(head, body, self._tag)
        if self._key:
            self._endpoint.keep(self._key, kept)
        took = 1000 * (time.perf_counter() - self._begun)
        return kept.timed(b"query;dur=%.2f, total;dur=%.2f" % (1000 * reply.seconds, took))

    def _beside(self, work: Callable[[], T], then: Callable[[T], Response | None]) -> None:
        """Do long work in a thread, and go on when it is done."""
        working = asyncio.get_running_loop().run_in_executor(None, work)
        working.add_done_callback(lambda done: self.take(lambda: then(done.result())))


@lru_cache(maxsize=64)
def _head(content_type: str, coding: str, has_tag: bool) -> bytes:
    """Return the headers of answers of a format but for their tags, their times and lengths."""
    extra = [
        (b"content-type", content_type.encode()),
        _REVALIDATE if has_tag else responses.NO_STORE,
    ]
    extra += [(b"content-encoding", coding.encode())] if coding else []
    return responses.head(extra)


def _wants_page(request: HttpRequest) -> bool:
    return request.head.takes_page and request.method in ("GET", "HEAD")


def address(request: HttpRequest) -> str:
    """Return the address of this endpoint, against which relative IRIs of a query resolve."""
    return f"{request.site}{PATH}"


def number_of(request: HttpRequest) -> int:
    """Return a number for who asks."""
    return number(request.client) if request.client else 0


def has(request: HttpRequest, tag: bytes) -> bool:
    """Return whether a client has the answer of a tag, and takes that it is told so."""
    wanted = request.head.headers.get(b"if-none-match")
    return wanted is not None and request.method != "POST" and answer_cache.has(wanted, tag)


def _key(request: HttpRequest) -> Key:
    """Return what an answer depends on: what is asked as it came, and at which address."""
    head = request.head
    key = (request.query_string, head.accept, head.coding, head.origin, request.root)
    if request.method != "POST":
        return key
    return (*key, head.headers.get(b"content-type", b""), request.body)


def _unacceptable() -> Refused:
    tables = ", ".join(form.media_type for form in formats.RESULTS)
    graphs = ", ".join(form.media_type for form in formats.GRAPHS)
    return Refused(
        406, f"SELECT and ASK are answered as {tables}; CONSTRUCT and DESCRIBE as {graphs}."
    )
