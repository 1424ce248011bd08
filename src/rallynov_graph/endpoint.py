"""``/sparql`` as a plain ASGI application: the protocol on one side, the sandbox on the other."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from rallynov_graph import formats, protocol
from rallynov_graph.asking import Gone, Sandbox
from rallynov_graph.embedded import Asked
from rallynov_graph.formats import Format
from rallynov_graph.negotiation import HTML, best
from rallynov_graph.protocol import Refused, Request
from rallynov_graph.visits import MEBIBYTE, Outcome, Reply, Visit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PATH: Final = "/sparql"
METHODS: Final = "GET, HEAD, POST, OPTIONS"
BUSY: Final = "All query processes are busy; ask again in a moment."
RETRY_AFTER: Final = 5
"""After so many seconds one may ask again when all query processes were busy."""

_ALWAYS: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"content-type, retry-after"),
    (b"vary", b"Accept"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]
_PREFLIGHT: Final[Headers] = [
    (b"allow", METHODS.encode()),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, Authorization, X-Requested-With"),
    (b"access-control-max-age", b"86400"),
]
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_PROBLEM: Final = formats.Format("problem", "Problem", "application/problem+json")


class Endpoint:
    """Answers queries; what asks for a page instead is handed to ``pages``."""

    def __init__(self, sandbox: Sandbox, pages: Application | None = None) -> None:
        self._sandbox, self._pages = sandbox, pages

    @property
    def longest(self) -> int:
        """How many bytes a query may have."""
        return self._sandbox.limits.query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        if self._pages is not None and _wants_a_page(scope, accept):
            await self._pages(scope, receive, send)
            return
        try:
            request = await self._request(scope, headers, accept, receive, send)
            if request is None:
                return
            await self._answer(scope, request, accept, receive, send)
        except Refused as refused:
            await _refuse(scope, refused, accept, send)

    async def _request(
        self, scope: Scope, headers: dict[bytes, bytes], accept: str, receive: Receive, send: Send
    ) -> Request | None:
        """Return the query that is asked, None when the request was served otherwise."""
        method, query_string = scope["method"], scope["query_string"]
        longest = self._sandbox.limits.query
        if method == "OPTIONS":
            await _send(scope, send, 204, _PREFLIGHT, b"")
            return None
        if method == "POST":
            body = await _body(headers, receive, 3 * longest + MEBIBYTE)
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            request = protocol.of_body(content_type, query_string.decode("latin-1"), body)
        elif method in {"GET", "HEAD"}:
            if len(query_string) > 3 * longest:
                raise Refused(414, f"The address is too long: send the query by POST ({FORMS}).")
            found = protocol.of_address(query_string.decode("latin-1"))
            if found is None:
                raise Refused(400, f"There is no query: give one as ?query=, or POST it ({FORMS}).")
            request = found
        else:
            raise Refused(405, f"{method} is not possible here, but {METHODS}.")
        if len(request.query) > longest:
            raise Refused(413, f"The query is longer than {longest} bytes.")
        return request

    async def _answer(
        self, scope: Scope, request: Request, accept: str, receive: Receive, send: Send
    ) -> None:
        """Send the answer to a query; raise Refused where there is none."""
        asked = Asked(request.query, _base(scope), request.default_graphs, request.named_graphs)
        forms = best(accept, formats.RESULTS), best(accept, formats.GRAPHS)
        reply = await self.reply(asked, *forms, gone=lambda: _gone(receive))
        if reply is not None and reply.form is not None:
            content_type = (b"content-type", reply.form.content_type.encode())
            await _send(scope, send, 200, [content_type], reply.content)

    async def reply(
        self, asked: Asked, results: Format | None, graph: Format | None, gone: Gone
    ) -> Reply | None:
        """Return the answer to a query in one of two formats, None when its asker left.

        Raises Refused where there is none.
        """
        if results is None and graph is None:
            raise _unacceptable()
        try:
            reply = await self._sandbox.ask(Visit(asked, results, graph), gone)
        except UnicodeEncodeError as error:
            raise Refused(400, "The request is not UTF-8.") from error
        if reply is not None and (reply.outcome is not Outcome.ANSWERED or reply.form is None):
            raise self._refusal(reply, asked.query)
        return reply

    def _refusal(self, reply: Reply, query: str) -> Refused:
        """Return what a reply without an answer means to the asker."""
        limits = self._sandbox.limits
        match reply.outcome:
            case Outcome.INVALID:
                protocol.refuse_update(query)
                words = reply.content.decode()
                return Refused(400, words, line=reply.line, column=reply.column)
            case Outcome.UNACCEPTABLE:
                return _unacceptable()
            case Outcome.TOO_LARGE:
                size = limits.answer // MEBIBYTE
                return Refused(
                    422, f"The answer is longer than {size} MiB: ask for less, by LIMIT."
                )
            case Outcome.TOO_LONG:
                return Refused(504, f"The query took longer than {limits.seconds:g} s.")
            case Outcome.TOO_MUCH_MEMORY:
                return Refused(422, "The query needs more memory than one query may have here.")
            case Outcome.TOO_NESTED:
                return Refused(400, "The query is nested too deeply.")
            case Outcome.BUSY:
                return Refused(503, BUSY)
        return Refused(500, "The query process ended without an answer.")


def _wants_a_page(scope: Scope, accept: str) -> bool:
    """Return whether a browser asks, which takes HTML rather than any answer of ours."""
    if scope["method"] not in {"GET", "HEAD"}:
        return False
    return best(accept, (*formats.RESULTS, *formats.GRAPHS, HTML)) is HTML


FORMS: Final = f"{protocol.FORM} or {protocol.QUERY}"


def _unacceptable() -> Refused:
    tables = ", ".join(form.media_type for form in formats.RESULTS)
    graphs = ", ".join(form.media_type for form in formats.GRAPHS)
    return Refused(
        406, f"SELECT and ASK are answered as {tables}; CONSTRUCT and DESCRIBE as {graphs}."
    )


def _base(scope: Scope) -> str:
    """Return the address of this endpoint, against which relative IRIs of a query resolve."""
    host = next((v for k, v in scope["headers"] if k == b"host"), b"").decode("latin-1")
    if not _HOST.fullmatch(host):
        host = "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}{PATH}"


async def _body(headers: dict[bytes, bytes], receive: Receive, longest: int) -> bytes:
    """Return the whole body; raise Refused as soon as it is too long."""
    too_long = Refused(413, f"The request is longer than {longest} bytes.")
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > longest:
        raise too_long
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request broke off.")
        body += message.get("body", b"")
        if len(body) > longest:
            raise too_long
    return bytes(body)


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(scope: Scope, refused: Refused, accept: str, send: Send) -> None:
    """Send an error, as JSON to those who take JSON, else as text."""
    extra: Headers = []
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        extra.append((b"allow", METHODS.encode()))
    if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra.append((b"retry-after", str(RETRY_AFTER).encode()))
    if "json" in accept.lower():
        said = {
            "type": "about:blank",
            "title": HTTPStatus(refused.status).phrase,
            "status": refused.status,
            "detail": refused.detail,
            "line": refused.line,
            "column": refused.column,
        }
        body = json.dumps({k: v for k, v in said.items() if v is not None}, ensure_ascii=False)
        media_type = _PROBLEM.content_type
    else:
        body, media_type = f"{refused.detail}\n", "text/plain; charset=utf-8"
    extra.append((b"content-type", media_type.encode()))
    await _send(scope, send, refused.status, extra, body.encode("utf-8", "replace"))


async def _send(scope: Scope, send: Send, status: int, extra: Headers, body: bytes) -> None:
    length = (
        [(b"content-length", str(len(body)).encode())] if status != HTTPStatus.NO_CONTENT else []
    )
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*_ALWAYS, *extra, *length],
        }
    )
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown})
