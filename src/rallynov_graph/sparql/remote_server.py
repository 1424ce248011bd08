"""A SPARQL 1.1 server over HTTP: requests and possible responses."""

import base64
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from operator import itemgetter
from threading import Lock
from typing import Final
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    getproxies,
    parse_http_list,
    parse_keqv_list,
    proxy_bypass,
)

from SPARQLWrapper import INSERT, POST, POSTDIRECTLY, SELECT, SPARQLWrapper
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry, Timeout
from urllib3.exceptions import HTTPError, InvalidHeader, NewConnectionError
from urllib3.exceptions import TimeoutError as PoolTimeoutError

from rallynov_graph.base.errors import EndpointError, Failure, QueryError, RallynovError
from rallynov_graph.base.namespaces import NOTHING
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.sparql.graph_scope import GraphScope
from rallynov_graph.sparql.remote_errors import refusal, refuse_part
from rallynov_graph.sparql.store import Received

TIMEOUT: Final = 30.0
"""How many seconds a server may take to answer."""
LONGEST: Final = 256 << 20
"""How many bytes an answer may have."""

TABLES: Final = (formats.RESULTS_JSON, formats.RESULTS_XML)
GRAPHS: Final = (formats.N_TRIPLES, formats.TURTLE, formats.RDF_XML)
"""The formats that a server is asked for: they lose nothing, and others are made from them."""
_ENDLESS: Final = (formats.N_TRIPLES, formats.TURTLE)
"""Those in which a part of an answer may look like a whole one."""

Statement = tuple[str, str]
"""A graph, the empty string for the default one, and a triple as N-Triples have it."""

_PAUSE: Final = 0.2
_PIECE: Final = 1 << 16
_LONGEST_PAUSE: Final = 60.0
"""A server that asks to be left alone for longer than so many seconds is not believed."""
_BEARER: Final = "bearer "

_KEPT: Final = 32
"""How many connections to one server a process keeps; more are opened where they are needed."""
_CONNECTIONS: Final[dict[str | None, PoolManager]] = {}
"""The connections of this process, by the proxy that they go through."""
os.register_at_fork(after_in_child=_CONNECTIONS.clear)

_SPACE: Final = rb"[ \t\r\n]+"
_ENDS: Final = re.compile(rb"(<literal[^>]*>)(%s)|(%s)(?=</literal>)" % (_SPACE, _SPACE))


@dataclass(frozen=True)
class Dataset:
    """The graphs that a query runs on; the server's default ones if none are named."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    scope: GraphScope | None = None
    """Where a named graph stands for the default one: each query is asked inside it."""

    def exact(self) -> "Dataset":
        """Return exactly these graphs: an empty half is replaced by a graph that does not exist."""
        if not (self.default or self.named):
            return self
        return Dataset(self.default or (NOTHING,), self.named or (NOTHING,))


DEFAULT_DATASET: Final = Dataset()


class Credentials:
    """A secret for one server; a password is sent only after a challenge, in its scheme."""

    def __init__(self, secret: str) -> None:
        """Read ``NAME:PASSWORD`` or ``Bearer TOKEN``; raise RallynovError for anything else."""
        self._bearer = secret.strip() if secret[: len(_BEARER)].lower() == _BEARER else ""
        self._user, colon, self._password = secret.strip().partition(":")
        if not (self._bearer or (colon and self._user)):
            raise RallynovError(
                "The credentials of the endpoint are neither NAME:PASSWORD nor Bearer TOKEN."
            )
        self._passwords = HTTPPasswordMgrWithDefaultRealm()
        self._digest = HTTPDigestAuthHandler(self._passwords)
        self._challenge: dict[str, str] | None = None
        self._basic = False
        self._lock = Lock()

    @classmethod
    def in_environment(cls, name: str | None) -> "Credentials | None":
        """Read an environment variable's credentials; None without a name; raise RallynovError."""
        if name is None:
            return None
        secret = os.environ.get(name, "")
        if not secret.strip():
            raise RallynovError(
                f"The environment variable {name} for the endpoint is not set; "
                "set it, or name another."
            )
        return cls(secret)

    def sign(self, request: Request) -> None:
        """Add the Authorization header of the server's known scheme."""
        if self._bearer:
            request.add_unredirected_header("Authorization", self._bearer)
        elif self._challenge is not None:
            with self._lock:
                self._passwords.add_password(None, request.full_url, self._user, self._password)
                answer = self._digest.get_authorization(request, self._challenge)
            request.add_unredirected_header("Authorization", f"Digest {answer}")
        elif self._basic:
            secret = base64.b64encode(f"{self._user}:{self._password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {secret}")

    def accept_challenge(self, challenges: list[str]) -> bool:
        """Record the scheme of a server's challenge; return whether a retry may succeed."""
        if self._bearer:
            return False
        for challenge in challenges:
            scheme, _, rest = challenge.partition(" ")
            if scheme.lower() == "digest":
                digest = parse_keqv_list([part for part in parse_http_list(rest) if "=" in part])
                previous, self._challenge = self._challenge, digest
                return previous is None or digest.get("stale", "").lower() == "true"
        if any(challenge.lower().startswith("basic") for challenge in challenges):
            is_first, self._basic = not self._basic, True
            return is_first
        return False


