"""The matrix as a way to look at the things of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import THROUGH, Facet
from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.exports import gexf
from rallynov_graph.exports.citation_formats import CREATORS
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.site.explore.matrix import value_matrix
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
from rallynov_graph.site.explore.matrix.value_matrix import (
    MOST_ROWS,
    ValueMatrix,
    rows_of,
    triples_of,
    ways,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.links.organisations_and_themes import theme_tree
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_answer
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.model.thing_choice import iri_written
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings, ListState, ListView
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError

NAME: Final = "matrix"
MOST_OPENED: Final = 100
_NEAR: Final = 3
_QUESTION: Final = "organisations_and_themes"
"""The question of the catalogue that asks what the matrix of organisations shows."""
_COUNTED: Final = ("organisation", "theme")
"""The kind whose links to the values of a facet are counted by their evidence, and that facet."""


@dataclass(frozen=True)
class MatrixShown:
    """What the matrix of a list shows."""

    by: str
    """The facet whose values are the columns."""
    others: tuple[tuple[str, str], ...]
    """The facets whose values could be, each with the address of that matrix."""
    evidence: MatrixPage | None
    """How much evidence links organisations to themes."""
    marks: tuple[OpenQuestionMark, ...]
    """The open questions that touch those links."""
    values: ValueMatrix | None
    """Which thing has which value."""
    pages: PageRange


def shown(listed: ListedThings) -> MatrixShown | None:
    """Return what the matrix of a list shows; None where it has not so many pages."""
    facets, state = ways(listed.selection.source), listed.state
    by = _facet(listed, facets)
    evidence, values = None, None
    marks: tuple[OpenQuestionMark, ...] = ()
    if _is_counted(listed, by):
        evidence = matrix_page(
            listed.view, _request(listed), state.number, listed.things, _address(listed)
        )
        if evidence is None:
            return None
        pages, marks = evidence.pages, touching_links(evidence.links)
    else:
        count = max(1, -(-len(listed.things) // MOST_ROWS))
        if state.number > count:
            return None
        some = listed.things[(state.number - 1) * MOST_ROWS :][:MOST_ROWS]
        values = value_matrix.value_matrix(listed.view, listed.selection, some, by, state.sort)
        pages = _pages(listed, count)
    return MatrixShown(
        by.name,
        tuple(
            (facet.name, listed.address(ListState(state.sort, own=_by(facet, facets))))
            for facet in facets
        ),
        evidence,
        marks,
        values,
        pages,
    )


def file(listed: ListedThings, suffix: str) -> Response:
    """Return all cells of the matrix of a list: one a line, as a graph, or as statements."""
    by = _facet(listed, ways(listed.selection.source))
    if _is_counted(listed, by):
        return matrix_file(matrix(listed.view, _request(listed), listed.things), suffix)
    found = value_matrix.value_matrix(
        listed.view, listed.selection, listed.things, by, listed.state.sort
    )
    if suffix == GEXF.name:
        return page_files.file_response(gexf.written(_network_of_values(listed, found)), GEXF, NAME)
    if suffix in page_files.ROWS:
        return page_files.of_rows(value_matrix.HEADER, rows_of(found), suffix, NAME)
    if by.path.form == THROUGH:
        return page_files.of_things((row.thing.iri for row in found.rows), suffix, NAME)
    return page_files.of_triples(triples_of(found, by.path), suffix, NAME)


def matrix_file(made: Matrix, suffix: str) -> Response:
    """Return the matrix of organisations and themes in the format of a suffix."""
    if suffix == GEXF.name:
        return page_files.file_response(gexf.written(_network(made)), GEXF, "links")
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


def _facet(listed: ListedThings, facets: tuple[Facet, ...]) -> Facet:
    wanted = next(iter(listed.state.values("by")), facets[0].name)
    found = next((facet for facet in facets if facet.name == wanted), None)
    if found is None:
        allowed = tuple(Node(facet.name) for facet in facets)
        raise BadParameterError(BadParameter("by", "one_of", allowed=allowed))
    return found


def _by(facet: Facet, facets: tuple[Facet, ...]) -> tuple[tuple[str, str], ...]:
    return () if facet == facets[0] else (("by", facet.name),)


def _is_counted(listed: ListedThings, by: Facet) -> bool:
    return (listed.selection.source.kind, by.name) == _COUNTED


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


def _pages(listed: ListedThings, count: int) -> PageRange:
    state = listed.state

    def at(number: int) -> str:
        return listed.address(replace(state, number=number))

    return PageRange(
        state.number,
        count,
        at(state.number - 1) if state.number > 1 else None,
        at(state.number + 1) if state.number < count else None,
    )


def _offered(_view: GraphView, source: Source) -> bool:
    return source.certain and bool(ways(source))


def _network(made: Matrix) -> Network:
    them = [*linkings(made)]
    ends = [(it.organisation, "organisation") for it in them]
    ends += [(it.column.theme, "theme") for it in them]
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
    return _named_network(words()["links.title"], ends, edges)


def _network_of_values(listed: ListedThings, found: ValueMatrix) -> Network:
    kind = listed.selection.source.kind
    ends = [(row.thing, kind) for row in found.rows] + [(node, found.by) for node in found.columns]
    edges = (
        NetworkEdge(thing, value or text, found.by, 1, attributes={"certainty": how})
        for thing, _, value, text, how in rows_of(found)
    )
    return _named_network(_title(listed), ends, edges)


def _title(listed: ListedThings) -> str:
    """Return what the things of a list are called, those of a class by its name."""
    source = listed.selection.source
    if source.kind:
        return words()[f"kind.{source.kind}"]
    return listed.view.node(source.of_class).text


def _named_network(
    title: str, ends: Iterable[tuple[Node, str]], edges: Iterable[NetworkEdge]
) -> Network:
    release = site().release
    nodes = {
        node.iri: NetworkNode(node.iri or node.text, node.text, {"kind": kind})
        for node, kind in ends
    }
    return Network(
        title,
        CREATORS,
        release.manifest.issued if release else "",
        tuple(nodes.values()),
        tuple(edges),
        directed=False,
        licence=release.manifest.licence if release else "",
    )


VIEW: Final = ListView(
    NAME,
    "explore/matrix/matrix.html",
    shown,
    place=20,
    offered=_offered,
    sorts=SORTS,
    parameters=frozenset({"by", "open"}),
    tables=page_files.ROWS,
    graphs=("ttl", GEXF.name),
    file=file,
)
