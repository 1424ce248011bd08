"""Requests and answers of ours as uvicorn passes them on: by the messages of ASGI."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from rallynov_graph.http.forwarding import Headers, Proxies, forwarded
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.request import HttpRequest, RequestHead
from rallynov_graph.http.responses import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def as_requested(scope: Scope, proxies: Proxies) -> Scope:
    """Return a request as the client of a proxy made it, where one is believed."""
    headers: Headers = scope["headers"]
    origin = forwarded(headers, _client(scope), proxies)
    requested = {**scope, "headers": origin.replaced(headers)}
    if origin.client:
        requested["client"] = (origin.client, 0)
    if origin.scheme:
        requested["scheme"] = origin.scheme
    if origin.root:
        requested["root_path"] = origin.root
    return requested


def request_of(scope: Scope) -> HttpRequest:
    """Return a request, of which the body was not read yet."""
    reached = "{}:{}".format(*scope["server"]) if scope.get("server") else ""
    return HttpRequest(
        scope["method"],
        scope["path"],
        scope["query_string"],
        RequestHead.of(scope["headers"], scope["scheme"], reached),
        _client(scope),
        scope.get("root_path", ""),
    )


async def body_of(request: HttpRequest, receive: Receive, longest: int) -> bytes:
    """Return the whole body of a request; raise Refused as soon as it is too long."""
    too_long = Refused(413, f"The request is longer than {longest} bytes.")
    announced = request.head.headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > longest:
        raise too_long
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The request broke off.")
        body += message.get("body", b"")
        is_whole = not message.get("more_body")
        if len(body) > longest:
            raise too_long
    return bytes(body)


class AsgiClient:
    """Who waits for an answer at the other end of uvicorn."""

    is_lost = False

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def departure(self) -> None:
        """Wait until the client has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def send_by(send: Send, response: Response) -> None:
    """Send an answer in pieces that show whether the client takes them."""
    start = {"type": "http.response.start", "status": response.status}
    await send({**start, "headers": response.headers})
    *pieces, last = response.pieces()
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": last})


def _client(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""