class Server:
    """A SPARQL 1.1 server by its addresses; its make and its credentials are remembered."""

    def __init__(
        self,
        url: str,
        *,
        update_url: str | None = None,
        credentials: Credentials | None = None,
        attempts: int = 2,
        longest_pause: float | None = None,
    ) -> None:
        """Check the addresses of a server; raise QueryError for an invalid one.

        ``attempts`` counts all requests to a server that is busy or unreachable. The pause between
        them is the server's ``Retry-After``, up to ``longest_pause``, otherwise up to a quarter of
        the time limit.
        """
        for address in (url, update_url or url):
            if not _is_address(address):
                raise QueryError(f"{address!r} is not the address of a server: http(s)://…")
        self.url, self.update_url, self._credentials = url, update_url or url, credentials
        self._attempts, self._longest_pause = attempts, longest_pause
        self._store, self._not_before = "", 0.0
        self._is_virtuoso = False

    def query(
        self,
        query: str,
        dataset: Dataset = DEFAULT_DATASET,
        *,
        seconds: float = TIMEOUT,
        longest: int = LONGEST,
    ) -> Received:
        """Return the complete answer to a query; raise EndpointError with the reason.

        Virtuoso gets requests for tables in XML: JSON takes it 15 times as long.
        """
        tables = TABLES[::-1] if self._is_virtuoso else TABLES
        asks_for = GRAPHS if form_of(query) in ("CONSTRUCT", "DESCRIBE") else tables
        wrapper = _Wrapper(self.url, SELECT, seconds)
        wrapper.setQuery(query)
        wrapper.addCustomHttpHeader("Accept", _accept(asks_for))
        for graph in dataset.default:
            wrapper.addDefaultGraph(graph)
        for graph in dataset.named:
            wrapper.addNamedGraph(graph)
        if self._is_virtuoso:
            wrapper.addParameter("timeout", str(ceil(seconds * 1000)))
        request = wrapper._createRequest()
        content, kind, is_framed = self._sent(request, seconds, self._attempts, longest)
        form = formats.by_media_type(kind, asks_for) if content and kind else asks_for[0]
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
        """Run an update, with a number of attempts; raise EndpointError.

        Only an update that may be repeated may have several attempts.
        """
        wrapper = _Wrapper(self.update_url, INSERT, seconds)
        wrapper.setQuery(update)
        wrapper.setRequestMethod(POSTDIRECTLY)
        self._sent(wrapper._createRequest(), seconds, attempts)

    def takes_quads(self, seconds: float = TIMEOUT) -> bool:
        """Return whether it accepts quads of many graphs at once, by sending none."""
        for address in _stores(self.url):
            self._store = address
            with suppress(EndpointError):
                self.add((), seconds=seconds)
                return True
        self._store = ""
        return False

    def add(self, statements: Iterable[Statement], *, seconds: float = TIMEOUT) -> None:
        """Add statements, as quads or else by an update; raise EndpointError.

        Existing statements are not duplicated, so this may be repeated.
        """
        if self._store:
            quads = (f"{it[:-1]}<{graph}> .\n" if graph else f"{it}\n" for graph, it in statements)
            kind = {"Content-Type": formats.N_QUADS.media_type}
            request = Request(self._store, "".join(quads).encode(), kind, method="POST")
            self._sent(request, seconds, self._attempts)
            return
        blocks = []
        for graph, some in groupby(statements, itemgetter(0)):
            triples = "\n".join(triple for _, triple in some)
            blocks.append(f"GRAPH <{graph}> {{\n{triples}\n}}" if graph else triples)
        insertion = "INSERT DATA {\n" + "\n".join(blocks) + "\n}"
        self.update(insertion, seconds=seconds, attempts=self._attempts)

    def _sent(
        self, request: Request, seconds: float, attempts: int, longest: int = LONGEST
    ) -> tuple[bytes, str, bool]:
        """Return a server's response, its media type, and whether it declares its length."""
        limit = seconds / 4 if self._longest_pause is None else self._longest_pause
        failed: EndpointError | None = None
        for attempt in range(attempts):
            pause = self._not_before - time.monotonic()
            if pause > limit:
                words = f"{failed or f'{self.url} is busy.'} It asks to be left in peace"
                raise EndpointError(f"{words} for {ceil(pause)} s.", Failure.BUSY) from failed
            time.sleep(max(pause, min(attempt * _PAUSE, limit)))
            try:
                return self._attempt(request, seconds, longest)
            except EndpointError as error:
                if error.failure not in (Failure.BUSY, Failure.UNREACHABLE):
                    raise
                failed = error
        assert failed is not None
        raise failed

    def _attempt(self, request: Request, seconds: float, longest: int) -> tuple[bytes, str, bool]:
        url, until = request.full_url, time.monotonic() + seconds
        response: BaseHTTPResponse | None = None
        try:
            response = self._opened(request, seconds)
            self._is_virtuoso = response.headers.get("Server", "").startswith("Virtuoso")
            if response.status >= 300:
                body = b""
                with suppress(HTTPError, OSError, ValueError, EndpointError):
                    body = _read_all(response, until, _PIECE, url)
                headers = response.headers
                failure = refusal(url, response.status, response.reason, body, headers)
                if failure.failure is Failure.BUSY:
                    self._not_before = time.monotonic() + _seconds_until_retry(response)
                raise failure
            is_framed = response.length_remaining is not None or bool(response.chunked)
            content = _read_all(response, until, longest, url)
            refuse_part(url, response.status, response.headers)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return content, kind, is_framed
        except NewConnectionError as error:  # a timeout, by its class
            raise _unreachable(url, error) from error
        except (TimeoutError, PoolTimeoutError) as error:
            late = f"{url} gave no answer in {seconds:g} s."
            raise EndpointError(late, Failure.LATE) from error
        except (HTTPError, OSError, ValueError) as error:
            raise _unreachable(url, error) from error
        finally:
            if response is not None:
                # A connection is reused if its answer was read to the end.
                (response.release_conn if response.closed else response.close)()

    def _opened(self, request: Request, seconds: float) -> BaseHTTPResponse:
        """Return the beginning of a response to a request signed for the server."""
        if self._credentials is None:
            return _response(request, seconds)
        self._credentials.sign(request)
        response = _response(request, seconds)
        challenges = response.headers.getlist("WWW-Authenticate")
        if response.status == 401 and self._credentials.accept_challenge(challenges):
            response.drain_conn()
            self._credentials.sign(request)
            return _response(request, seconds)
        return response


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper, which writes the request, with the query form given instead of guessed.

    Servers other than Fuseki and Blazegraph ignore the headers that limit the time. The parameter
    of other servers has one name and three units, so it is only sent to Virtuoso.
    """

    def __init__(self, url: str, kind: str, seconds: float) -> None:
        self._kind = kind
        super().__init__(url, agent="rallynov")
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self.addCustomHttpHeader("Timeout", str(ceil(seconds)))
        self.addCustomHttpHeader("X-BIGDATA-MAX-QUERY-MILLIS", str(ceil(seconds * 1000)))

    def _parseQueryType(self, query: str) -> str:  # noqa: N802
        return self._kind


def with_kept_spaces(content: bytes) -> bytes:
    """Return an XML table with white space at the ends of its texts as character references.

    Otherwise Oxigraph's parser drops it. A CDATA section has no references; no server was seen to
    write one, and a table with one is unchanged.
    """
    if b"<![CDATA[" in content:
        return content
    return _ENDS.sub(
        lambda found: (found[1] or b"") + b"".join(b"&#%d;" % it for it in found[2] or found[3]),
        content,
    )


def _is_address(text: str) -> bool:
    """Whether a text is a web address in the form that HTTP sends."""
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


def _stores(url: str) -> Iterator[str]:
    """Yield where a server may accept quads: Oxigraph, Virtuoso, Fuseki, RDF4J.

    If a request breaks off, a part may stay: Oxigraph is faster without a transaction.
    """
    for end, beside in (
        ("/query", "/store?no_transaction"),
        ("/sparql-auth", "/sparql-graph-crud-auth"),
        ("/query", "/data"),
        ("/sparql", "/data"),
    ):
        if url.endswith(end):
            yield f"{url.removesuffix(end)}{beside}"
    if "/repositories/" in url:
        yield f"{url}/statements"


def _accept(asks_for: tuple[Format, ...]) -> str:
    return ", ".join(
        f"{form.media_type};q={1 - place / 10:g}" for place, form in enumerate(asks_for)
    )


def _response(request: Request, seconds: float) -> BaseHTTPResponse:
    """Return the beginning of the response to a request, through the environment's proxy."""
    url, content = request.full_url, request.data
    assert isinstance(content, bytes)
    parts = urlsplit(url)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    if proxy not in _CONNECTIONS:
        made = ProxyManager(proxy, maxsize=_KEPT) if proxy else PoolManager(maxsize=_KEPT)
        _CONNECTIONS[proxy] = made
    return _CONNECTIONS[proxy].urlopen(
        request.get_method(),
        url,
        body=content,
        headers=dict(request.header_items()),
        timeout=Timeout(seconds),
        redirect=False,  # a query would lose its body, or credentials would go elsewhere
        retries=False,
        preload_content=False,
    )


def _seconds_until_retry(response: BaseHTTPResponse) -> float:
    """Return the seconds of a server's ``Retry-After``, 0 without it."""
    try:
        return min(Retry().get_retry_after(response) or 0.0, _LONGEST_PAUSE)
    except InvalidHeader:
        return 0.0


def _unreachable(url: str, error: Exception) -> EndpointError:
    """Return the failure for a connection error, with its cause in a few words."""
    found: BaseException = error
    while found.__cause__ is not None or found.__context__ is not None:
        found = found.__cause__ or found.__context__  # type: ignore[assignment]
    cause = getattr(found, "strerror", None) or found
    words = f"{url} cannot be reached: {cause}; is it running, and is this its address?"
    return EndpointError(words, Failure.UNREACHABLE)


def _read_all(response: BaseHTTPResponse, until: float, longest: int, url: str) -> bytes:
    """Return a complete response body; raise TimeoutError, or EndpointError if it is too long."""
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
