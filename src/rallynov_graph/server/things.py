"""``/data/…``, ``/page/…``: the things of which little is said are shown without a thread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rallynov_graph.http import responses
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response
from rallynov_graph.server.endpoint import Send
from rallynov_graph.server.worker_pool import Client

if TYPE_CHECKING:
    from rallynov_graph.site.fast_path import Documents, Pages

PATHS: Final = ("/data/", "/page/")
_HOST: Final = re.compile(rb"(?!.*xn--)[a-z0-9.-]+(?::(?!(?:80|443)$)\d+)?")
"""A host that is written into addresses as it stands."""
_NOT_PLAIN: Final = frozenset(
    {
        *(b"if-none-match", b"if-match", b"if-modified-since", b"if-unmodified-since"),
        *(b"if-range", b"range"),
    }
)
"""A request with one of these may be answered otherwise than with the whole."""


def of(pages: object) -> dict[str, Things]:
    """Return who shows the things of a site, by how their addresses begin."""
    if pages is None:
        return {}
    from rallynov_graph.site.fast_path import Documents, Pages

    shown = (Documents.of(pages), Pages.of(pages))
    return {path: Things(it) for path, it in zip(PATHS, shown, strict=True) if it is not None}


class Things:
    """Shows things in front of the pages."""

    methods, longest_body = "", 0

    def __init__(self, shown: Documents | Pages) -> None:
        self._shown = shown

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Have a document or a page sent; False where that takes a thread."""
        shown = self._response(request)
        if shown is not None:
            send(shown)
        return shown is not None

    def _response(self, request: HttpRequest) -> Response | None:
        from rallynov_graph.site.fast_path import Asked

        given = request.head.headers
        is_plain = request.method in ("GET", "HEAD") and not _NOT_PLAIN & given.keys()
        if not is_plain or not _HOST.fullmatch(given.get(b"host", b"")):
            return None
        told = self._shown.told(
            Asked(
                request.path,
                request.query_string.decode("latin-1"),
                request.head.accept,
                request.head.origin,
                request.root,
            )
        )
        if told is None:
            return None
        own, body = told
        return Response(200, responses.written([*own, *responses.ANY_SITE]), body)
