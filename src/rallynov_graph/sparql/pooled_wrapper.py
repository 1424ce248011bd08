"""SPARQLWrapper makes the requests; they are sent over connections that stay."""

from http import HTTPStatus
from http.client import HTTPResponse
from typing import cast
from urllib.request import Request

from SPARQLWrapper import POST, SPARQLWrapper
from urllib3 import BaseHTTPResponse, Timeout

from rallynov_graph.sparql.connection_pool import connections
from rallynov_graph.sparql.credentials import Credentials


class PooledWrapper(SPARQLWrapper):
    """SPARQLWrapper that opens no connection of its own, and is told the kind of a request."""

    def __init__(
        self, url: str, kind: str, seconds: float, credentials: Credentials | None
    ) -> None:
        self._kind, self._seconds, self._credentials = kind, seconds, credentials
        super().__init__(url, agent="rallynov")
        self.setMethod(POST)
        self.setOnlyConneg(True)

    def answer(self) -> BaseHTTPResponse:
        """Return the beginning of the server's answer, whatever its status is."""
        return cast(BaseHTTPResponse, self.query().response)

    def _parseQueryType(self, query: str) -> str:  # noqa: N802
        return self._kind

    def _query(self) -> tuple[HTTPResponse, str]:
        response = opened(self._createRequest(), self._credentials, self._seconds)
        return cast(HTTPResponse, response), self.returnFormat


def opened(request: Request, credentials: Credentials | None, seconds: float) -> BaseHTTPResponse:
    """Return the beginning of the answer to a request, signed as the server asks for."""
    response = _sent(request, credentials, seconds)
    challenges = response.headers.getlist("WWW-Authenticate")
    is_challenge = response.status == HTTPStatus.UNAUTHORIZED and credentials is not None
    if is_challenge and credentials and credentials.accept_challenge(challenges):
        response.drain_conn()
        return _sent(request, credentials, seconds)
    return response


def _sent(request: Request, credentials: Credentials | None, seconds: float) -> BaseHTTPResponse:
    if credentials is not None:
        credentials.sign(request)
    content = request.data
    assert isinstance(content, bytes)
    return connections(request.full_url).urlopen(
        "POST",
        request.full_url,
        body=content,
        headers=dict(request.header_items()),
        timeout=Timeout(seconds),
        redirect=False,  # a query would lose its body, or credentials would go elsewhere
        retries=False,
        preload_content=False,
    )
