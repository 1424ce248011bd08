"""The page and the data of each class and property of the ontology."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.ontology.term_page import TermPage, term_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, near_paths, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import (
    BY_SUFFIX,
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import Files, absolute, site, view
from rallynov_graph.site.web.signposting import links_of_files, set_links
from rallynov_graph.site.web.url_parameters import certainty, iri_node

blueprint = Blueprint("terms", __name__)

LONGEST_IRI: Final = 4000
_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_VERSION_IRI: Final = PREFIXES["owl"] + "versionIRI"


@blueprint.get("/ontology/<name>")
def own_term(name: str) -> AnyResponse:
    """Serve the page of a term of ours, or its data where the header or a suffix names a format.

    The address of the ontology's version redirects to the ontology.
    """
    local, dot, suffix = name.rpartition(".")
    form = BY_SUFFIX.get(f".{suffix}") if dot else None
    version = local if form else name
    if _is_version(version):
        return redirect(view().addresses.path(f"/ontology{form.suffix if form else ''}"), 303)
    if not dot:
        return _negotiated(f"{RN}{name}")
    return _file(f"{RN}{local}", suffix)


@blueprint.get("/ontology/term")
def reused_term() -> AnyResponse:
    """Serve the page of a term of another vocabulary; redirect a term of ours to its own page."""
    iri = _requested_iri()
    if iri.startswith(RN):
        return redirect(view().addresses.term(iri), 302)
    return _negotiated(iri)


@blueprint.get("/ontology/term.<suffix>")
def reused_term_data(suffix: str) -> Response:
    """Serve the data of a term of another vocabulary, or its uses as rows."""
    return _file(_requested_iri(), suffix)


def _requested_iri() -> str:
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    return iri_node(iri, "iri").value


def _file(iri: str, suffix: str) -> Response:
    """Return the description of a term as RDF, or its uses in the data as rows."""
    if suffix in page_files.ROWS:
        found = _page(iri)
        if found.use is None:
            raise Missing
        return page_files.of_query(found.use.query, suffix, iri.rpartition("#")[2] or "term")
    return _described(iri, format_of_suffix(suffix))


def _page(iri: str) -> TermPage:
    require_own_graph()
    found = term_page(view(), iri_node(iri).value, site().shapes, site().catalogue, certainty())
    if found is None:
        raise Missing(_near(iri))
    return found


def _is_version(name: str) -> bool:
    """Return whether a name is the version of the ontology."""
    query = view().queries.text("term_described", thing=NamedNode(ONTOLOGY))
    version = NamedNode(f"{ONTOLOGY}/{name}") if _VERSION.fullmatch(name) else None
    statements = site().store.construct(query) if version else ()
    return any(t.predicate.value == _VERSION_IRI and t.object == version for t in statements)


def _negotiated(iri: str) -> Response:
    require_own_graph()
    forms = _files(iri)
    form = negotiated_format(forms)
    if form is not HTML:
        return negotiated(_described(iri, form), form, forms)
    found = _page(iri)
    addresses = view().addresses
    path = addresses.term(iri).partition("?")[0].removeprefix(addresses.root)
    cite = cited(f"{found.node.text} ({found.short})", path, "iri", "certainty")
    rows = tuple((s, _address(iri, f".{s}", found.certainty)) for s in page_files.ROWS)
    set_links(links_of_files(forms))
    body = page("ontology/term.html", page=found, data=forms, rows=rows, cite=cite)
    return negotiated(make_response(body), form, forms)


def _described(iri: str, form: Format) -> Response:
    """Return the description of a term as RDF; raise Missing where there is none."""
    require_own_graph()
    queries = view().queries
    triples = set(queries.store.construct(queries.text("term_described", thing=iri_node(iri))))
    if not triples:
        raise Missing(_near(iri))
    set_links(links_of_files(_files(iri)))
    document = absolute(view().addresses.document_of_term(iri))
    return graph_response([*triples, *site().origin.of(document, iri, from_data=False)], form)


def _files(iri: str) -> Files:
    return tuple((form, _address(iri, form.suffix)) for form in GRAPHS)


def _address(iri: str, suffix: str, certainty: str = "") -> str:
    """Return the address of a file about a term."""
    addresses, certainty_parameter = view().addresses, ("certainty", certainty)
    if iri.startswith(RN):
        return addresses.file(f"/ontology/{iri.removeprefix(RN)}{suffix}", [certainty_parameter])
    return addresses.file(f"/ontology/term{suffix}", [("iri", iri), certainty_parameter])


def _near(iri: str) -> tuple[Node, ...]:
    """Return our terms with names near the name of this one."""
    rows = view().queries.rows("terms").rows
    terms = {str(term)[1:-1] for term, *_ in rows}
    known = {
        term.removeprefix(RN): view().addresses.term(term) for term in terms if term.startswith(RN)
    }
    return near_paths(iri.removeprefix(RN), known)
