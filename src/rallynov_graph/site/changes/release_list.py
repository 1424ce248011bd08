"""The releases that are served together, and their addresses."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.release.release_set import PATH, SHORT
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page, releases
from rallynov_graph.site.web.reader import site, view
from rallynov_graph.site.web.signposting import RELEASES

blueprint = Blueprint("releases", __name__)


@blueprint.get(RELEASES)
def release_list() -> str:
    """Show each release that is served, and the changes from each to the next."""
    served_release()
    return page("changes/releases.html")


@blueprint.route(f"{PATH}/<name>", methods=["GET", "POST"])
@blueprint.route(f"{PATH}/<name>/", methods=["GET", "POST"])
@blueprint.route(f"{PATH}/<name>/<path:rest>", methods=["GET", "POST"])
def release_page(name: str, rest: str = "") -> AnyResponse:
    """Redirect the address of the newest release to the site that serves it; else list the others.

    A request for an earlier release does not come here: the application of that release answers.
    """
    release = site().release
    if release is not None and not site().place and name == release.id[:SHORT]:
        query = request.query_string.decode("latin-1")
        address = view().addresses.file(f"/{rest}")
        return redirect(f"{address}?{query}" if query else address, 307)
    raise Missing(
        tuple(
            Node(f"{other.version}, {other.issued} ({other.id})", href=other.href)
            for other in releases()
        )
    )
