"""A SPARQL 1.1 server: what it is asked over HTTP, and what may come back."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request

from SPARQLWrapper import INSERT, POSTDIRECTLY, SELECT
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from rallynov_graph.base.errors import EndpointError, Failure, QueryError
from rallynov_graph.base.namespaces import NOTHING
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.sparql.credentials import Credentials
from rallynov_graph.sparql.graph_scope import GraphScope
from rallynov_graph.sparql.pooled_wrapper import PooledWrapper, opened
from rallynov_graph.sparql.refusals import refusal, refuse_part, seconds_until_retry
from rallynov_graph.sparql.xml_tables import with_kept_spaces

TIMEOUT: Final = 30.0
"""How many seconds a server may take to answer."""
LONGEST: Final = 256 << 20
"""How many bytes an answer may have."""

TABLES: Final = (formats.RESULTS_JSON, formats.RESULTS_XML)
GRAPHS: Final = (formats.N_TRIPLES, formats.TURTLE, formats.RDF_XML)
"""The formats that a server is asked for: they lose nothing, and others are made from them."""
_ENDLESS: Final = (formats.N_TRIPLES, formats.TURTLE)
"""Those in which a part of an answer may look like a whole one."""

_PAUSE: Final = 0.2
_PIECE: Final = 1 << 16
_MOST_PATIENCE: Final = 60.0
"""So many seconds a server may ask not to be asked again; one that says more is not believed."""


@dataclass(frozen=True)
class Dataset:
    """The graphs that a query is evaluated on; the server's default ones where none are named."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    scope: GraphScope | None = None
    """Where a named graph stands for the default one: each query is asked inside it."""

    def exact(self) -> "Dataset":
        """Return the same graphs and no others: an empty half is named as a graph that none has."""
        if not (self.default or self.named):
            return self
        return Dataset(self.default or (NOTHING,), self.named or (NOTHING,))


DEFAULT_DATASET: Final = Dataset()


@dataclass(frozen=True)
class Patience:
    """How often a server that is busy or not reached is asked in all, and for how long one waits.

    A page waits within the time of its answer. A program may wait longer, so many seconds before
    each attempt, where the server asks for that by ``Retry-After``.
    """

    attempts: int = 2
    longest: float | None = None

    def allows(self, pause: float, seconds: float, until: float) -> bool:
        """Return whether one waits so long for an answer that may take so many seconds."""
        if self.longest is not None:
            return pause <= self.longest
        return pause <= seconds / 4 and time.monotonic() + pause <= until


@dataclass(frozen=True)
class Received:
    """The answer of a server, in one of the formats that it was asked for."""

    content: bytes
    form: Format


