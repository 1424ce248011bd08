"""The site: pages and data of one graph, over HTTP, read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.base.resources import web_dir
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.release.publication import UNPUBLISHED, Publication
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.about import routes
from rallynov_graph.site.api import routes as api
from rallynov_graph.site.carnet import routes as carnet
from rallynov_graph.site.changes import release_list
from rallynov_graph.site.changes import routes as changes
from rallynov_graph.site.comparison import routes as compare
from rallynov_graph.site.connections import routes as between
from rallynov_graph.site.discovery import routes as discovery
from rallynov_graph.site.doubts import routes as doubts
from rallynov_graph.site.downloads import routes as downloads
from rallynov_graph.site.evidence import routes as why
from rallynov_graph.site.explore.lists import routes as lists
from rallynov_graph.site.explore.matrix import routes as links
from rallynov_graph.site.explore.network import routes as network
from rallynov_graph.site.explore.timeline import calendar
from rallynov_graph.site.explore.timeline import routes as when_and_where
from rallynov_graph.site.home import routes as pages
from rallynov_graph.site.ontology import routes as vocabulary
from rallynov_graph.site.ontology import term_routes
from rallynov_graph.site.query import answer_citation
from rallynov_graph.site.query.builder import routes as builder
from rallynov_graph.site.query.questions import routes as questions
from rallynov_graph.site.query.workbench import completion_routes, origin_routes
from rallynov_graph.site.query.workbench import routes as sparql
from rallynov_graph.site.reconciliation import routes as reconcile
from rallynov_graph.site.search import routes as search
from rallynov_graph.site.thing import data_routes
from rallynov_graph.site.thing import routes as things
from rallynov_graph.site.web import citation, error_pages, headers, reader, signposting
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from rallynov_graph.release.earlier import Earlier
    from rallynov_graph.release.release import Release

_CONCERNS = (
    *(pages, doubts, lists, things, data_routes, questions, sparql, vocabulary, routes, why, links),
    *(carnet, when_and_where, calendar, search),
    *(term_routes, changes, release_list, citation, answer_citation),
    *(
        between,
        compare,
        network,
        builder,
        completion_routes,
        origin_routes,
        downloads,
        signposting,
        discovery,
    ),
    *(api, reconcile),
)


def create_app(
    store: Store,
    release: Release | None = None,
    *,
    base: str = BASE,
    catalogue: Catalogue | None = None,
    of_server: bool = False,
    texts: Mapping[str, str] | None = None,
    earlier: Sequence[Earlier] = (),
    publication: Publication = UNPUBLISHED,
    versions: Sequence[Version] = (),
) -> Flask:
    """Return the WSGI application of the site.

    Without a release the graph is somebody else's: pages then work from its classes, names and
    links alone, unless the store is another's server that holds ours. The default graph of the
    store holds each triple once (``EmbeddedStore.pages``). ``texts`` are those of documents, by
    their IRIs; nothing writes them anywhere. Earlier releases are there to be compared with.
    Things are named under ``base``; what its operator promises of the site is its publication.
    ``versions`` are the releases that are served together, this one among them.
    """
    web = web_dir()
    app = Flask(
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
    app.before_request(reader.prepare)
    headers.guard(app)
    error_pages.register(app)
    for concern in _CONCERNS:
        app.register_blueprint(concern.blueprint)
    return app


__all__ = ["Site", "create_app"]
