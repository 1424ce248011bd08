"""The data of a thing, and the redirection from a thing to its page or data.

The thing, its page and the document about it have different addresses. The document is the same in
every format: it states what it is about and its release.
"""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, make_response, redirect
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import RN
from rallynov_graph.exports.catalogues import dcat_of_dataset
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.said_before import standings_of
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.error_pages import Missing, Unwritable, lead_on, missing
from rallynov_graph.site.web.page_files import (
    BY_SUFFIX,
    format_of_suffix,
    graph_content,
    negotiated,
    negotiated_format,
    of_any_statement,
)
from rallynov_graph.site.web.params import IriParams, iri_node, params
from rallynov_graph.site.web.reader import absolute, site, view
from rallynov_graph.site.web.signposting import (
    dataset_description,
    files_of_thing,
    links_of_document,
    set_links,
)

blueprint = Blueprint("data", __name__)

_OF_SETS: Final = (NamedNode(f"{RN}standingOf"), NamedNode(f"{RN}replacedBy"))
"""What leads from a graph of what is not current to sets."""
_WITH_EVIDENCE: Final = frozenset({".trig", ".nq"})


@blueprint.get("/id/<kind>/<slug>")
def identify(kind: str, slug: str) -> AnyResponse:
    """Redirect the IRI of a thing to its page or its data, whichever the request prefers."""
    iri = _known(f"{site().base}id/{kind}/{slug}", kind, slug)
    return _led(iri, view().addresses.path(f"/page/{kind}/{slug}"))


@blueprint.get("/dataset")
def dataset() -> AnyResponse:
    """Redirect the IRI of the dataset to its page or its data, whichever the request prefers."""
    iri = site().origin.dataset
    if not iri:
        raise Missing
    return _led(iri, view().addresses.path("/resource", [("iri", iri)]))


@blueprint.get("/data/<kind>/<name>")
def thing(kind: str, name: str) -> Response:
    """Serve the data of a thing of our namespace, in the format of the suffix or the header."""
    slug, _, suffix = name.rpartition(".")
    form = BY_SUFFIX.get(f".{suffix}") if slug else None
    base = f"{site().base}id/{kind}/"
    if slug and suffix in page_files.ROWS:
        return _rows(_known(f"{base}{slug}", kind, slug), suffix, slug)
    if form is not None:
        return document(f"{base}{slug}", form, slug, kind)
    if slug and not _is_known(f"{base}{name}") and _is_known(f"{base}{slug}"):
        format_of_suffix(suffix, files_of_thing(f"{base}{slug}"))
    return _negotiated(_known(f"{base}{name}", kind, slug or name), name)


@blueprint.get("/data")
def any_thing() -> Response:
    return _negotiated(_iri_of_address(), "resource")


@blueprint.get("/resource.<suffix>")
def resource(suffix: str) -> Response:
    """Serve the data of a thing of another namespace, in the format of the suffix."""
    if suffix in page_files.ROWS:
        return _rows(_iri_of_address(), suffix, "resource")
    return document(_iri_of_address(), format_of_suffix(suffix), "resource")


def document(iri: str, form: Format, name: str, kind: str = "") -> Response:
    """Return the document about a thing in a format, as a file of that name.

    Raises the error of ``missing`` if the graph does not mention the thing, Unwritable if the
    format cannot express it.
    """
    lead_on(iri)
    thing = iri_node(iri)
    try:
        found = _document_of_thing(thing, form)
    except (UnwritableError, OSError) as error:  # JSON-LD has no triple terms
        raise Unwritable(of_any_statement(files_of_thing(iri))) from error
    if found is None:
        raise missing(iri, kind, name)
    set_links(links_of_document(thing.value))
    response = make_response(found)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'inline; filename="{_plain(name)}{form.suffix}"'
    return response


def _led(iri: str, page: str) -> AnyResponse:
    """Redirect to the page of a thing or to its data, whichever the request prefers."""
    forms = files_of_thing(iri)
    form = negotiated_format(forms)
    response = redirect(page if form is HTML else dict(forms)[form], 303)
    response.headers["Vary"] = "Accept"
    return response


def _negotiated(iri: str, name: str) -> Response:
    forms = files_of_thing(iri)
    form = negotiated_format(forms, page=False)
    return negotiated(document(iri, form, name), form, forms)


def _iri_of_address() -> str:
    """Return the IRI that the address names; raise Missing if the graph does not mention it."""
    return _known(params(IriParams).iri, "", "")


def _rows(iri: str, suffix: str, name: str) -> Response:
    said = "statements" if _is_described(iri) else "standing"
    query = view().queries.text(said, thing=iri_node(iri))
    return page_files.of_query(query, suffix, _plain(name))


def _known(iri: str, kind: str, slug: str) -> str:
    """Return the IRI of a thing that the graph mentions; raise Missing for any other.

    One that gave way to others leads there.
    """
    lead_on(iri)
    if not _is_known(iri):
        raise missing(iri, kind, slug)
    return iri


def _is_known(iri: str) -> bool:
    return _is_described(iri) or bool(standings_of(view(), iri))


def _is_described(iri: str) -> bool:
    return view().queries.ask("is_described", thing=iri_node(iri))


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)


def _document_of_thing(thing: NamedNode, form: Format) -> bytes | None:
    """Return the document about a thing in a format; None if the graph does not mention it.

    If only superseded statements mention it, a format without graphs only has the description of
    the document. Raises UnwritableError if the format cannot express a statement.
    """
    with_evidence = form.suffix in _WITH_EVIDENCE
    found = [*(_quads if with_evidence else _triples)(view(), thing)]
    if not found and not standings_of(view(), thing.value):
        return None
    document = absolute(view().addresses.document(thing.value))
    own = [*site().origin.of(document, thing.value)]
    if thing.value == site().origin.dataset and not site().foreign:
        own += dcat_of_dataset(dataset_description())
    described = [Quad(t.subject, t.predicate, t.object) for t in own] if with_evidence else own
    return graph_content([*found, *described], form, site().context)


def _triples(g: GraphView, thing: NamedNode) -> Iterable[Triple]:
    return g.store.construct(g.queries.text("about_thing", thing=thing))


def _quads(g: GraphView, thing: NamedNode) -> Iterable[Quad]:
    """Return the statements about a thing in the graphs that make them, and who made those.

    Those that are not current are among them, each in its graph, with the set that states it.
    """
    rows = {*g.queries.rows("said_in_graphs", thing=thing).rows}
    known = unread = {graph for *_, graph in rows if isinstance(graph, NamedNode)}
    while unread:
        described = {*g.queries.rows("said_of_graphs", graph=sorted(unread, key=str)).rows}
        rows |= described
        unread = {
            o for _, p, o, _ in described if p in _OF_SETS and isinstance(o, NamedNode)
        } - known
        known = known | unread
    stated = {row[:3] for row in rows if row[3] is not None}
    return {
        Quad(s, p, o, g if isinstance(g, NamedNode) else DefaultGraph())  # type: ignore[arg-type]
        for s, p, o, g in rows
        if g is not None or (s, p, o) not in stated
    }
