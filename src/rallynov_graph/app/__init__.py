"""The site: pages and data of one graph, over HTTP, read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined

from rallynov_graph.app import (
    about,
    api,
    between,
    builder,
    calendar,
    carnet,
    changes,
    citing,
    citing_answers,
    compare,
    completing,
    data,
    discovery,
    downloads,
    errors,
    headers,
    links,
    lists,
    network,
    origin,
    pages,
    questions,
    reading,
    reconcile,
    releases,
    search,
    signposting,
    sparql,
    terms,
    things,
    vocabulary,
    when_and_where,
    why,
)
from rallynov_graph.app.site import Site
from rallynov_graph.namespaces import BASE
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.releases.publishing import UNPUBLISHED, Publication
from rallynov_graph.releases.several import Version
from rallynov_graph.resources import web_dir
from rallynov_graph.store import Store

if TYPE_CHECKING:
    from rallynov_graph.releases.earlier import Earlier
    from rallynov_graph.releases.release import Release

_CONCERNS = (
    *(pages, lists, things, data, questions, sparql, vocabulary, about, why, links),
    *(carnet, when_and_where, calendar, search),
    *(terms, changes, releases, citing, citing_answers),
    *(between, compare, network, builder, completing, origin, downloads, signposting, discovery),
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
        template_folder=str(web / "templates"),
        static_folder=str(web / "static"),
        static_url_path="/static",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["site"] = Site.of(
        store, release, base, catalogue, of_server, texts, earlier, publication, versions
    )
    app.before_request(reading.prepare)
    headers.guard(app)
    errors.register(app)
    for concern in _CONCERNS:
        app.register_blueprint(concern.blueprint)
    return app


__all__ = ["Site", "create_app"]
