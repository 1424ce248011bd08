"""Visitors' queries, passed on to another server: the same limits, refusals and errors as here."""

from collections.abc import Callable
from typing import Final

from rallynov_graph.base.errors import EndpointError, Failure, QueryError
from rallynov_graph.http import protocol
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import Limits, Outcome, QueryJob, Reply
from rallynov_graph.rdf.tokens import (
    calls_out,
    form_of,
    is_update,
    position_of_call,
    position_of_update,
)
from rallynov_graph.server.complaints import complain
from rallynov_graph.server.relay_jobs import RelayJobs
from rallynov_graph.sparql.query_errors import syntax_error
from rallynov_graph.sparql.query_guard import calls_other_functions, refuse_invalid
from rallynov_graph.sparql.remote_server import Dataset, Server
from rallynov_graph.sparql.remote_store import RemoteStore

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


class Relay:
    """A server that is not ours, in the place of the query processes."""

    def __init__(self, store: Callable[[], RemoteStore], limits: Limits) -> None:
        self._store, self._limits = store, limits
        self._server: Server | None = None
        self._jobs = RelayJobs(limits, self._stops_when_left)

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    async def ask(self, job: QueryJob) -> Reply:
        """Return what a query comes to; raise Refused. A task that is cancelled ends the query.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        job.store_query.query.encode()
        return await self._jobs.done(job, lambda: self._reply(job))

    def _stops_when_left(self) -> bool:
        return self._server is not None and self._server.stops_when_left

    def _reply(self, visit: QueryJob) -> Reply:
        """Return what the server answers, in the format that the visitor takes."""
        store_query = visit.store_query
        try:
            _refuse(store_query.query)
        except QueryError as error:
            return Reply(Outcome.INVALID, str(error).encode(), None, error.line, error.column)
        form = visit.graph if form_of(store_query.query) in _OF_TRIPLES else visit.results
        if form is None:
            return Reply(Outcome.UNACCEPTABLE)
        dataset = None
        if store_query.default_graphs is not None or store_query.named_graphs is not None:
            dataset = Dataset(
                store_query.default_graphs or (), store_query.named_graphs or ()
            ).exact()
        try:
            store = self._store()
            self._server = store.server
            content = store.written(store.received(store_query.query, dataset), form)
        except EndpointError as error:
            return self._failed(error, store_query.query)
        if len(content) > self.limits.answer:
            return Reply(Outcome.TOO_LARGE)
        return Reply(Outcome.ANSWERED, content, form)

    def _failed(self, error: EndpointError, query: str) -> Reply:
        """Return the outcome that a failure of the server is; raise Refused where there is none.

        Visitors read words of ours alone: where the server is, and what it says of itself, is for
        who runs the site. Only a query that the server refuses is the visitor's own matter.
        """
        if error.failure is Failure.REFUSED:
            return _refused(error, query)
        complain(str(error))
        match error.failure:
            case Failure.TOO_LARGE:
                raise Refused(422, _CUT) from error
            case Failure.LATE:
                return Reply(Outcome.TOO_LONG)
            case Failure.BUSY:
                return Reply(Outcome.BUSY)
        raise Refused(502, _WORDS[error.failure]) from error


def _refuse(query: str) -> None:
    """Raise Refused for what is not passed on, QueryError for what is no query."""
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
    """Return that a query is not valid: of the server's words only the place that they name."""
    line, column = error.line, error.column
    if line is None or not 0 < line <= query.count("\n") + 1:
        return Reply(Outcome.INVALID, f"{_BEHIND} does not accept the query.".encode())
    if column is None or column < 1:
        words = f"{_BEHIND} does not accept the query: line {line}."
        return Reply(Outcome.INVALID, words.encode(), None, line)
    mistake = syntax_error(f"error at {line}:{column}: expected ", query)
    return Reply(Outcome.INVALID, str(mistake).encode(), None, mistake.line, mistake.column)
