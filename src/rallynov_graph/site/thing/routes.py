"""The address of the page of a thing, in our namespace or outside it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.thing.page import page_of_thing
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.leading_on import lead_on
from rallynov_graph.site.web.query_parameters import least_certainty
from rallynov_graph.site.web.reader import request_context, site, view
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.url_parameters import iri_node

blueprint = Blueprint("things", __name__)

LONGEST_IRI: Final = 4000


@blueprint.get("/page/<kind>/<slug>")
def thing(kind: str, slug: str) -> Response:
    """Show a thing of our namespace."""
    iri = f"{site().base}id/{kind}/{slug}"
    return _shown(iri, kind, slug)


@blueprint.get("/resource")
def resource() -> AnyResponse:
    """Show a thing outside our namespace; one inside it is shown at its own page."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing(bad_parameters=(BadParameter("iri", "long" if iri else "iri"),))
    iri_node(iri, "iri")
    short = view().addresses.short(iri)
    if short is not None:
        return redirect(view().addresses.path(f"/page/{short}"), 302)
    return _shown(iri, "", "")


def _shown(iri: str, kind: str, slug: str) -> Response:
    lead_on(iri)
    address = RequestedAddress(request.path, request.query_string.decode("latin-1"))
    page = page_of_thing(
        request_context(),
        address,
        iri_node(iri).value,
        least_certainty(),
        current_app.jinja_env,
    )
    if page is None:
        raise missing(iri, kind, slug)
    return page.flask_response()
