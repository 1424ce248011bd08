"""What an edition of files has in the place of a service: an engine in the reader's browser.

A server has none of it.
"""

from collections.abc import Callable

from flask import Flask

from rallynov_graph.site.edition import routes
from rallynov_graph.site.web.feature import register_for_edition
from rallynov_graph.site.web.frame import EDITION, IS_OFFERED


def register(app: Flask, is_offered: Callable[[str], bool] = bool) -> None:
    """Have the pages of an application answer in the browser what they else ask a service.

    They offer those files alone whose addresses ``is_offered`` takes.
    """
    app.jinja_env.globals[EDITION] = True
    app.jinja_env.globals[IS_OFFERED] = is_offered
    app.register_blueprint(routes.blueprint)
    register_for_edition(app)
