"""A SPARQL 1.1 server: what it is asked over HTTP, and what may come back."""

import time
import urllib.error
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from SPARQLWrapper import INSERT, POST, POSTDIRECTLY, SELECT, SPARQLWrapper

from rallynov_graph.base.errors import EndpointError, Failure, QueryError
from rallynov_graph.base.namespaces import NOTHING
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.sparql.remote import cancellation
from rallynov_graph.sparql.remote.credentials import Credentials
from rallynov_graph.sparql.remote.graph_scope import GraphScope
from rallynov_graph.sparql.remote.refusals import refusal, refuse_part

TIMEOUT: Final = 30.0
"""How many seconds a server may take to answer."""
LONGEST: Final = 256 << 20
"""How many bytes an answer may have."""

TABLES: Final = (formats.RESULTS_JSON, formats.RESULTS_XML)
GRAPHS: Final = (formats.N_TRIPLES, formats.TURTLE, formats.RDF_XML)
"""The formats that a server is asked for: they lose nothing, and others are made from them."""

_ATTEMPTS: Final = 2
_PAUSE: Final = 0.2
_PIECE: Final = 1 << 16
_SHOWN: Final = 8
"""How many columns of a table that does not fit the query are named."""


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


class Server:
    """A SPARQL 1.1 server by its addresses; between two requests only credentials are kept."""

    def __init__(
        self, url: str, *, update_url: str | None = None, credentials: Credentials | None = None
    ) -> None:
        """Check the addresses of a server; raise QueryError for one that is no web address."""
        for address in (url, update_url or url):
            if not _is_address(address):
                raise QueryError(f"{address!r} is not the address of a server: http(s)://…")
        self.url, self.update_url, self._credentials = url, update_url or url, credentials

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
        asks_for = GRAPHS if form_of(query) in ("CONSTRUCT", "DESCRIBE") else TABLES
        wrapper = _Wrapper(self.url, SELECT, seconds)
        wrapper.setQuery(query)
        wrapper.addCustomHttpHeader("Accept", _accept(asks_for))
        for name, graphs in (("default", dataset.default), ("named", dataset.named)):
            for graph in graphs:
                wrapper.addParameter(f"{name}-graph-uri", graph)
        content, kind = self._exchange(wrapper, seconds, longest, _ATTEMPTS)
        form = formats.by_media_type(kind, asks_for) if kind else asks_for[0]
        if form is None:
            wanted = "triples" if asks_for is GRAPHS else "SPARQL results"
            raise EndpointError(
                f"{self.url} did not answer with {wanted}, but with {kind[:80]}.", Failure.STRANGE
            )
        return Received(content, form)

    def update(self, update: str, *, seconds: float = TIMEOUT, attempts: int = 1) -> None:
        """Run an update, with so many attempts; raise EndpointError.

        Only an update that may be done twice may be attempted twice.
        """
        wrapper = _Wrapper(self.update_url, INSERT, seconds)
        wrapper.setQuery(update)
        wrapper.setRequestMethod(POSTDIRECTLY)
        self._exchange(wrapper, seconds, LONGEST, attempts)

    def _exchange(
        self, wrapper: "_Wrapper", seconds: float, longest: int, attempts: int
    ) -> tuple[bytes, str]:
        """Return the server's answer and its media type; raise EndpointError."""
        wrapper.credentials = self._credentials
        until = time.monotonic() + seconds
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(wrapper, seconds, until, longest)
            except _RetryableError as failed:
                if attempt == attempts or time.monotonic() + _PAUSE * attempt > until:
                    raise failed.error from failed.__cause__
                time.sleep(_PAUSE * attempt)
        raise AssertionError("an attempt returns or raises")

    def _attempt(
        self, wrapper: "_Wrapper", seconds: float, until: float, longest: int
    ) -> tuple[bytes, str]:
        url = wrapper.address
        try:
            response: HTTPResponse = wrapper.query().response
            with response:
                content = _read_all(response, until, longest, url)
                refuse_part(url, dict(response.headers))
                return content, response.headers.get_content_type() if content else ""
        except urllib.error.HTTPError as error:
            with error:
                body = _beginning(error, until)
                failure = refusal(url, error.code, error.reason, body, dict(error.headers))
            if failure.failure is Failure.BUSY:
                raise _RetryableError(failure) from error
            raise failure from error
        except TimeoutError as error:
            late = f"{url} gave no answer in {seconds:g} s."
            raise EndpointError(late, Failure.LATE) from error
        except (urllib.error.URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                late = f"{url} gave no answer in {seconds:g} s."
                raise EndpointError(late, Failure.LATE) from error
            cause = getattr(reason, "strerror", None) or reason
            words = f"{url} cannot be reached: {cause}; is it running, and is this its address?"
            raise _RetryableError(EndpointError(words, Failure.UNREACHABLE)) from error


class _RetryableError(Exception):
    """A failure after which a second attempt may succeed."""

    def __init__(self, error: EndpointError) -> None:
        super().__init__(str(error))
        self.error = error


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: a query would lose its body, or credentials would go elsewhere."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER: Final = build_opener(
    _NoRedirect, cancellation.CancellableHandler, cancellation.CancellableSecureHandler
)


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper that is given the kind of a request instead of guessing it."""

    def __init__(self, url: str, kind: str, seconds: float) -> None:
        self._kind = kind
        self.credentials: Credentials | None = None
        self.address = url
        super().__init__(url)
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self.seconds = seconds

    def _parseQueryType(self, query: str) -> str:  # noqa: N802
        return self._kind

    def _query(self) -> tuple[HTTPResponse, str]:
        """Send the request, signed as the server asks for."""
        try:
            return self._sent(), self.returnFormat
        except urllib.error.HTTPError as error:
            challenges = error.headers.get_all("WWW-Authenticate") or []
            if not (
                error.code == 401
                and self.credentials
                and self.credentials.accept_challenge(challenges)
            ):
                raise
            error.close()
            return self._sent(), self.returnFormat

    def _sent(self) -> HTTPResponse:
        request = self._createRequest()
        if self.credentials is not None:
            self.credentials.sign(request)
        response: HTTPResponse = _OPENER.open(request, timeout=self.seconds)
        return response


def _accept(asks_for: tuple[Format, ...]) -> str:
    return ", ".join(
        f"{form.media_type};q={1 - place / 10:g}" for place, form in enumerate(asks_for)
    )


def _beginning(error: urllib.error.HTTPError, until: float) -> bytes:
    """Return the beginning of the body of an error, as far as it comes in time."""
    body = bytearray()
    try:
        while len(body) < _PIECE and time.monotonic() < until:
            piece = error.read1(_PIECE)
            if not piece:
                break
            body += piece
    except (OSError, HTTPException, ValueError):
        pass  # the status tells that there is an error
    return bytes(body)


def _read_all(response: HTTPResponse, until: float, longest: int, url: str) -> bytes:
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
    if response.length:
        raise HTTPException("the answer broke off")
    return bytes(content)
