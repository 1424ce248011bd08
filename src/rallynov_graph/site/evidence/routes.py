"""The page that says why a fact holds."""

from typing import Final

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.site.evidence.page import HEADER, WhyPage, rows, why_page
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.passages.quoted import quoted
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.problems import wants_page
from rallynov_graph.site.web.reader import page, site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError, iri_node

blueprint = Blueprint("why", __name__)

LONGEST_IRI = 4000
_ASKED: Final = ("subject", "property", "object")


@blueprint.get("/why")
def why() -> Response:
    """Show why a thing has this value of a property; 404 where the graph does not say so."""
    found = _explained()
    if not (found.holds or wants_page()):
        raise Missing
    fact = found.fact
    title = " — ".join(node.text for node in (fact.subject, fact.property, fact.object))
    cite = cited(f"{words()['why.title']} {title}", "/why", *_ASKED) if found.holds else None
    given = tuple((name, request.args[name]) for name in _ASKED)
    words_of = quoted(view(), site().texts, found.passages())
    body = page("evidence/why.html", page=found, cite=cite, given=given, quoted=words_of)
    response = make_response(body, 200 if found.holds else 404)
    if words_of:
        keep_nowhere(response)
    if not found.holds:
        response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/why.<suffix>")
def why_file(suffix: str) -> Response:
    """Give a fact and all that it is concluded from; 404 where the graph does not say so."""
    found = _explained()
    if not found.holds:
        raise Missing
    if suffix not in page_files.ROWS:
        return page_files.of_triples(found.triples, suffix, "why")
    return page_files.of_rows(HEADER, rows(found), suffix, "why")


def _explained() -> WhyPage:
    if site().foreign:
        raise Missing(rallynov_only=True)
    return why_page(view(), *(_asked(name) for name in _ASKED))


def _asked(name: str) -> NamedNode:
    iri = request.args.get(name, "")
    if not iri or len(iri) > LONGEST_IRI:
        raise BadParameterError(BadParameter(name, "long" if iri else "iri"))
    return iri_node(iri, name)
