"""The page of a thing, in our namespace or outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.app.chosen import certainty
from rallynov_graph.app.citing import cited_thing
from rallynov_graph.app.errors import Missing, missing
from rallynov_graph.app.pages import named
from rallynov_graph.app.reading import lens, page, site
from rallynov_graph.app.signposting import of_thing, point
from rallynov_graph.app.structured import of_thing_page, tell
from rallynov_graph.namespaces import PREFIXES, RN
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.views.carnet import place_in_carnet
from rallynov_graph.views.nodes import Lens, Node
from rallynov_graph.views.proven import admits
from rallynov_graph.views.source import (
    Facts,
    Part,
    Position,
    facts_of_passage,
    facts_of_set,
    parts,
    position,
)
from rallynov_graph.views.themes import ThemeExtras, theme_extras
from rallynov_graph.views.thing import ThingPage, thing_page
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("things", __name__)

LONGEST_IRI: Final = 4000
_OA: Final = PREFIXES["oa"]
_HIDDEN: Final = {
    "document": frozenset(
        {(_OA + "hasSource", True), (RN + "voice", True), (PREFIXES["dcterms"] + "source", True)}
    ),
    "passage": frozenset({(RN + "passage", True), (_OA + "hasSelector", False)}),
    "part": frozenset({(_OA + "hasSelector", False)}),
    "theme": frozenset({(RN + "indicates", True)}),
}
"""What a kind's page shows in another way than as facts: properties, read backwards or not."""


@dataclass(frozen=True)
class Shown:
    """The page of a thing with what only its kind has."""

    thing: ThingPage
    certainty: str
    data: tuple[tuple[Format, str], ...]
    only_a_contact: bool = False
    """Whether it is a person who is nothing else; search engines are asked to pass over it."""
    outside: Node | None = None
    position: Position | None = None
    in_carnet: str | None = None
    """Where it is read among the other passages of its document."""
    facts: tuple[Facts, ...] = ()
    theme: ThemeExtras | None = None
    parts: tuple[Part, ...] = ()


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
        raise Missing(wrong=(Wrong("iri", "long" if iri else "iri"),))
    named(iri, "iri")
    short = lens().addresses.short(iri)
    if short is not None:
        return redirect(lens().addresses.path(f"/page/{short}"), 302)
    return _shown(iri, "", "")


def _shown(iri: str, kind: str, slug: str) -> Response:
    seen, how = lens(), certainty()
    found = thing_page(seen, named(iri).value, _HIDDEN.get(kind, frozenset()), how)
    if found is None:
        raise missing(iri, kind, slug)
    shown = _with_extras(seen, found, kind, how)
    cite = cited_thing(found.iri, found.node.text)
    point(of_thing(found.iri).links)
    tell(() if shown.only_a_contact else of_thing_page(found.iri, found.node.text))
    response = make_response(page("thing.html", page=shown, cite=cite))
    if shown.only_a_contact:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _with_extras(seen: Lens, found: ThingPage, kind: str, how: str) -> Shown:
    iri = found.iri
    contact = kind == "person" and seen.queries.ask("is_only_a_contact", person=NamedNode(iri))
    facts: tuple[Facts, ...] = ()
    if kind == "passage":
        facts = facts_of_passage(seen, iri)
    elif kind in ("assertion-set", "graph", "inference"):
        facts = facts_of_set(seen, iri)
    address = None if kind else seen.addresses.outside(iri)
    return Shown(
        found,
        how,
        tuple((form, seen.addresses.data(iri, form.suffix)) for form in GRAPHS),
        contact,
        None if address is None else Node(iri, href=address.href, external=True),
        position(seen, iri) if kind in ("passage", "part") else None,
        place_in_carnet(seen, iri, how) if kind in ("passage", "part") else None,
        tuple(f for f in facts if admits(how, f.evidence)),
        theme_extras(seen, iri, how) if kind == "theme" else None,
        parts(seen, iri, how) if kind == "document" else (),
    )
