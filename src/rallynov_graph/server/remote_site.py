"""A site on another SPARQL server, opened when that server answers.

Visitors' queries are passed on to it, with the same limits, refusals and errors as here. Most
servers continue a query after its client has gone. So a query keeps its place, and counts as its
client's, until the server has answered it or its time is over.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock, Thread
from typing import Any, Final

from rallynov_graph.base.errors import EndpointError, Failure, QueryError, RallynovError
from rallynov_graph.http import protocol
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.queries import LONG, Outcome, QueryJob, Reply
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import (
    calls_out,
    form_of,
    is_update,
    position_of_call,
    position_of_update,
)
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.server.limits import (
    LONG_AT_ONCE,
    LONG_OF_ONE,
    SHORT_AT_ONCE,
    SHORT_OF_ONE,
    Limits,
)
from rallynov_graph.server.log import complain
from rallynov_graph.server.query_pool.fair_queue import FairQueue
from rallynov_graph.sparql.embedded import EmbeddedStore, StoreQuery, syntax_error
from rallynov_graph.sparql.query_guard import calls_other_functions, refuse_invalid
from rallynov_graph.sparql.remote_errors import unexpected_answer
from rallynov_graph.sparql.remote_server import Dataset, Server
from rallynov_graph.sparql.remote_store import RemoteStore

WSGI = Callable[..., Iterable[bytes]]
_BEHIND: Final = "The SPARQL server behind this site"
_WORDS: Final = {
    Failure.DENIED: f"{_BEHIND} does not let this site ask it.",
    Failure.UNREACHABLE: f"{_BEHIND} is out of reach.",
    Failure.BROKEN: f"{_BEHIND} failed.",
    Failure.STRANGE: f"{_BEHIND} gave no answer of SPARQL.",
}
_OF_TRIPLES: Final = ("CONSTRUCT", "DESCRIBE")
_NO_FUNCTION: Final = (
    "A query has SPARQL's own functions here, and casts of XML Schema: any other is refused."
)
_CUT: Final = f"{_BEHIND} gives only a part of so long an answer: ask for less, by LIMIT."


_GRACE: Final = 1.0
"""So many seconds after its time limit, a server that still talks is no longer waited for."""


class RemoteSite:
    """A remote server, and what is known about it since its first answer."""

    def __init__(
        self,
        server: Server,
        limits: Limits,
        texts: tuple[SourceFile, ...] = (),
        publication: Publication = UNPUBLISHED,
        profile: Profile | None = None,
    ) -> None:
        self._server, self._limits, self._texts = server, limits, texts
        self._publication, self._profile = publication, profile
        self._store: RemoteStore | None = None
        self._pages: WSGI | None = None
        self._lock = RLock()

    def store(self) -> RemoteStore:
        """The store with the graphs that a release has; raises EndpointError."""
        with self._alone():
            if self._store is None:
                self._store = RemoteStore(
                    self._server,
                    dataset=of_server(self._server, self._limits.seconds),
                    timeout=self._limits.seconds,
                    longest=self._limits.answer,
                )
            return self._store

    def relay(self) -> Relay:
        """Return the relay of visitors' queries; one for each process."""
        return Relay(self.store, self._limits)

    def open(self) -> WSGI:
        """Return the pages, made once; raise EndpointError, or SourceError for a text."""
        from rallynov_graph.site.application import create_app

        with self._alone():
            if self._pages is None:
                store = self.store()
                try:
                    self._pages = create_app(
                        store,
                        of_server=True,
                        texts=loaded(store, self._texts),
                        publication=self._publication,
                        profile=self._profile,
                    )
                except RallynovError:
                    raise
                except Exception as error:
                    raise unexpected_answer(self._server.url, error) from error
            return self._pages

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one thread at a time run this; raise EndpointError if another takes too long."""
        if not self._lock.acquire(timeout=self._limits.seconds):
            words = f"{self._server.url} has not answered in {self._limits.seconds:g} s."
            raise EndpointError(words, Failure.LATE)
        try:
            yield
        finally:
            self._lock.release()

    def pages(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Respond with a page, as a WSGI application, or with the reason why there is none yet.

        The reason is shown in the layout of an empty graph's pages.
        """
        from rallynov_graph.site.application import create_app

        try:
            pages = self._pages or self.open()
        except EndpointError as error:
            failed = error

            def tell() -> None:
                raise failed

            empty = create_app(EmbeddedStore.of_quads(()))
            empty.before_request(tell)
            pages = empty
        return pages(environ, start_response)


