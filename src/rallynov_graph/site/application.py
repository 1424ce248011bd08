"""The site as an application: pages and data of one graph, over HTTP, read only.

It is prepared before the processes of a server are forked, and answers requests that the program
makes itself.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import IO, Final
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, Response, g

from rallynov_graph import site
from rallynov_graph.base.namespaces import BASE
from rallynov_graph.exports.citations import Citation
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.release import moments
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import NO_TEXTS, LoadedTexts
from rallynov_graph.release.release import Release
from rallynov_graph.release.release_set import EarlierRelease, Version
from rallynov_graph.site.web import citation, error_pages, feature, headers, params, signposting
from rallynov_graph.site.web.site import Site, WebApp
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.store import Store

Application = Flask
"""The application, independent of its framework."""


@dataclass(frozen=True)
class Answered:
    """A complete response of the application."""

    status: int
    content_type: str
    location: str
    """The target of a redirection; empty if there is none."""
    robots: str
    """The directives for search engines; empty if there are none."""
    body: Iterable[bytes]
    """The parts of the content; those of a large file are read when they are asked for."""
    citation: Citation | None = None
    """The citation of the page; None if it has none."""

    @cached_property
    def content(self) -> bytes:
        """The whole content, read once."""
        return b"".join(self.body)

    @property
    def is_page(self) -> bool:
        """Whether it is a page, and not a file."""
        return self.content_type.startswith("text/html")


def answered(app: Flask, host: str, root: str, path: str, query: str, accept: str) -> Answered:
    """Return the answer to a GET request at ``https://<host><root><path>?<query>``."""
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": root,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_ACCEPT": accept,
        "wsgi.url_scheme": "https",
        "wsgi.errors": sys.stderr,
        "wsgi.input": BytesIO(),
    }
    with app.request_context(environ):
        response = _without_headers(app)
        is_file = response.direct_passthrough
        return Answered(
            response.status_code,
            response.content_type or "",
            response.headers.get("Location", ""),
            response.headers.get("X-Robots-Tag", ""),
            response.iter_encoded() if is_file else (response.get_data(),),
            g.get("citation"),
        )


def _without_headers(app: Flask) -> Response:
    """Return the response to the current request without the common headers.

    Files of an edition are requested once, so they need no entity tag and are not cached.
    """
    try:
        found = app.preprocess_request()
        if found is None:
            found = app.dispatch_request()
    except Exception as error:
        found = app.handle_user_exception(error)
    return app.make_response(found)


FEATURES: Final = feature.features_in(site)


class _Request(Request):
    """A request of which nothing is written to a file: the server bounds its body."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


class _Site(WebApp):
    request_class = _Request


def create_app(
    store: Store,
    release: Release | None = None,
    *,
    base: str = BASE,
    catalogue: Catalogue | None = None,
    of_server: bool = False,
    texts: LoadedTexts = NO_TEXTS,
    earlier: Sequence[EarlierRelease] = (),
    publication: Publication = UNPUBLISHED,
    versions: Sequence[Version] = (),
    profile: Profile | None = None,
) -> Flask:
    """Return the WSGI application of the site.

    Without a release the graph is somebody else's: pages then work from its classes, names and
    links alone, unless the store is another server that holds ours. The default graph of the
    store holds each triple once (``EmbeddedStore.pages``). Nothing writes the
    ``texts`` of documents anywhere. Earlier releases are there to be compared with.
    Things are named under ``base``; what its operator promises of the site is its publication.
    ``versions`` are the releases that are served together, this one among them. Without a profile
    of its evidence, that of somebody else's graph is recognised by itself, where one fits.
    """
    app = _Site()
    app.extensions["site"] = Site.of(
        store, release, base, catalogue, of_server, texts, earlier, publication, versions, profile
    )
    app.before_request(params.read_language_and_certainty)
    app.before_request(error_pages.redirect_former_question)
    headers.guard(app)
    error_pages.register(app)
    for shared in (citation, signposting):
        app.register_blueprint(shared.blueprint)
    feature.register(app, FEATURES)
    return app


_CHEAP: Final = "/about"
"""A page that asks little."""


def prepare(app: Flask) -> None:
    """Load what forked processes share, and make the indexes before.

    If they cannot be kept beside a release, the log says so; everything still works, more slowly.
    """
    site = _site(app)
    if site.finder.index_file is not None:
        site.finder.index_file.index()
    if site.claims is not None:
        site.claims.prepare()
    if isinstance(site.store, EmbeddedStore):
        moments.make_ahead(site.store, site.source_documents)
    _ = site.text_index, site.documents, site.last_modified
    # Python's imports for the first request take longer than sending a cached page.
    answered(app, "localhost", "", _CHEAP, "", "text/html")


def leave(app: object) -> None:
    """Remove the temporary files of this run, for an application of this program."""
    searchable = _site(app).finder.index_file if isinstance(app, Flask) else None
    if searchable is not None:
        searchable.remove_temporary()


def _site(app: Flask) -> Site:
    site: Site = app.extensions["site"]
    return site
