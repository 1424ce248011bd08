"""The matrix of organisations and themes as a way to look at the organisations of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.exports.networks import empty_network, gexf
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.site.explore.matrix.matrix_data import HEADER, linkings, rows, triples
from rallynov_graph.site.explore.matrix.page import (
    SORTS,
    Address,
    Matrix,
    MatrixPage,
    MatrixRequest,
    matrix,
    matrix_page,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.links.organisations_and_themes import theme_tree
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_answer
from rallynov_graph.site.model.thing_choice import iri_written
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings, ListState, ListView
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError

NAME: Final = "matrix"
MOST_OPENED: Final = 100
_NEAR: Final = 3
_QUESTION: Final = "themes_of_organisation"
"""The question of the catalogue that asks what the matrix shows."""


@dataclass(frozen=True)
class MatrixShown:
    """What the matrix of the organisations of a list shows."""

    page: MatrixPage
    marks: tuple[OpenQuestionMark, ...]
    """The open questions that touch those links."""


def shown(listed: ListedThings) -> MatrixShown | None:
    """Return what the matrix of a list shows; None where it has not so many pages."""
    found = matrix_page(
        listed.view, _request(listed), listed.state.number, listed.things, _address(listed)
    )
    return MatrixShown(found, touching_links(found.links)) if found else None


def file(listed: ListedThings, suffix: str) -> Response:
    """Return all cells of the matrix of a list: one a line, as a graph, or as statements."""
    return matrix_file(matrix(listed.view, _request(listed), listed.things), suffix)


def matrix_file(made: Matrix, suffix: str) -> Response:
    """Return the matrix of organisations and themes in the format of a suffix."""
    if suffix == GEXF.name:
        return page_files.file_response(_network(made), GEXF, "links")
    if suffix in page_files.ROWS:
        return page_files.of_rows(HEADER, rows(linkings(made)), suffix, "links")
    return page_files.of_triples(triples(made), suffix, "links")


def touching_links(links: Solutions) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch the answer to the same question of the catalogue."""
    catalogue = site().catalogue
    if _QUESTION not in catalogue:
        return ()
    return touching_answer(view(), catalogue.question(_QUESTION), {}, links)


def opened(given: Iterable[str]) -> tuple[str, ...]:
    """Return the themes that are to be opened; raise BadParameterError for one without narrower."""
    texts = [*dict.fromkeys(given)][:MOST_OPENED]
    known = theme_tree(view()).narrower
    for text in texts:
        if (iri := iri_written(view(), text)) is None or iri not in known:
            short = {view().addresses.short_or_iri(theme): theme for theme in known}
            nodes = view().nodes(NamedNode(short[name]) for name in near(text, short, _NEAR))
            raise BadParameterError(BadParameter("open", "theme", tuple(nodes.values())))
    return tuple(iri for text in texts if (iri := iri_written(view(), text)) is not None)


def _request(listed: ListedThings) -> MatrixRequest:
    return MatrixRequest(
        listed.selection.choices.certainty,
        listed.state.sort,
        opened(listed.state.values("open")),
    )


def _address(listed: ListedThings) -> Address:
    def address(request: MatrixRequest, number: int) -> str:
        short = listed.view.addresses.short_or_iri
        own = tuple(("open", short(theme)) for theme in request.opened)
        return listed.address(ListState(request.sort, number, own))

    return address


def _network(made: Matrix) -> bytes:
    them, release = [*linkings(made)], site().release
    manifest = release.manifest if release else None
    network = empty_network(
        words()["shared.organisations_and_themes"],
        manifest.issued if manifest else "",
        manifest.licence if manifest else "",
        is_directed=False,
    )
    ends = [(it.organisation, "organisation") for it in them]
    ends += [(it.column.theme, "theme") for it in them]
    for node, kind in ends:
        network.add_node(node.iri or node.text, label=node.text, kind=kind)
    for it in them:
        network.add_edge(
            it.organisation.iri,
            it.column.theme.iri,
            kind=in_prefixes(it.strength.property),
            weight=it.strength.count,
            certainty=it.strength.certainty,
            property=it.strength.property,
        )
    return gexf(network)


VIEW: Final = ListView(
    NAME,
    "explore/matrix/matrix.html",
    shown,
    place=20,
    kind="organisation",
    sorts=SORTS,
    parameters=frozenset({"open"}),
    tables=page_files.ROWS,
    graphs=("ttl", GEXF.name),
    file=file,
)
