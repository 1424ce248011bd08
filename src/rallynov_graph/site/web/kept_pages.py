"""Pages of a release that took long are kept beside it, and sent again as they were.

A page is made under a host that is none: whichever address the site then has takes its place.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, g, make_response, request

from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.query_jobs import Outcome, Reply
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of
from rallynov_graph.release.kept_answers import keeps
from rallynov_graph.site.web.reader import HOST_OF_KEPT, site
from rallynov_graph.site.web.signposting import link_header, links_of_answer
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

KEPT_FROM: Final = 0.02
"""A page that took fewer seconds is made again as soon as it is read."""
_PAGE: Final = "text/html"
_TAKES_ALL: Final = ("", "*/*")
_OWN: Final = frozenset({"Content-Type", "Content-Length"})


def register(app: Flask) -> None:
    """Keep the pages of an application; after its headers were registered."""
    app.before_request(_find)
    app.after_request(_keep)


def prepare(app: Flask, path: str) -> None:
    """Keep a page unless it is kept, however short it took; raise OSError."""
    this_site: Site = app.extensions["site"]
    release = this_site.release
    as_served = {ASK: partial(_answered, this_site.store)}
    with app.test_request_context(path, headers={"Accept": _PAGE}, environ_overrides=as_served):
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
    if not (keeps(release) and this_site.stamp and _is_plain()):
        return None
    g.begun = time.perf_counter()
    if "is_prepared" in g:
        return None
    path_and_query = request.path, request.query_string.decode("latin-1")
    found = release.kept_pages.find(_key(this_site, request.script_root, *path_and_query))
    return None if found is None else _read(found)


def _is_plain() -> bool:
    """Return whether a request is for a page, in the way of browsers."""
    return (
        request.method == "GET"
        and not request.path.startswith(("/static/", "/sparql"))
        and request.accept_mimetypes.best == _PAGE
    )


def _key(this_site: Site, root: str, path: str, query: str) -> str:
    """Return what a page depends on; one that is not served offers less about its answer."""
    is_served = "is_prepared" in g or ASK in request.environ
    return f"{this_site.stamp} {is_served} {root}{path}?{query}"


def _split(path: str) -> tuple[str, str]:
    before, _, query = path.partition("?")
    return before, query


def _read(found: bytes) -> Response:
    head, _, body = found.partition(b"\n")
    own = json.loads(head)
    host = request.host_url.rstrip("/")
    response = make_response(_at(body, host))
    response.headers.update(own["headers"])
    response.content_type = own["type"]
    g.kept_links = own["links"].replace(HOST_OF_KEPT, host)
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
        and response.mimetype == _PAGE
        and "Cache-Control" not in response.headers
        and "passing" not in g
    )


def _address() -> str:
    return f"{request.path}?{request.query_string.decode('latin-1')}"
