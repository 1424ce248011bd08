"""The pages that say why something is not there, and what to use instead."""

from __future__ import annotations

from flask import Blueprint, Flask

from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import words

blueprint = Blueprint("absent", __name__)


def register(app: Flask) -> None:
    """Give an application the pages of what an edition of it has not."""
    app.register_blueprint(blueprint)


@blueprint.get("/absent/<kind>")
def absent(kind: str) -> str:
    """Show why something is not there; raise Missing for what is."""
    if f"absent.{kind}.title" not in words():
        raise Missing
    return page("absent/absent.html", kind=kind)
