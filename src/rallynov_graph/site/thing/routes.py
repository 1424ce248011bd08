"""The address of the page of a thing, in our namespace or outside it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, current_app, make_response, redirect, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.selection.list_queries import Selection, source_of_kind
from rallynov_graph.site.thing.html_parts import thing_html
from rallynov_graph.site.thing.page import shown_thing
from rallynov_graph.site.web.citation import cited_thing
from rallynov_graph.site.web.error_pages import Missing, lead_on, missing
from rallynov_graph.site.web.frame import EDITION, page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.query_parameters import least_certainty
from rallynov_graph.site.web.reader import site, view
from rallynov_graph.site.web.signposting import (
    links_of_thing,
    set_links,
    set_structured_data_of_thing,
)
from rallynov_graph.site.web.url_parameters import iri_node

blueprint = Blueprint("things", __name__)

LONGEST_IRI: Final = 4000


@blueprint.get("/page/<kind>/<slug>")
def thing(kind: str, slug: str) -> AnyResponse:
    """Show a thing of our namespace; a value of a small list leads to the list that it narrows."""
    iri = f"{site().base}id/{kind}/{slug}"
    narrowed = _list_narrowed_by(iri, kind, slug)
    return redirect(narrowed, 301) if narrowed else _shown(iri, kind, slug)


def _list_narrowed_by(iri: str, kind: str, slug: str) -> str:
    """Return the address of the list that a value narrows.

    It is empty where nothing has the value, and in an edition, which has no file of such a list.
    """
    narrows = KINDS[kind].narrows if kind in KINDS else None
    if narrows is None or site().foreign or current_app.jinja_env.globals.get(EDITION):
        return ""
    found = Selection(view().queries, source_of_kind(narrows.kind)).values().things
    if NamedNode(iri) not in found[narrows.facet]:
        return ""
    return view().addresses.path(f"/list/{narrows.kind}", [(narrows.facet, f"{kind}/{slug}")])


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
    shown = shown_thing(iri_node(iri).value, least_certainty())
    if shown is None:
        raise missing(iri, kind, slug)
    name = shown.thing.node
    set_links(links_of_thing(iri).links)
    if not shown.is_passed_over:
        set_structured_data_of_thing(iri, name.text, shown.schema_org_facts)
    response = make_response(
        page(
            "thing/thing.html",
            page=shown,
            parts=thing_html(view().language, site().foreign),
            cite=cited_thing(iri, name),
        )
    )
    if shown.is_passed_over:
        response.headers["X-Robots-Tag"] = "noindex"
    if any(it.words for it in shown.words):
        keep_nowhere(response)
    return response
