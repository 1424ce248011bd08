"""The application of the desk; it has none of the addresses that visitors of a site have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Flask
from jinja2 import StrictUndefined

from rallynov_graph.base.resources import web_dir
from rallynov_graph.desk.session.reading_session import ReadingSession
from rallynov_graph.desk_site import access, routes
from rallynov_graph.desk_site.open_documents import EXTENSION, OpenDocuments

LARGEST: Final = 1 << 20
"""How many bytes an act may have."""


def create_desk(
    sessions: Iterable[ReadingSession], secrets: access.DeskAccess, language: str
) -> Flask:
    """Return the WSGI application of the desk for the documents that are open."""
    web = web_dir()
    app = Flask(
        "rallynov_graph",
        template_folder=str(web),
        static_folder=str(web / "static"),
        static_url_path="/static",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.config["DESK_LANGUAGE"] = language
    app.extensions[EXTENSION] = OpenDocuments.of(sessions)
    app.extensions[access.EXTENSION] = secrets
    access.guard(app, secrets)
    app.register_blueprint(routes.blueprint)
    return app
