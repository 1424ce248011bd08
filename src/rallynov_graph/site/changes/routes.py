"""The changes since earlier releases: a page, an RDF Patch, JSON, rows."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from rallynov_graph.release.release_set import EarlierRelease
from rallynov_graph.site.changes.page import (
    CHANGE_TYPES,
    HEADER,
    ChangesRequest,
    changes_page,
    kinds,
    rows,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import page_number, site, view, words
from rallynov_graph.site.web.url_parameters import certainty, one_of

blueprint = Blueprint("changes", __name__)

_PATCH: Final = "application/rdf-patch"


@blueprint.get("/changes")
def changes() -> str:
    """Show the changes since an earlier release; without one, how to serve one."""
    served_release()
    earlier = _earlier_release()
    changes_request = ChangesRequest(
        one_of("what", ("", *CHANGE_TYPES), ""),
        request.args.get("kind", ""),
        certainty(),
        page_number(),
    )
    if earlier is None:
        return page("changes/changes.html", page=None, cite=None)
    found = changes_page(view(), site().earlier, earlier, changes_request)
    if found is None:
        raise _missing_page(earlier, changes_request.kind)
    cite = cited(words()["changes.title"], "/changes", "from", "what", "kind", "certainty")
    return page("changes/changes.html", page=found, cite=cite)


@blueprint.get("/changes.<suffix>")
def changes_file(suffix: str) -> Response:
    """Serve the changes as an RDF Patch or JSON, or those of a certainty as rows."""
    served_release()
    earlier = _earlier_release()
    if earlier is None or suffix not in ("rdfp", "json", "csv"):
        raise Missing
    stem = f"changes-{earlier.id}-{earlier.served.id[: len(earlier.id)]}"
    name = f"{stem}.{suffix}"
    if suffix == "csv":
        return page_files.of_rows(HEADER, rows(earlier, certainty()), suffix, stem)
    if suffix == "rdfp":
        response = Response(earlier.patch(), mimetype=_PATCH)
    else:
        response = make_response(earlier.difference.json())
        response.content_type = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _earlier_release() -> EarlierRelease | None:
    """Return the earlier release of the address, or else the first; raise Missing."""
    id, releases = request.args.get("from", ""), site().earlier
    if not id:
        return releases[0] if releases else None
    found = next((release for release in releases if release.id == id), None)
    if found is None:
        allowed = tuple(Node(release.id) for release in releases)
        raise Missing(
            bad_parameters=(BadParameter("from", "one_of", allowed=allowed),) if allowed else ()
        )
    return found


def _missing_page(earlier: EarlierRelease, kind: str) -> Missing:
    """Return the error for a page or a kind that there is not."""
    known = kinds(earlier)
    if not kind or kind in known:
        return Missing()
    return Missing(
        bad_parameters=(BadParameter("kind", "one_of", allowed=tuple(map(Node, known))),)
    )
