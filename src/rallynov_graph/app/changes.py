"""What changed since earlier releases: a page, an RDF Patch, JSON."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import BadRequest

from rallynov_graph.app.errors import Missing
from rallynov_graph.app.reading import lens, page, page_number, site
from rallynov_graph.releases.earlier import CERTAINTIES, Earlier
from rallynov_graph.views.changes import WHAT, Asked, changes_page

blueprint = Blueprint("changes", __name__)

_PATCH: Final = "application/rdf-patch"


@blueprint.get("/changes")
def changes() -> str:
    """Show what changed since an earlier release; without one, how to give one."""
    _only_with_a_release()
    which = _which()
    asked = Asked(
        request.args.get("what", ""),
        request.args.get("kind", ""),
        request.args.get("certainty", CERTAINTIES[-1]),
        page_number(),
    )
    if asked.what not in ("", *WHAT) or asked.certainty not in CERTAINTIES:
        raise BadRequest
    if which is None:
        return page("changes.html", page=None)
    found = changes_page(lens(), site().earlier, which, asked)
    if found is None:
        raise Missing
    return page("changes.html", page=found)


@blueprint.get("/changes.<suffix>")
def changes_file(suffix: str) -> Response:
    """Give what changed as an RDF Patch or as JSON."""
    _only_with_a_release()
    which = _which()
    if which is None or suffix not in ("rdfp", "json"):
        raise Missing
    name = f"changes-{which.id}-{which.served.id[: len(which.id)]}.{suffix}"
    if suffix == "rdfp":
        response = Response(which.patch(), mimetype=_PATCH)
    else:
        response = make_response(which.difference.json())
        response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _only_with_a_release() -> None:
    if site().release is None:
        raise Missing(release_only=True)


def _which() -> Earlier | None:
    """Return the earlier release that is asked for, the first without; raise Missing."""
    asked, among = request.args.get("from", ""), site().earlier
    if not asked:
        return among[0] if among else None
    found = next((earlier for earlier in among if earlier.id == asked), None)
    if found is None:
        raise Missing
    return found
