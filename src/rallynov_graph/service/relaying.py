"""Visitors' queries, passed on to another server: the same limits, refusals and errors as here."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from rallynov_graph.engines.embedded import syntax_error
from rallynov_graph.engines.remote import Dataset, RemoteStore
from rallynov_graph.engines.strangers import calls_functions_of_a_server, refuse_strange
from rallynov_graph.errors import EndpointError, Failure, QueryError
from rallynov_graph.http import protocol
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.visits import Limits, Outcome, Reply, Visit
from rallynov_graph.rdf.tokens import (
    calls_out,
    form_of,
    is_update,
    place_of_call,
    place_of_update,
)
from rallynov_graph.service.lines import Gone

AT_ONCE: Final = 8
"""How many queries one web process has under way at the server."""
_GRACE: Final = 1.0
"""So many seconds after its time limit, a server that still talks is given up."""
_BEHIND: Final = "The SPARQL server behind this site"
_SYNTAX: Final = re.compile(r"error at \d+:\d+: expected .*", re.DOTALL)
"""How Oxigraph tells of a syntax error."""
_OF_TRIPLES: Final = ("CONSTRUCT", "DESCRIBE")
_NO_FUNCTION: Final = (
    "A query has SPARQL's own functions here: those of one make of server are refused."
)


class Relay:
    """A server that is not ours, in the place of the query processes."""

    def __init__(self, store: Callable[[], RemoteStore], limits: Limits) -> None:
        self._store, self._limits = store, limits
        self._free = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="relay")

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    async def ask(self, visit: Visit, gone: Gone) -> Reply | None:
        """Return what a visit comes to, None when the client left before that.

        Raises UnicodeEncodeError for what cannot be sent, Refused for what is not passed on.
        """
        visit.asked.query.encode()
        try:
            await asyncio.wait_for(self._free.acquire(), self.limits.wait)
        except TimeoutError:
            return Reply(Outcome.BUSY)
        return await self._answered(lambda: self._reply(visit), gone)

    def has_taken(self, visit: Visit) -> bool:
        """Tell whether a visit that was asked is being answered: the other server sees to that."""
        return True

    async def _answered(self, work: Callable[[], Reply], gone: Gone) -> Reply | None:
        """Return what work in a thread comes to, unless the client leaves or it takes too long."""
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, work)
        answer.add_done_callback(lambda _: self._free.release())
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait(
                (answer, leaving),
                timeout=self.limits.seconds + _GRACE,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if answer.done():
                return answer.result()
            return None if leaving.done() else Reply(Outcome.TOO_LONG)
        finally:
            leaving.cancel()
            if not answer.done():
                # Nobody waits for it any more: what it raises is of no interest.
                answer.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _opened(self) -> RemoteStore:
        try:
            return self._store()
        except EndpointError as error:
            raise Refused(502, f"{_BEHIND} is out of reach.") from error

    def _reply(self, visit: Visit) -> Reply:
        """Return what the server answers, in the format that the visitor takes."""
        asked = visit.asked
        try:
            _refuse(asked.query)
        except QueryError as error:
            return Reply(Outcome.INVALID, str(error).encode(), None, error.line, error.column)
        form = visit.graph if form_of(asked.query) in _OF_TRIPLES else visit.results
        if form is None:
            return Reply(Outcome.UNACCEPTABLE)
        dataset = None
        if asked.default_graphs is not None or asked.named_graphs is not None:
            dataset = Dataset(asked.default_graphs or (), asked.named_graphs or ()).exact()
        store = self._opened()
        try:
            content = store.written(store.received(asked.query, dataset), form)
        except EndpointError as error:
            return _failed(error, asked.query, store.url)
        if len(content) > self.limits.answer:
            return Reply(Outcome.TOO_LARGE)
        return Reply(Outcome.ANSWERED, content, form)


def _refuse(query: str) -> None:
    """Raise Refused for what is not passed on, QueryError for what is no query."""
    if calls_out(query):
        line, column = place_of_call(query)
        raise Refused(403, protocol.NO_CALL, line=line, column=column)
    if is_update(query):
        line, column = place_of_update(query)
        raise Refused(400, protocol.NO_UPDATE, line=line, column=column)
    if calls_functions_of_a_server(query):
        raise Refused(403, _NO_FUNCTION)
    refuse_strange(query)


def _failed(error: EndpointError, query: str, url: str) -> Reply:
    """Return the outcome that a failure of the server is; raise Refused where there is none.

    Visitors are not told where the server is.
    """
    words = str(error).replace(url, _BEHIND)
    match error.failure:
        case Failure.REFUSED:
            told = _SYNTAX.search(words)
            better = syntax_error(told[0], query) if told else error
            said = str(better) if told else words
            return Reply(Outcome.INVALID, said.encode(), None, better.line, better.column)
        case Failure.TOO_LARGE:
            raise Refused(422, words) from error
        case Failure.LATE:
            return Reply(Outcome.TOO_LONG)
        case Failure.BUSY:
            return Reply(Outcome.BUSY)
    raise Refused(502, words) from error
