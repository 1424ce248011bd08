"""The old addresses of the page that said when and where the stages were."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug import Response

from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.page_files import ROWS
from rallynov_graph.site.web.reader import view

blueprint = Blueprint("when_and_where", __name__)

_FILES = frozenset((*ROWS, "ttl"))


@blueprint.get("/when-and-where")
def when_and_where() -> Response:
    """Lead to the timeline of the stages, which the map stands beside."""
    return _timeline("")


@blueprint.get("/when-and-where.<suffix>")
def when_and_where_file(suffix: str) -> Response:
    """Lead to a file of the timeline of the stages."""
    if suffix not in _FILES:
        raise Missing
    return _timeline(f".{suffix}")


def _timeline(suffix: str) -> Response:
    require_own_graph()
    kept = [(name, value) for name, value in request.args.items(multi=True) if name == "certainty"]
    path = f"/list/stage{suffix}"
    return redirect(view().addresses.path(path, [("view", "timeline"), *kept]), 301)
