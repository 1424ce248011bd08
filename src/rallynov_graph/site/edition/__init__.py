"""What an edition of files has in the place of a service: an engine in the reader's browser.

A server has none of it.
"""

from flask import Flask

from rallynov_graph.site.edition import routes
from rallynov_graph.site.web.feature import register_for_edition
from rallynov_graph.site.web.rendering import EDITION


def register(app: Flask) -> None:
    """Have the pages of an application answer in the browser what they else ask a service."""
    app.jinja_env.globals[EDITION] = True
    app.register_blueprint(routes.blueprint)
    register_for_edition(app)
