"""Pages of a release that took long are kept beside it, and sent again as they were.

So are the answers of the API. All are made under a host that is none: whichever address the site
then has takes its place.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, g, make_response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.query_jobs import Outcome, Reply
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response as ImmediateResponse
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.release.kept_answers import KeptAnswers, keeps
from rallynov_graph.site.web.feature import ImmediateAnswer
from rallynov_graph.site.web.headers import whole_of_kept
from rallynov_graph.site.web.plain_requests import is_plain, tag_or_unchanged
from rallynov_graph.site.web.reader import HOST_OF_KEPT, site
from rallynov_graph.site.web.signposting import link_header, links_of_answer
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

KEPT_FROM: Final = 0.02
"""A page that took fewer seconds is made again as soon as it is read."""
LONGEST_AT_ONCE: Final = 256 << 10
"""A page that takes more bytes on disk is sent by a thread: others would wait for it."""
_PAGE: Final = "text/html"
_DATA: Final = "application/json"
_ANSWERS: Final = "/api/questions/"
"""How the paths of the API's answers begin, which are kept as JSON."""
_ELSEWHERE: Final = ("/static/", "/sparql")
_OWN: Final = frozenset({"Content-Type", "Content-Length"})


def register(app: Flask) -> None:
    """Keep the pages of an application; after its headers were registered."""
    app.before_request(_find)
    app.after_request(_keep)


class KeptPageAnswers:
    """Sends pages that are kept without Flask and without a thread."""

    def __init__(self, site: Site, pages: KeptAnswers) -> None:
        self._site, self._pages = site, pages

    def __call__(self, request: HttpRequest) -> ImmediateResponse | None:
        """Return the answer to a request; None where no page is kept for it, or a long one."""
        form = _form_of(request.path, request.head.accept)
        if not (form and is_plain(request)):
            return None
        query = request.query_string.decode("latin-1")
        key = _key_of(self._site, True, form, request.root, request.path, query)
        found = self._pages.find(key, LONGEST_AT_ONCE)
        if found is None:
            return None
        tag = tag_or_unchanged(self._site, request)
        if not isinstance(tag, str):
            return tag
        kept = _KeptPage.read(found, request.head.origin)
        return whole_of_kept(
            self._site, kept.headers, kept.content_type, kept.body, kept.links, tag
        )


def answers(app: object) -> dict[str, ImmediateAnswer]:
    """Return what sends the pages that are kept, where this is an application that keeps some."""
    this_site: Site | None = app.extensions["site"] if isinstance(app, Flask) else None
    if this_site is None or not this_site.stamp or not keeps(this_site.release):
        return {}
    return {"/": KeptPageAnswers(this_site, this_site.release.kept_pages)}


def prepare(app: Flask, path: str) -> None:
    """Keep a page, or an answer of the API, unless it is kept; raise OSError."""
    this_site: Site = app.extensions["site"]
    release = this_site.release
    as_served = {ASK: partial(_answered, this_site.store)}
    accept = _DATA if path.startswith(_ANSWERS) else _PAGE
    with app.test_request_context(path, headers={"Accept": accept}, environ_overrides=as_served):
        g.is_prepared = True
        if keeps(release) and not release.kept_pages.is_prepared(
            _key(this_site, "", *_split(path))
        ):
            current_app.full_dispatch_request()


def _answered(store: Store, query: str, results: Format | None, graph: Format | None) -> Reply:
    """Return an answer as a server has it, without its limits."""
    form = graph if form_of(query) in ("CONSTRUCT", "DESCRIBE") else results
    assert form is not None
    return Reply(Outcome.ANSWERED, store.serialize(query, form.media_type), form)


def _find() -> Response | None:
    """Return the page that is kept for this request; note where one may be."""
    this_site = site()
    release = this_site.release
    if not (keeps(release) and this_site.stamp and _form()):
        return None
    g.begun = time.perf_counter()
    if "is_prepared" in g:
        return None
    path_and_query = request.path, request.query_string.decode("latin-1")
    found = release.kept_pages.find(_key(this_site, request.script_root, *path_and_query))
    return None if found is None else _read(found)


def _form() -> str:
    """Return the media type in which the answer to this request may be kept; empty for none."""
    reads = request.method == "GET"
    return _form_of(request.path, request.headers.get("Accept", "")) if reads else ""


def _form_of(path: str, accept: str) -> str:
    wanted = parse_accept_header(accept, MIMEAccept).best
    if path.startswith(_ANSWERS) and "." not in path:
        return _DATA if wanted in (_DATA, "*/*") else ""
    return _PAGE if wanted == _PAGE and not path.startswith(_ELSEWHERE) else ""


def _key(this_site: Site, root: str, path: str, query: str) -> str:
    """Return the key of a page for the request that is answered."""
    is_served = "is_prepared" in g or ASK in request.environ
    return _key_of(this_site, is_served, _form(), root, path, query)


def _key_of(this_site: Site, is_served: bool, form: str, root: str, path: str, query: str) -> str:
    """Return what a page depends on; one that is not served offers less about its answer."""
    return f"{this_site.stamp} {is_served} {form} {root}{path}?{query}"


def _split(path: str) -> tuple[str, str]:
    before, _, query = path.partition("?")
    return before, query


@dataclass(frozen=True)
class _KeptPage:
    """A page that was kept, as it is at a host."""

    content_type: str
    headers: Mapping[str, str]
    links: str
    body: bytes

    @classmethod
    def read(cls, found: bytes, host: str) -> _KeptPage:
        """Return the page that was written so."""
        head, _, body = found.partition(b"\n")
        own = json.loads(head)
        links = own["links"].replace(HOST_OF_KEPT, host)
        return cls(own["type"], own["headers"], links, _at(body, host))


def _read(found: bytes) -> Response:
    kept = _KeptPage.read(found, request.host_url.rstrip("/"))
    response = make_response(kept.body)
    response.headers.update(kept.headers)
    response.content_type = kept.content_type
    g.kept_links = kept.links
    return response


def _at(body: bytes, host: str) -> bytes:
    """Return a page as it is at a host; in the query of another address the host is quoted."""
    for kept, real in ((HOST_OF_KEPT, host), (_quoted(HOST_OF_KEPT), _quoted(host))):
        body = body.replace(kept.encode(), real.encode())
    return body


def _quoted(host: str) -> str:
    return quote(host, safe="")


def _keep(response: Response) -> Response:
    """Keep a page that took long, and send it as it is at the host of the request."""
    release = site().release
    if "begun" not in g or "kept_links" in g or release is None:
        return response
    host, body = request.host_url.rstrip("/"), response.get_data()
    links = link_header(links_of_answer())
    if _may_be_kept(response):
        own = {name: value for name, value in response.headers.items() if name not in _OWN}
        head = json.dumps({"type": response.content_type, "links": links, "headers": own})
        key = _key(site(), request.script_root, *_split(_address()))
        content = head.encode() + b"\n" + body
        if "is_prepared" in g:
            release.kept_pages.prepare(key, content)
        elif time.perf_counter() - g.begun >= KEPT_FROM:
            release.kept_pages.keep(key, content)
    response.set_data(_at(body, host))
    g.kept_links = links.replace(HOST_OF_KEPT, host)
    return response


def _may_be_kept(response: Response) -> bool:
    return (
        response.status_code == 200
        and response.mimetype == _form()
        and "Cache-Control" not in response.headers
        and "passing" not in g
    )


def _address() -> str:
    return f"{request.path}?{request.query_string.decode('latin-1')}"
