"""The site: pages and data of one graph, over HTTP, read only."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from flask import Flask, Request
from jinja2 import StrictUndefined

from rallynov_graph import site
from rallynov_graph.base.namespaces import BASE
from rallynov_graph.base.resources import web_dir
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.release.attribution import UNPUBLISHED, Publication
from rallynov_graph.release.documents import NO_TEXTS, LoadedTexts
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.web import (
    citation,
    error_pages,
    feature,
    gone_addresses,
    headers,
    reader,
    signposting,
)
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.release_set import EarlierRelease

FEATURES: Final = feature.features_in(site)
"""The features of the site."""


class _Request(Request):
    """A request of which nothing is written to a file: the server bounds its body."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return BytesIO()


class _Site(Flask):
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
) -> Flask:
    """Return the WSGI application of the site.

    Without a release the graph is somebody else's: pages then work from its classes, names and
    links alone, unless the store is another's server that holds ours. The default graph of the
    store holds each triple once (``EmbeddedStore.pages``). Nothing writes the
    ``texts`` of documents anywhere. Earlier releases are there to be compared with.
    Things are named under ``base``; what its operator promises of the site is its publication.
    ``versions`` are the releases that are served together, this one among them.
    """
    web = web_dir()
    app = _Site(
        "rallynov_graph",
        template_folder=str(web),
        static_folder=str(web / "static"),
        static_url_path="/static",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["site"] = Site.of(
        store, release, base, catalogue, of_server, texts, earlier, publication, versions
    )
    app.before_request(reader.read_language_and_certainty)
    app.before_request(gone_addresses.lead_on)
    headers.guard(app)
    error_pages.register(app)
    for shared in (citation, signposting):
        app.register_blueprint(shared.blueprint)
    feature.register(app, FEATURES)
    return app


__all__ = ["Site", "create_app"]
