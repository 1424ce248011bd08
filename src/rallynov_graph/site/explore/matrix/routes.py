"""The links between organisations and themes, as a matrix and as files."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.exports import gexf
from rallynov_graph.exports.citation_formats import CREATORS
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.site.explore.matrix.matrix_data import HEADER, linkings, rows, triples
from rallynov_graph.site.explore.matrix.page import (
    SORTS,
    Matrix,
    MatrixRequest,
    matrix,
    matrix_page,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.links.organisations_and_themes import theme_tree
from rallynov_graph.site.model.open_questions import OpenQuestionMark, touching_answer
from rallynov_graph.site.model.thing_choice import iri_written
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.json_answers import with_open_questions
from rallynov_graph.site.web.reader import page, page_number, site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError, certainty, one_of

blueprint = Blueprint("links", __name__)

MOST_OPENED: Final = 100
_NEAR: Final = 3
_QUESTION: Final = "organisations_and_themes"
"""The question of the catalogue that asks what the matrix shows."""


@blueprint.get("/links")
def links() -> str:
    """Show which organisations are linked to which themes, how often and how surely."""
    found = matrix_page(view(), _asked(), page_number())
    if found is None:
        raise Missing
    cite = cited(words()["links.title"], "/links", "certainty", "sort", "open")
    return page(
        "explore/matrix/links.html", page=found, cite=cite, open_questions=_marks(found.links)
    )


@blueprint.get("/links.<suffix>")
def links_file(suffix: str) -> Response:
    """Serve all cells of the matrix: as rows, as a network, or as RDF."""
    made = matrix(view(), _asked())
    return with_open_questions(_file(made, suffix), _marks(made.links))


def _marks(links: Solutions) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch the answer to the same question of the catalogue."""
    catalogue = site().catalogue
    if _QUESTION not in catalogue:
        return ()
    return touching_answer(view(), catalogue.question(_QUESTION), {}, links)


def _file(made: Matrix, suffix: str) -> Response:
    if suffix == GEXF.name:
        return page_files.file_response(gexf.written(_network(made)), GEXF, "links")
    if suffix in page_files.ROWS:
        return page_files.of_rows(HEADER, rows(linkings(made)), suffix, "links")
    return page_files.of_triples(triples(made), suffix, "links")


def _asked() -> MatrixRequest:
    """Return what the address asks for; raise BadParameterError for what is not known."""
    require_own_graph()
    return MatrixRequest(certainty(), one_of("sort", SORTS, SORTS[0]), _opened())


def _opened() -> tuple[str, ...]:
    """Return the themes that are to be opened; raise BadParameterError for one without narrower."""
    given = [*dict.fromkeys(request.args.getlist("open")[:MOST_OPENED])]
    known = theme_tree(view()).narrower
    for text in given:
        if (iri := iri_written(view(), text)) is None or iri not in known:
            short = {view().addresses.short_or_iri(theme): theme for theme in known}
            nodes = view().nodes(NamedNode(short[name]) for name in near(text, short, _NEAR))
            raise BadParameterError(BadParameter("open", "theme", tuple(nodes.values())))
    return tuple(iri for text in given if (iri := iri_written(view(), text)) is not None)


def _network(made: Matrix) -> Network:
    release, t = site().release, words()
    them = [*linkings(made)]
    ends = [(it.organisation, "organisation") for it in them]
    ends += [(it.column.theme, "theme") for it in them]
    nodes = {node.iri: NetworkNode(node.iri, node.text, {"kind": kind}) for node, kind in ends}
    edges = (
        NetworkEdge(
            it.organisation.iri,
            it.column.theme.iri,
            in_prefixes(it.strength.property),
            it.strength.count,
            attributes={"certainty": it.strength.certainty, "property": it.strength.property},
        )
        for it in them
    )
    return Network(
        t["links.title"],
        CREATORS,
        release.manifest.issued if release else "",
        tuple(nodes.values()),
        tuple(edges),
        directed=False,
        licence=release.manifest.licence if release else "",
    )
