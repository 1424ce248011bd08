"""A request over HTTP as it was read, whoever has read it."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from rallynov_graph.http import encodings
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format

_ALL_FORMS: Final = (*formats.RESULTS, *formats.GRAPHS, HTML)
_HOST: Final = re.compile(rb"[A-Za-z0-9.\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
"""A host that IRIs may begin with."""


@dataclass(frozen=True)
class RequestHead:
    """What the headers of a request say of the address that is asked, and of what is accepted."""

    headers: dict[bytes, bytes]
    """By names in small letters; of several values, the last."""
    origin: str
    """The scheme and the host."""
    accept: str
    results: Format | None
    """The format in which a table is accepted most; None where none of ours is."""
    graph: Format | None
    """The same of a graph."""
    takes_page: bool
    """Whether HTML is wanted rather than any other answer, as browsers do."""
    coding: str
    """The coding of answers that the client takes; empty where it takes none of ours."""

    @classmethod
    def of(
        cls, headers: list[tuple[bytes, bytes]], scheme: str, reached: str = ""
    ) -> "RequestHead":
        """Return the head; ``reached`` is the server's own host, where they name none."""
        found = dict(headers)
        host = found.get(b"host", b"")
        named = host.decode() if _HOST.fullmatch(host) else reached
        accept = found.get(b"accept", b"").decode("latin-1")
        return cls(
            found,
            f"{scheme}://{named}",
            accept,
            best(accept, formats.RESULTS),
            best(accept, formats.GRAPHS),
            best(accept, _ALL_FORMS) is HTML,
            encodings.best(found.get(b"accept-encoding", b"")),
        )


class HttpRequest(NamedTuple):
    """A whole request. It is made for each: a named tuple is made in a third of the time."""

    method: str
    path: str
    """Below the path that the site lies under."""
    query_string: bytes
    head: RequestHead
    client: str
    """The address of who asks; empty where it is not known."""
    root: str = ""
    """The path that the site lies under."""
    body: bytes = b""
    keep_alive: bool = True
    """Whether the connection stays for another request."""

    @property
    def site(self) -> str:
        """The whole address of the site, without a slash at the end."""
        return f"{self.head.origin}{self.root}"
