"""``/sparql`` and ``/sparql/graphs``: parse requests, run the queries, write responses.

A release never changes: a client that has an answer keeps it, by its entity tag.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import unquote

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.http import protocol, responses
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.queries import Outcome, QueryJob, Reply
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server.limits import MEBIBYTE, Limits
from rallynov_graph.server.metrics import MetricsRow, Sum
from rallynov_graph.server.query_pool.fair_queue import BUSY, GREEDY
from rallynov_graph.server.requests import HttpRequest, Receive, while_there
from rallynov_graph.sparql.embedded import StoreQuery

PATH: Final = "/sparql"
GRAPHS: Final = "/sparql/graphs"
METHODS: Final = "GET, HEAD, POST, OPTIONS"
METHODS_OF_GRAPHS: Final = "GET, HEAD, OPTIONS"

Describe = Callable[[str, Format], bytes]
"""Returns the description of the service at an address, in a format."""

_LONG: Final = 1 << 16
"""The number of bytes above which a thread parses an answer, so that others do not wait."""
_REVALIDATE: Final = (b"cache-control", responses.SHARED_BRIEFLY.encode())
_ALL: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ANY: Final = "ASK { ?s ?p ?o }"
_ABSOLUTE: Final = ("http:/", "https:/", "urn:")
_VOLATILE: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\[uU]", re.IGNORECASE)


class QueryRunner(Protocol):
    """Runs a visitor's query, in this program or on another server."""

    @property
    def limits(self) -> Limits: ...

    async def ask(self, job: QueryJob) -> Reply:
        """Return the reply to a query; raise Refused. Cancelling the task ends the query.

        Raises UnicodeEncodeError for a query that cannot be sent.
        """
        ...


