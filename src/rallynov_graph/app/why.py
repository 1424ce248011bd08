"""The page that says why a fact holds."""

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.app.errors import Missing
from rallynov_graph.app.pages import named
from rallynov_graph.app.problems import wants_page
from rallynov_graph.app.reading import lens, page, site
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.views.proof import why_page
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("why", __name__)

LONGEST_IRI = 4000


@blueprint.get("/why")
def why() -> Response:
    """Show why a thing has this value of a property; 404 where the graph does not say so."""
    if site().foreign:
        raise Missing(rallynov_only=True)
    found = why_page(lens(), *(_asked(name) for name in ("subject", "property", "object")))
    if not (found.holds or wants_page()):
        raise Missing
    response = make_response(page("why.html", page=found), 200 if found.holds else 404)
    if not found.holds:
        response.headers["Vary"] = "Accept"
    return response


def _asked(name: str) -> NamedNode:
    iri = request.args.get(name, "")
    if not iri or len(iri) > LONGEST_IRI:
        raise WrongParameter(Wrong(name, "iri"))
    return named(iri, name)