class Relay:
    """A remote server in the place of the query processes."""

    def __init__(self, store: Callable[[], RemoteStore], limits: Limits) -> None:
        self._store, self.limits = store, limits
        self._queue = FairQueue(limits.wait, SHORT_AT_ONCE, SHORT_OF_ONE)
        self._most_of_one = int(SHORT_OF_ONE.value + LONG_OF_ONE.value)
        self._most = 4 * int(SHORT_AT_ONCE.value + LONG_AT_ONCE.value)
        """How many queries the server may have of all, with those that made room for others."""
        self._running: Counter[str] = Counter()
        """How many queries of each client the server has."""

    async def ask(self, job: QueryJob) -> Reply:
        """Return the reply to a query; raise Refused.

        Raises UnicodeEncodeError for a query that cannot be sent.
        """
        job.store_query.query.encode()
        place = await self._queue.enter(job.client)
        is_greedy = self._running[job.client] >= self._most_of_one
        if is_greedy or self._running.total() >= self._most:
            self._queue.leave(place)
            return Reply(Outcome.GREEDY if is_greedy else Outcome.BUSY)
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Reply] = loop.create_future()

        def tell(found: Reply | Exception) -> None:
            if not told.done():
                told.set_result(found) if isinstance(found, Reply) else told.set_exception(found)

        def end(found: Reply | Exception) -> None:
            timer.cancel()
            self._running -= Counter((job.client,))
            self._queue.leave(place)
            tell(found)

        def work() -> None:
            found = self._reply(job)
            with suppress(RuntimeError):  # the process has ended its loop
                loop.call_soon_threadsafe(end, found)

        self._running[job.client] += 1
        place.end = lambda outcome: tell(Reply(outcome))
        timer = loop.call_later(LONG, self._queue.become_long, place)
        Thread(target=work, name="relay", daemon=True).start()
        try:
            return await asyncio.wait_for(told, self.limits.seconds + _GRACE)
        except TimeoutError:
            return Reply(Outcome.TOO_LONG)

    def _reply(self, job: QueryJob) -> Reply | Exception:
        """Return the server's answer in a format that the visitor accepts, or an exception."""
        query, *_ = job.store_query
        try:
            _refuse(query)
            form = job.graph if form_of(query) in _OF_TRIPLES else job.results
            return self._answer(job.store_query, form) if form else Reply(Outcome.UNACCEPTABLE)
        except EndpointError as error:
            return _failed(error, query)
        except QueryError as error:
            return Reply(Outcome.INVALID, str(error).encode(), None, error.line, error.column)
        except Exception as error:  # for who waits for the reply
            return error

    def _answer(self, asked: StoreQuery, form: Format) -> Reply:
        dataset, store = None, self._store()
        if asked.default_graphs is not None or asked.named_graphs is not None:
            dataset = Dataset(asked.default_graphs or (), asked.named_graphs or ()).exact()
        content = store.written(asked.query, form, dataset)
        is_long = len(content) > self.limits.answer
        return Reply(Outcome.TOO_LARGE) if is_long else Reply(Outcome.ANSWERED, content, form)


def _failed(error: EndpointError, query: str) -> Reply | Refused:
    """Return the outcome that visitors get for a failure of the server.

    They only read our own words: the server's address and messages are for the operator. Only a
    refused query concerns the visitor.
    """
    if error.failure is Failure.REFUSED:
        return _refused(error, query)
    complain(str(error))
    match error.failure:
        case Failure.TOO_LARGE:
            return Refused(422, _CUT)
        case Failure.LATE:
            return Reply(Outcome.TOO_LONG)
        case Failure.BUSY:
            return Reply(Outcome.BUSY)
    return Refused(502, _WORDS[error.failure])


def _refuse(query: str) -> None:
    """Raise Refused for a query that is not passed on, QueryError for an invalid one."""
    if calls_out(query):
        line, column = position_of_call(query)
        raise Refused(403, protocol.NO_CALL, line=line, column=column)
    if is_update(query):
        line, column = position_of_update(query)
        raise Refused(400, protocol.NO_UPDATE, line=line, column=column)
    if calls_other_functions(query):
        raise Refused(403, _NO_FUNCTION)
    refuse_invalid(query)


def _refused(error: EndpointError, query: str) -> Reply:
    """Return that a query is invalid, with only the place from the server's message."""
    line, column = error.line, error.column
    if line is None or not 0 < line <= query.count("\n") + 1:
        return Reply(Outcome.INVALID, f"{_BEHIND} does not accept the query.".encode())
    if column is None or column < 1:
        words = f"{_BEHIND} does not accept the query: line {line}."
        return Reply(Outcome.INVALID, words.encode(), None, line)
    mistake = syntax_error(f"error at {line}:{column}: expected ", query)
    return Reply(Outcome.INVALID, str(mistake).encode(), None, mistake.line, mistake.column)
