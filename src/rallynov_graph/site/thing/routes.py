"""The page of a thing, in our namespace or outside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, g, make_response, redirect, request
from jinja2 import Environment
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.exports.citation_formats import Citation
from rallynov_graph.exports.schema_org import written
from rallynov_graph.http.links import Link
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.links.explained_links import admits
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.passages.place_in_document import place_in_carnet
from rallynov_graph.site.model.passages.source import (
    DocumentPart,
    GraphFacts,
    facts_of_passage,
    facts_of_set,
    parts,
)
from rallynov_graph.site.model.themes import ThemeExtras, theme_extras
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.thing.html_parts import thing_html
from rallynov_graph.site.thing.summary import ThingSummary, summary_of
from rallynov_graph.site.web.citation import cited_thing
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.query_parameters import least_certainty
from rallynov_graph.site.web.reader import request_context, site, view
from rallynov_graph.site.web.rendering import rendered
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.signposting import links_of_thing, set_links
from rallynov_graph.site.web.structured_data import nodes_of_thing_page
from rallynov_graph.site.web.url_parameters import iri_node

blueprint = Blueprint("things", __name__)

LONGEST_IRI: Final = 4000
EXTRAORDINARY: Final = frozenset(
    {"document", "passage", "part", "theme", "assertion-set", "graph", "inference"}
)
"""The kinds whose pages have more than facts, which takes longer."""
_OA: Final = PREFIXES["oa"]
_ABOVE: Final = PREFIXES["skos"] + "broaderTransitive"
_HIDDEN: Final = {
    "document": frozenset(
        {(_OA + "hasSource", True), (RN + "voice", True), (PREFIXES["dcterms"] + "source", True)}
    ),
    "passage": frozenset({(RN + "passage", True), (_OA + "hasSelector", False)}),
    "part": frozenset({(_OA + "hasSelector", False)}),
    "theme": frozenset(
        {(RN + "indicates", True), (_ABOVE, False), (_ABOVE, True)}  # rn:under says that, and more
    ),
}
"""What a kind's page shows in another way than as facts: properties, read backwards or not."""


@dataclass(frozen=True)
class Shown:
    """The page of a thing with what only its kind has."""

    thing: ThingPage
    certainty: str
    data: tuple[tuple[Format, str], ...]
    outside: Node | None = None
    in_carnet: str | None = None
    """Where it is read among the other passages of its document."""
    facts: tuple[GraphFacts, ...] = ()
    theme: ThemeExtras | None = None
    parts: tuple[DocumentPart, ...] = ()
    summary: ThingSummary = field(default_factory=ThingSummary)

    @property
    def only_a_contact(self) -> bool:
        """Whether search engines are asked to pass over it."""
        return self.thing.is_only_a_contact


@dataclass(frozen=True)
class Made:
    """The page of a thing as it is sent."""

    html: str
    links: tuple[Link, ...]
    citation: Citation | None
    headers: dict[str, str]
    """Those that only some pages have."""


def made(
    at: RequestContext, asked: RequestedAddress, iri: str, how: str, environment: Environment
) -> Made | None:
    """Return the page of a thing at least so certain; None where the graph does not mention it."""
    kind = at.addresses.kind(iri)
    found = thing_page(at.view, iri, _HIDDEN.get(kind, frozenset()), how)
    if found is None:
        return None
    shown = _with_extras(at, found, kind, how)
    title = found.node.text
    cited = cited_thing(at, iri, found.node, parse_qsl(asked.query) if asked.query else ())
    links = links_of_thing(at, iri).links
    told = (
        () if shown.only_a_contact else nodes_of_thing_page(at, iri, title, found.schema_org_facts)
    )
    html = rendered(
        environment,
        at,
        asked,
        "thing/thing.html",
        links,
        written(told) if told else "",
        page=shown,
        parts=thing_html(at.addresses.language, at.site.foreign),
        cite=cited[1] if cited else None,
    )
    headers = {"X-Robots-Tag": "noindex"} if shown.only_a_contact else {}
    return Made(html, links, cited[0] if cited else None, headers)


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
    asked = RequestedAddress(request.path, request.query_string.decode("latin-1"))
    found = made(
        request_context(), asked, iri_node(iri).value, least_certainty(), current_app.jinja_env
    )
    if found is None:
        raise missing(iri, kind, slug)
    set_links(found.links)
    g.citation = found.citation
    response = make_response(found.html)
    response.headers.update(found.headers)
    return response


def _with_extras(at: RequestContext, found: ThingPage, kind: str, how: str) -> Shown:
    seen, iri = at.view, found.iri
    facts: tuple[GraphFacts, ...] = ()
    if kind == "passage":
        facts = facts_of_passage(seen, iri)
    elif kind in ("assertion-set", "graph", "inference"):
        facts = facts_of_set(seen, iri)
    address = None if kind else seen.addresses.outside(iri)
    return Shown(
        found,
        how,
        at.files_of_thing(iri),
        None if address is None else Node(iri, href=address.href, external=True),
        place_in_carnet(seen, iri, how) if kind in ("passage", "part") else None,
        tuple(f for f in facts if admits(how, f.evidence)),
        theme_extras(seen, iri, how) if kind == "theme" else None,
        parts(seen, iri, how) if kind == "document" else (),
        summary_of(seen, at.words, found, how),
    )
