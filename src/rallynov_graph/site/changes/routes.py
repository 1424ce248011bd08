"""What changed since earlier releases: a page, an RDF Patch, JSON."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from rallynov_graph.release.earlier import EarlierRelease
from rallynov_graph.site.changes.page import HEADER, WHAT, ChangesRequest, changes_page, kinds, rows
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.certainty_parameter import certainty
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.parameter_errors import one_of
from rallynov_graph.site.web.reader import page, page_number, site, view, words

blueprint = Blueprint("changes", __name__)

_PATCH: Final = "application/rdf-patch"


@blueprint.get("/changes")
def changes() -> str:
    """Show what changed since an earlier release; without one, how to give one."""
    _only_with_a_release()
    which = _which()
    asked = ChangesRequest(
        one_of("what", ("", *WHAT), ""), request.args.get("kind", ""), certainty(), page_number()
    )
    if which is None:
        return page("changes/changes.html", page=None, cite=None)
    found = changes_page(view(), site().earlier, which, asked)
    if found is None:
        raise _without(which, asked.kind)
    cite = cited(words()["changes.title"], "/changes", "from", "what", "kind", "certainty")
    return page("changes/changes.html", page=found, cite=cite)


@blueprint.get("/changes.<suffix>")
def changes_file(suffix: str) -> Response:
    """Give what changed as an RDF Patch, as JSON, or what is at least so certain as rows."""
    _only_with_a_release()
    which = _which()
    if which is None or suffix not in ("rdfp", "json", "csv"):
        raise Missing
    stem = f"changes-{which.id}-{which.served.id[: len(which.id)]}"
    name = f"{stem}.{suffix}"
    if suffix == "csv":
        return page_files.of_rows(HEADER, rows(which, certainty()), suffix, stem)
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


def _which() -> EarlierRelease | None:
    """Return the earlier release that is asked for, the first without; raise Missing."""
    asked, among = request.args.get("from", ""), site().earlier
    if not asked:
        return among[0] if among else None
    found = next((earlier for earlier in among if earlier.id == asked), None)
    if found is None:
        right = tuple(Node(earlier.id) for earlier in among)
        raise Missing(wrong=(Wrong("from", "one_of", right=right),) if right else ())
    return found


def _without(which: EarlierRelease, kind: str) -> Missing:
    """Return that there is no such page, or no such kind."""
    known = kinds(which)
    if not kind or kind in known:
        return Missing()
    return Missing(wrong=(Wrong("kind", "one_of", right=tuple(map(Node, known))),))
