"""The page that says why a fact holds."""

from typing import Final

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.app import files
from rallynov_graph.app.citing import cited
from rallynov_graph.app.errors import Missing
from rallynov_graph.app.headers import keep_nowhere
from rallynov_graph.app.pages import named
from rallynov_graph.app.problems import wants_page
from rallynov_graph.app.reading import lens, page, site, words
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.views.proof import HEADER, WhyPage, rows, why_page
from rallynov_graph.views.quoted import quoted
from rallynov_graph.views.wrong import Wrong

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
    words_of = quoted(lens(), site().texts, found.passages())
    body = page("why.html", page=found, cite=cite, given=given, quoted=words_of)
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
    if suffix not in files.ROWS:
        return files.of_triples(found.triples, suffix, "why")
    return files.of_rows(HEADER, rows(found), suffix, "why")


def _explained() -> WhyPage:
    if site().foreign:
        raise Missing(rallynov_only=True)
    return why_page(lens(), *(_asked(name) for name in _ASKED))


def _asked(name: str) -> NamedNode:
    iri = request.args.get(name, "")
    if not iri or len(iri) > LONGEST_IRI:
        raise WrongParameter(Wrong(name, "long" if iri else "iri"))
    return named(iri, name)