def _is_address(text: str) -> bool:
    """Return whether a text is an address on the web, written as HTTP sends it."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
            and all("!" <= character <= "~" for character in text)
        )
    except ValueError:
        return False


Ask = Callable[[], BaseHTTPResponse]


class Server:
    """A SPARQL 1.1 server by its addresses; of what it said, its make and its credentials stay."""

    def __init__(
        self,
        url: str,
        *,
        update_url: str | None = None,
        credentials: Credentials | None = None,
        patience: Patience = Patience(),
    ) -> None:
        """Check the addresses of a server; raise QueryError for one that is no web address."""
        for address in (url, update_url or url):
            if not _is_address(address):
                raise QueryError(f"{address!r} is not the address of a server: http(s)://…")
        self.url, self.update_url, self._credentials = url, update_url or url, credentials
        self._patience = patience
        self._make, self._not_before, self._store_url = "", 0.0, ""

    @property
    def stops_when_left(self) -> bool:
        """Whether it was seen to end a query within a second of its asker's leaving."""
        return self._is_virtuoso

    @property
    def _is_virtuoso(self) -> bool:
        return self._make.startswith("Virtuoso")

    @property
    def _tables(self) -> tuple[Format, ...]:
        """The formats that it is asked for a table in: Virtuoso takes 15 times as long for JSON."""
        return TABLES[::-1] if self._is_virtuoso else TABLES

    def query(
        self,
        query: str,
        dataset: Dataset = DEFAULT_DATASET,
        *,
        seconds: float = TIMEOUT,
        longest: int = LONGEST,
    ) -> Received:
        """Return the answer to a query, whole; raise EndpointError, which says why there is none.

        A server that is not reached, or is too busy, is asked a second time: reading is safe.
        """
        asks_for = GRAPHS if form_of(query) in ("CONSTRUCT", "DESCRIBE") else self._tables
        wrapper = self._wrapper(self.url, SELECT, seconds)
        wrapper.setQuery(query)
        wrapper.addCustomHttpHeader("Accept", _accept(asks_for))
        for graph in dataset.default:
            wrapper.addDefaultGraph(graph)
        for graph in dataset.named:
            wrapper.addNamedGraph(graph)
        if self._is_virtuoso:
            wrapper.addParameter("timeout", str(ceil(seconds * 1000)))
        answer = self._exchange(wrapper.answer, self.url, seconds, longest, self._patience.attempts)
        content, kind, is_framed = answer
        form = formats.by_media_type(kind, asks_for) if kind else asks_for[0]
        if form is None:
            wanted = "triples" if asks_for is GRAPHS else "SPARQL results"
            words = f"{self.url} did not answer with {wanted}, but with {kind[:80]}."
            if kind == "text/html":
                words += " That is a page for readers: name the SPARQL endpoint, as …/sparql."
            raise EndpointError(words, Failure.STRANGE)
        if form in _ENDLESS and not is_framed:
            words = f"{self.url} does not say how long its answer is: it may be a part of one."
            raise EndpointError(words, Failure.STRANGE)
        if form is formats.RESULTS_XML:
            content = with_kept_spaces(content)
        return Received(content, form)

    def update(self, update: str, *, seconds: float = TIMEOUT, attempts: int = 1) -> None:
        """Run an update, with so many attempts; raise EndpointError.

        Only an update that may be done twice may be attempted twice.
        """
        wrapper = self._wrapper(self.update_url, INSERT, seconds)
        wrapper.setQuery(update)
        wrapper.setRequestMethod(POSTDIRECTLY)
        self._exchange(wrapper.answer, self.update_url, seconds, LONGEST, attempts)

    def takes_quads(self, seconds: float = TIMEOUT) -> bool:
        """Return whether N-Quads can be added to all graphs at once: none are, to find out."""
        for address in _store_addresses(self.url):
            self._store_url = address
            try:
                self.add_quads(b"", seconds=seconds)
            except EndpointError:
                continue
            return True
        return False

    def add_quads(self, content: bytes, *, seconds: float = TIMEOUT) -> None:
        """Add N-Quads to the graphs that they name; raise EndpointError.

        A quad that is there already is not added again, so this may be done twice.
        """
        url, kind = self._store_url, formats.N_QUADS.media_type

        def answer() -> BaseHTTPResponse:
            request = Request(url, content, {"Content-Type": kind}, method="POST")
            return opened(request, self._credentials, seconds)

        self._exchange(answer, url, seconds, LONGEST, self._patience.attempts)

    def _wrapper(self, url: str, kind: str, seconds: float) -> PooledWrapper:
        wrapper = PooledWrapper(url, kind, seconds, self._credentials)
        for name, value in _time_limit(seconds).items():
            wrapper.addCustomHttpHeader(name, value)
        return wrapper

    def _exchange(
        self, ask: Ask, url: str, seconds: float, longest: int, attempts: int
    ) -> tuple[bytes, str, bool]:
        """Return the server's answer, its media type, and whether its length was told."""
        until = time.monotonic() + seconds
        for attempt in range(1, attempts + 1):
            self._wait_for_turn(seconds, until)
            if self._patience.longest is not None:
                until = time.monotonic() + seconds
            try:
                return self._attempt(ask, url, seconds, until, longest)
            except _RetryableError as failed:
                self._not_before = time.monotonic() + min(failed.pause, _MOST_PATIENCE)
                pause = max(_PAUSE * attempt, failed.pause)
                if attempt == attempts or not self._patience.allows(pause, seconds, until):
                    raise failed.told() from failed.__cause__
                time.sleep(pause)
        raise AssertionError("an attempt returns or raises")

    def _wait_for_turn(self, seconds: float, until: float) -> None:
        """Wait where the server has asked for patience (``Retry-After``); not for long."""
        left = self._not_before - time.monotonic()
        if left <= 0:
            return
        if not self._patience.allows(left, seconds, until):
            words = f"{self.url} has asked to be left in peace for {ceil(left)} s more."
            raise EndpointError(words, Failure.BUSY)
        time.sleep(left)

    def _attempt(
        self, ask: Ask, url: str, seconds: float, until: float, longest: int
    ) -> tuple[bytes, str, bool]:
        response: BaseHTTPResponse | None = None
        try:
            response = ask()
            self._make = response.headers.get("Server", "")
            if response.status >= HTTPStatus.MULTIPLE_CHOICES:
                body = _beginning(response, until)
                failure = refusal(url, response.status, response.reason, body, response.headers)
                if failure.failure is Failure.BUSY:
                    raise _RetryableError(failure, seconds_until_retry(response.headers))
                raise failure
            is_framed = response.length_remaining is not None or bool(response.chunked)
            content = _read_all(response, until, longest, url)
            refuse_part(url, response.status, response.headers)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return content, kind if content else "", is_framed
        except NewConnectionError as error:  # a timeout, by its class
            raise _unreachable(url, error) from error
        except (TimeoutError, PoolTimeoutError) as error:
            late = f"{url} gave no answer in {seconds:g} s."
            raise EndpointError(late, Failure.LATE) from error
        except (HTTPError, OSError, ValueError) as error:
            raise _unreachable(url, error) from error
        finally:
            if response is not None:
                _put_back(response)