class Endpoint:
    """Answers queries of any client by any method.

    ``stamp`` identifies the release and the software, on which answers depend beside the request.
    It is empty if answers may change.
    """

    def __init__(
        self, runner: QueryRunner, stamp: bytes, describe: Describe, row: MetricsRow
    ) -> None:
        self.runner, self._stamp, self._describe, self._row = runner, stamp, describe, row

    async def answer(self, request: HttpRequest, receive: Receive) -> Response:
        """Return the response to a request to ``PATH``; raise Refused."""
        begun = time.perf_counter()
        found = await self._read(request)
        if found is None:
            return self._introduction(request)
        longest = self.runner.limits.query
        if len(found.query) > longest:
            raise Refused(413, f"The query is longer than {longest} bytes.")
        at = f"{request.site}{PATH}"
        query = StoreQuery(found.query, at, found.default_graphs, found.named_graphs)
        return await self._run(query, request.head.results, request, receive, begun)

    async def graph(self, request: HttpRequest, receive: Receive) -> Response:
        """Return the response to a request below ``GRAPHS``: the Graph Store Protocol, read only.

        A graph is named by ``?graph=``, ``?default``, or by its own IRI as the address.
        """
        if request.head.graph is None:
            raise Refused(406, f"A graph is given as {_listed(formats.GRAPHS)}.")
        begun, name = time.perf_counter(), await self._named(request, receive)
        query = StoreQuery(_ALL, default_graphs=None if name is None else (name,))
        return await self._run(query, None, request, receive, begun)

    async def reply(self, job: QueryJob, receive: Receive) -> Reply:
        """Return the response to a query; raise Refused, or Left if the client has gone."""
        if job.results is None and job.graph is None:
            raise _unacceptable()
        try:
            async with while_there(receive):
                reply = await self.runner.ask(job)
        except UnicodeEncodeError as error:
            raise Refused(400, "The request is not UTF-8.") from error
        self._row.visited(reply.outcome)
        if reply.outcome is not Outcome.ANSWERED or reply.form is None:
            raise self._refusal(reply)
        return reply

    async def _read(self, request: HttpRequest) -> protocol.Request | None:
        """Return the query, None for a request of the service description."""
        query_string = request.query_string.decode("latin-1")
        if request.method != "POST":
            return protocol.of_address(query_string)
        content_type = request.head.headers.get(b"content-type", b"").decode("latin-1")
        arguments = content_type, query_string, request.body
        if len(query_string) + len(request.body) < _LONG:
            return protocol.of_body(*arguments)
        return await asyncio.to_thread(protocol.of_body, *arguments)

    async def _run(
        self,
        query: StoreQuery,
        results: Format | None,
        request: HttpRequest,
        receive: Receive,
        begun: float,
    ) -> Response:
        """Return the response to a query, with an entity tag if the answer always is the same."""
        head, tag = request.head, b""
        if self._stamp and not _is_volatile(query.query):
            tag = _tag(self._stamp, query, results, head.graph)
        if tag and _has(request, tag):
            return self._unchanged(tag)
        job = QueryJob(query, results, head.graph, request.sharer)
        reply = await self.reply(job, receive)
        assert reply.form is not None
        self._row.add(Sum.BYTES, len(reply.content))
        headers = [
            (b"content-type", reply.form.content_type.encode()),
            _REVALIDATE if tag else responses.NO_STORE,
            *([(b"etag", tag)] if tag else []),
        ]
        times = 1000 * reply.seconds, 1000 * (time.perf_counter() - begun)
        timing = b"query;dur=%.2f, total;dur=%.2f" % times
        return responses.response(200, [*headers, (b"server-timing", timing)], reply.content)

    async def _named(self, request: HttpRequest, receive: Receive) -> str | None:
        """Return the IRI of the requested graph, None for the default one.

        The address is the graph's IRI; or one of ours, which has the same path here as at its own
        address; or contains a complete IRI.
        """
        rest = request.path.removeprefix(GRAPHS).removeprefix("/")
        if rest:
            whole = (unquote(rest),) if rest.startswith(_ABSOLUTE) else ()
            choices: tuple[str, ...] = (*whole, f"{BASE}{rest}", f"{request.site}{request.path}")
        else:
            iri = protocol.graph_named(request.query_string.decode("latin-1"))
            if iri is None:
                return None
            choices = (iri,)
        for one in choices:
            try:
                NamedNode(one)
            except ValueError as error:
                raise Refused(400, "A graph is named by an absolute IRI.") from error
            any_triple = StoreQuery(_ANY, default_graphs=(one,))
            job = QueryJob(any_triple, formats.RESULTS_CSV, None, request.sharer)
            if b"true" in (await self.reply(job, receive)).content:
                return one
        raise Refused(404, f"There is no graph {choices[0][:300]}.")

    def _introduction(self, request: HttpRequest) -> Response:
        """Return the description of the service; raise Refused."""
        form = request.head.graph
        if form is None:
            listed = _listed(formats.GRAPHS)
            raise Refused(406, f"There is no query, and the service is described as {listed}.")
        at = f"{request.site}{PATH}"
        digest = hashlib.sha256(b"%b %b %b" % (self._stamp, at.encode(), form.name.encode()))
        tag = f'"{digest.hexdigest()[:20]}"'.encode() if self._stamp else b""
        if tag and _has(request, tag):
            return self._unchanged(tag)
        headers = [(b"content-type", form.content_type.encode()), _REVALIDATE]
        headers += [(b"etag", tag)] if tag else []
        return responses.response(200, headers, self._describe(at, form))

    def _unchanged(self, tag: bytes) -> Response:
        self._row.add(Sum.NOT_MODIFIED)
        return responses.response(304, [(b"etag", tag), _REVALIDATE])

    def _refusal(self, reply: Reply) -> Refused:
        """Return the refusal for a reply without an answer."""
        own = self.runner.limits
        size = f"The answer is longer than {own.answer // MEBIBYTE} MiB: ask for less, by LIMIT."
        memory = "The query needs more memory than one query may have here."
        if reply.outcome is Outcome.UNACCEPTABLE:
            return _unacceptable()
        status, words = {
            Outcome.INVALID: (400, reply.content.decode()),
            Outcome.CALLS_OUT: (403, protocol.NO_CALL),
            Outcome.UPDATE: (400, protocol.NO_UPDATE),
            Outcome.TOO_LARGE: (422, size),
            Outcome.TOO_LONG: (504, f"The query took longer than {own.seconds:g} s."),
            Outcome.TOO_MUCH_MEMORY: (422, memory),
            Outcome.TOO_NESTED: (400, "The query is nested too deeply."),
            Outcome.BUSY: (503, BUSY),
            Outcome.GREEDY: (429, GREEDY),
        }.get(reply.outcome, (503, "The query process ended without an answer."))
        return Refused(status, words, line=reply.line, column=reply.column)


def _listed(some: tuple[Format, ...]) -> str:
    return ", ".join(form.media_type for form in some)


def _unacceptable() -> Refused:
    tables, graphs = _listed(formats.RESULTS), _listed(formats.GRAPHS)
    return Refused(
        406, f"SELECT and ASK are answered as {tables}; CONSTRUCT and DESCRIBE as {graphs}."
    )


def _is_volatile(query: str) -> bool:
    """Whether a query may have another answer the next time; true if in doubt."""
    return _VOLATILE.search(query) is not None


def _tag(stamp: bytes, store_query: StoreQuery, *forms: Format | None) -> bytes:
    """Return the entity tag of an answer before it is computed.

    The tag is weak: the same rows may come in another order.
    """
    names = [form and form.media_type for form in forms]
    graphs = store_query.default_graphs, store_query.named_graphs
    about = f"{names} {store_query.base} {graphs}\0{store_query.query}"
    digest = hashlib.blake2b(stamp + about.encode("utf-8", "replace"), digest_size=15)
    return b'W/"%b"' % digest.hexdigest().encode()


def _has(request: HttpRequest, wanted: bytes) -> bool:
    """Whether a client has the answer with a tag and accepts a 304."""
    known = request.head.headers.get(b"if-none-match")
    is_asked = known is not None and request.method != "POST"
    return is_asked and wanted in map(bytes.strip, (known or b"").split(b","))
