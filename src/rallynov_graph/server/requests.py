"""Read ASGI requests: their content, their client's address, and whether it has disconnected."""

import asyncio
import ipaddress
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import limits

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_ALL_FORMS: Final = (*formats.RESULTS, *formats.GRAPHS, HTML)
_ANY_HOST: Final = re.compile(
    rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]{0,255}|\[[0-9A-Fa-fvV:.]{2,60}\])(?::[0-9]{0,5})?"
)
"""A host as RFC 3986 writes one, or none; a comma, which it allows, would join two fields."""
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9.-]{1,255}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""A host that IRIs may begin with."""
_PREFIX: Final = re.compile(rb"(?:/[A-Za-z0-9._~-]+)+")
_LONGEST_PREFIX: Final = 255
_LONGEST_CLIENT: Final = 64
"""The maximum length of an address; a proxy may pass on something else."""
_SCHEMES: Final = (b"http", b"https")
_ABSOLUTE: Final = ("http://", "https://")
_ONE_HOST: Final = Refused(400, "A request says whom it asks, in one Host header.")
_WATCH_AFTER: Final = 0.05
"""Most answers come sooner: to watch for a client that leaves would take longer than they do."""


class RequestHead(NamedTuple):
    """The headers of a request that concern its address and the accepted formats."""

    headers: dict[bytes, bytes]
    """By names in small letters; of several values, the last."""
    origin: str
    """The scheme and the host."""
    accept: str
    results: Format | None
    """The format in which a table is accepted most; None if none of ours is."""
    graph: Format | None
    """The same of a graph."""
    takes_page: bool
    """Whether HTML is wanted rather than any other answer, as browsers do."""


class HttpRequest(NamedTuple):
    """A complete request."""

    method: str
    path: str
    """Below the path that the site is under."""
    query_string: bytes
    head: RequestHead
    client: str
    """The address of the client; empty if it is not known."""
    root: str = ""
    """The path that the site is under."""
    body: bytes = b""

    @property
    def site(self) -> str:
        """The address of the site, without a final slash."""
        return f"{self.head.origin}{self.root}"

    @property
    def sharer(self) -> str:
        """The clients that share turns with this one: a network of IPv6 (/64) is one client."""
        return network(self.client, 32, 64)


def request_of(scope: Scope) -> HttpRequest:
    """Return a request whose body is still unread; raise Refused if it has no host."""
    headers: Headers = scope["headers"]
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and scope["http_version"] != "1.0"):
        raise _ONE_HOST
    if hosts and not _ANY_HOST.fullmatch(hosts[0]):
        raise _ONE_HOST
    is_plain = hosts and _HOST.fullmatch(hosts[0])
    named = hosts[0].decode() if is_plain else "{}:{}".format(*scope.get("server") or ("", 0))
    found = dict(headers)
    accept = found.get(b"accept", b"").decode("latin-1")
    head = RequestHead(
        found,
        f"{scope['scheme']}://{named}",
        accept,
        best(accept, formats.RESULTS),
        best(accept, formats.GRAPHS),
        best(accept, _ALL_FORMS) is HTML,
    )
    path, root = scope["path"], scope.get("root_path", "")
    if path.startswith(_ABSOLUTE):
        path = urlsplit(path).path
    return HttpRequest(scope["method"], path, scope["query_string"], head, client_of(scope), root)


def client_of(scope: Scope) -> str:
    """Return the address of the client; empty if it is unknown."""
    return scope["client"][0] if scope.get("client") else ""


async def body_of(request: HttpRequest, receive: Receive) -> bytes:
    """Return the complete body of a request; raise Refused if it is too long or does not arrive."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return b""
    try:
        async with asyncio.timeout(limits.BODY_SECONDS.value):
            return await _body(request, receive, int(limits.BODY.value * limits.MEBIBYTE))
    except TimeoutError as error:
        raise Refused(408, "The request did not arrive whole in time.") from error


async def _body(request: HttpRequest, receive: Receive, longest: int) -> bytes:
    too_long = Refused(413, f"The request is longer than {longest} bytes.")
    announced = request.head.headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > longest:
        raise too_long
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        body += message.get("body", b"")
        is_whole = not message.get("more_body")
        if len(body) > longest:
            raise too_long
    return bytes(body)


@asynccontextmanager
async def while_there(receive: Receive) -> AsyncIterator[None]:
    """Run the block while the client is connected; cancel it and raise Left if it disconnects."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    watches: list[asyncio.Task[None]] = []
    has_left = False
    assert task is not None

    async def watch() -> None:
        nonlocal has_left
        while (await receive())["type"] != "http.disconnect":
            pass
        has_left = True
        task.cancel()

    timer = loop.call_later(_WATCH_AFTER, lambda: watches.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if has_left and not task.uncancel():
            raise Left from None
        raise
    finally:
        timer.cancel()
        for it in watches:
            it.cancel()


class Proxies:
    """The addresses of trusted proxies; ``*`` trusts all."""

    def __init__(self, believed: tuple[str, ...]) -> None:
        self._all = "*" in believed
        self._networks = [ipaddress.ip_network(it) for it in believed if it != "*"]

    def __contains__(self, address: str) -> bool:
        if self._all or not self._networks:
            return self._all
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in it for it in self._networks)

    def as_requested(self, scope: Scope) -> Scope:
        """Return a request with its original client and address if the proxy is trusted."""
        if client_of(scope) not in self:
            return scope
        headers: Headers = scope["headers"]
        found, requested = dict(headers), {**scope}
        clients = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        if own := self._client(clients.decode("latin-1")):
            requested["client"] = own, 0
        scheme = found.get(b"x-forwarded-proto", b"").strip()
        if scheme in _SCHEMES:
            requested["scheme"] = scheme.decode()
        host = _first(found.get(b"x-forwarded-host"))
        if _HOST.fullmatch(host):
            others = [it for it in headers if it[0] != b"host"]
            requested["headers"] = [*others, (b"host", host)]
        prefix = _first(found.get(b"x-forwarded-prefix")).rstrip(b"/")
        is_short = len(prefix) <= _LONGEST_PREFIX
        if is_short and _PREFIX.fullmatch(prefix) and b".." not in prefix:
            requested["root_path"] = prefix.decode()
        return requested

    def _client(self, forwarded: str) -> str:
        """Return the last address of a list that is not a trusted proxy; the first if all are."""
        addresses = [it.strip() for it in forwarded.split(",") if it.strip()]
        others = (it for it in reversed(addresses) if it not in self)
        return next(others, addresses[0] if addresses else "")


def _first(value: bytes | None) -> bytes:
    """Return the value from the proxy nearest to the client, if there are several."""
    return (value or b"").partition(b",")[0].strip()


def network(address: str, of_four: int = 24, of_six: int = 48) -> str:
    """Return the network of an address, which distinguishes clients but identifies nobody."""
    address = address[:_LONGEST_CLIENT]
    try:
        length = of_four if ipaddress.ip_address(address).version == 4 else of_six
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return ""