class _RetryableError(Exception):
    """A failure after which a second attempt may succeed, when so many seconds have passed."""

    def __init__(self, error: EndpointError, pause: float = 0.0) -> None:
        super().__init__(str(error))
        self.error, self.pause = error, pause

    def told(self) -> EndpointError:
        """Return the error, with how long the server asks to be left in peace if it does."""
        if not self.pause:
            return self.error
        words = f"{self.error} It asks to be left in peace for {ceil(self.pause)} s."
        return EndpointError(words, self.error.failure)


def _time_limit(seconds: float) -> dict[str, str]:
    """Return the headers by which a request limits its own time: Fuseki's, and Blazegraph's.

    Others pass over what they do not know. What is a parameter elsewhere has one name and three
    units, so it is sent to none but Virtuoso, which tells its make.
    """
    return {
        "Timeout": str(ceil(seconds)),
        "X-BIGDATA-MAX-QUERY-MILLIS": str(ceil(seconds * 1000)),
    }


def _store_addresses(url: str) -> Iterator[str]:
    """Yield where a server may take quads: beside its queries, as Oxigraph, Virtuoso or Fuseki do.

    A part of what was sent may stay where it breaks off: Oxigraph is quicker without a transaction.
    """
    if url.endswith("/query"):
        yield f"{url.removesuffix('/query')}/store?no_transaction"
    if url.endswith("/sparql-auth"):
        yield f"{url.removesuffix('/sparql-auth')}/sparql-graph-crud-auth"
    for end in ("/query", "/sparql"):
        if url.endswith(end):
            yield f"{url.removesuffix(end)}/data"


def _accept(asks_for: tuple[Format, ...]) -> str:
    return ", ".join(
        f"{form.media_type};q={1 - place / 10:g}" for place, form in enumerate(asks_for)
    )


def _unreachable(url: str, error: Exception) -> _RetryableError:
    """Return the failure for an error of a connection: what it comes from, in a few words."""
    found: BaseException = error
    while found.__cause__ is not None or found.__context__ is not None:
        found = found.__cause__ or found.__context__  # type: ignore[assignment]
    cause = getattr(found, "strerror", None) or found
    words = f"{url} cannot be reached: {cause}; is it running, and is this its address?"
    return _RetryableError(EndpointError(words, Failure.UNREACHABLE))


def _put_back(response: BaseHTTPResponse) -> None:
    """Keep the connection of an answer that was read to its end; close any other."""
    if response.closed:
        response.release_conn()
    else:
        response.close()


def _beginning(response: BaseHTTPResponse, until: float) -> bytes:
    """Return the beginning of the body of an error, as far as it comes in time."""
    body = bytearray()
    try:
        while len(body) < _PIECE and time.monotonic() < until:
            piece = response.read1(_PIECE)
            if not piece:
                break
            body += piece
    except (HTTPError, OSError, ValueError):
        pass  # the status tells that there is an error
    return bytes(body)


def _read_all(response: BaseHTTPResponse, until: float, longest: int, url: str) -> bytes:
    """Return the whole body of an answer; raise TimeoutError, EndpointError for one too long."""
    content = bytearray()
    while piece := response.read1(_PIECE):
        content += piece
        if len(content) > longest:
            raise EndpointError(
                f"The answer of {url} is longer than {longest} bytes: ask for less, by LIMIT.",
                Failure.TOO_LARGE,
            )
        if time.monotonic() > until:
            raise TimeoutError
    if response.length_remaining:
        raise HTTPError("the answer broke off")
    return bytes(content)
