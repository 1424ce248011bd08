"""Where the facts come from that a row of an answer is made of."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, request
from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.query.workbench.origin import explained_facts
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import view
from rallynov_graph.site.web.url_parameters import BadParameterError

blueprint = Blueprint("origin", __name__)

MOST_FACTS: Final = 100
"""How many facts may be asked about at once."""
LONGEST: Final = 256 * 1024
"""How long they may be together, in characters."""


@blueprint.post("/sparql/origin")
def origin() -> str:
    """Show who says each of some facts, sent as N-Triples; those that do not hold are left out."""
    return page(
        "query/workbench/origin.html",
        facts=explained_facts(view(), _facts(request.form.get("facts", ""))),
    )


def _facts(text: str) -> tuple[Triple, ...]:
    """Return the facts that a text holds; raise BadParameterError for others, or too many."""
    if len(text) > LONGEST:
        raise BadParameterError(BadParameter("facts", "long"))
    try:
        quads = [*parse(text.encode(), RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as error:
        raise BadParameterError(BadParameter("facts", "facts")) from error
    facts = dict.fromkeys(quad.triple for quad in quads)
    if len(facts) > MOST_FACTS or any(_has_blank(fact) for fact in facts):
        raise BadParameterError(BadParameter("facts", "facts"))
    return tuple(facts)


def _has_blank(fact: Triple) -> bool:
    return any(isinstance(term, BlankNode | Triple) for term in (fact.subject, fact.object))
