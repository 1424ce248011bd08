"""The addresses below the path of a view, as long as the view itself does not answer them.

A server passes their requests on to processes of the view; what comes here is that it does not.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, redirect, request

from rallynov_graph.http.protocol import VIEW
from rallynov_graph.release.named_documents import NamedDocument
from rallynov_graph.release.release_set import ONLY
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.document_choice import name_of
from rallynov_graph.site.web.error_pages import require_own_graph, served_release
from rallynov_graph.site.web.leading_to_view import named_document, same_page
from rallynov_graph.site.web.problems import ProblemText, problem, wants_page
from rallynov_graph.site.web.reader import (
    page,
    site,
    words,
)

blueprint = Blueprint("only", __name__)

_REASONS: Final = {
    "building": (503, 2),
    "full": (503, 5),
    "no_memory": (503, 5),
    "too_large": (503, 60),
    "nothing": (404, 0),
    "broken": (503, 60),
    "unserved": (501, 0),
}
"""Why a view does not answer: the status, and after how many seconds to ask again; 0 for never."""


@blueprint.route(f"{ONLY}/<slug>/", defaults={"rest": ""}, methods=["GET", "POST"])
@blueprint.route(f"{ONLY}/<slug>/<path:rest>", methods=["GET", "POST"])
def view(slug: str, rest: str) -> Response:
    """Say why a view does not answer; lead to it where it has another path.

    Raises the error of a document that is not there, and Missing where no release is at hand.
    """
    require_own_graph()
    served_release()
    document = named_document(slug)
    if document.slug != slug or site().document is not None:
        return make_response(redirect(same_page(document), 303))
    return _answer(str(request.environ.get(VIEW) or "unserved"), document, same_page(None))


def _answer(reason: str, document: NamedDocument, whole: str) -> Response:
    status, seconds = _REASONS[reason]
    link = Node(words()["documents.same_of_all"], href=whole)
    if wants_page():
        name = name_of(document, words().language)
        content = page("only/waiting.html", reason=reason, name=name, whole=whole, seconds=seconds)
        response = make_response(content, status)
    else:
        response = problem(ProblemText(status, status, (link,), only=f"only.text_{reason}"))
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept"
    return response
