"""``/data/…``, ``/page/…``: what is plain is told at once, without a thread, the rest in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rallynov_graph.http import responses
from rallynov_graph.http.responses import Application, Receive, Scope, Send

if TYPE_CHECKING:
    from rallynov_graph.site.fast_path import Documents, Pages

PATHS: Final = ("/data/", "/page/")
_HOST: Final = re.compile(r"(?!.*xn--)[a-z0-9.-]+(?::(?!(?:80|443)$)\d+)?")
"""A host that is written into addresses as it stands."""
_NOT_PLAIN: Final = frozenset(
    {
        *(b"if-none-match", b"if-match", b"if-modified-since", b"if-unmodified-since"),
        *(b"if-range", b"range"),
    }
)
"""A request with one of these may be answered otherwise than with the whole."""


class Quickly:
    """What is told of things in front of the pages."""

    def __init__(self, quick: Documents | Pages, pages: Application) -> None:
        self._quick, self._pages = quick, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request to an address under one of ``PATHS``."""
        from rallynov_graph.site.fast_path import Asked

        given = dict(scope["headers"])
        told = None
        if scope["method"] in ("GET", "HEAD"):
            named = given.get(b"host", b"").decode("latin-1")
            if _HOST.fullmatch(named) and not _NOT_PLAIN & given.keys():
                accept = given.get(b"accept", b"").decode("latin-1")
                at = f"{scope['scheme']}://{named}"
                query = scope["query_string"].decode("latin-1")
                asked = Asked(scope["path"], query, accept, at, scope.get("root_path", ""))
                told = self._quick.told(asked)
        if told is None:
            await self._pages(scope, receive, send)
            return
        own, body = told
        shown = b"" if scope["method"] == "HEAD" else body
        await responses.send_whole(scope, send, 200, [*own, *responses.ANY_SITE], shown)
