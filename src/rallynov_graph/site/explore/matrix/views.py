"""The things of a list × those that they are linked to: how many pieces of evidence link each.

In our own graph these are organisations × themes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask import Response
from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.namespaces import in_prefixes
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.exports.networks import empty_network, gexf
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.site.model.links.organisations_and_themes import (
    LINKED,
    Cell,
    EvidenceIndex,
    evidence_index,
    index_of_statements,
    theme_tree,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_answer
from rallynov_graph.site.model.ordering import PageRange, paginate, sortable
from rallynov_graph.site.model.selection import LinkedBy
from rallynov_graph.site.model.thing_choice import iri_written
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.error_pages import BadParameterError
from rallynov_graph.site.web.feature import ListedThings, ListState, ListView
from rallynov_graph.site.web.params import Of, Wrong, several, way_chosen, ways_of
from rallynov_graph.site.web.reader import site, view, words

if TYPE_CHECKING:
    from networkx import Graph

NAME: Final = "matrix"
SORTS: Final = ("size", "name", "similarity")
SIZE: Final = 200
"""How many organisations a page shows."""
MOST_OPENED: Final = 100
_TURNS: Final = 300
_DIGITS: Final = 6
"""The number of digits to which places on a line are compared."""
_NEAR: Final = 3
_QUESTION: Final = "themes_of_organisation"
"""The question of the catalogue that asks what the matrix shows."""
MOST_COLUMNS: Final = 100
"""How many columns the links of a property have: those with most things."""


def _theme_to_open(text: str) -> str:
    """Return a theme that is to be opened; raise Wrong for one without narrower ones."""
    iri, known = iri_written(view(), text), theme_tree(view()).narrower
    if iri is None or iri not in known:
        short = {view().addresses.short_or_iri(theme): theme for theme in known}
        nodes = view().nodes(NamedNode(short[name]) for name in near(text, short, _NEAR))
        raise Wrong("theme", nodes.values())
    return iri


_OPEN: Final = several(Of(_theme_to_open, {"type": "string"}), MOST_OPENED)


@dataclass(frozen=True)
class MatrixSettings:
    """The reader's settings of the matrix."""

    certainty: str
    sort: str
    open: tuple[str, ...]
    """The IRIs of the themes whose narrower themes have columns of their own."""
    link: LinkedBy
    """What links the things to the columns."""


Address = Callable[[MatrixSettings, int], str]
"""Returns the address of a page of the matrix as it is asked for."""


@dataclass(frozen=True)
class ThemeColumn:
    """A theme with everything within it, or alone if it is opened and addressed itself."""

    theme: Node
    depth: int = 0
    within: Node | None = None
    """The opened theme that it is a part of."""
    alone: bool = False
    """Whether only what addresses the theme itself is counted."""
    is_open: bool = False
    switch: str = ""
    """The address that opens or closes its narrower themes; empty if it has none."""


@dataclass(frozen=True)
class Matrix:
    """All organisations and all columns, in order, and what links them."""

    view: GraphView
    columns: tuple[ThemeColumn, ...]
    organisations: tuple[Node, ...]
    found: EvidenceIndex

    def cell(self, organisation: Node, column: ThemeColumn) -> Cell | None:
        """Return the link between an organisation and the theme of a column, or None."""
        pair = organisation.iri, column.theme.iri
        return self.found.cell(self.view, pair, alone=column.alone)


def matrix(
    view: GraphView,
    request: MatrixSettings,
    among: Sequence[str],
    address: Address = lambda _request, _number: "#",
) -> Matrix:
    """Return the matrix of some organisations at a minimum certainty, in the order asked for."""
    if request.link.path == LINKED:
        every, wanted = evidence_index(view, request.certainty), frozenset(among)
        directly = {pair: ranks for pair, ranks in every.directly.items() if pair[0] in wanted}
        found = replace(every, directly=directly)
    else:
        found = _with_fewer_columns(
            index_of_statements(view, among, request.link, request.certainty)
        )
    nodes = view.nodes(NamedNode(iri) for pair in found.within for iri in pair)
    columns = _Columns(request, found, nodes, address)
    organisations, place = _in_order(request.sort, found, nodes, columns)
    rows = tuple(nodes[NamedNode(one)] for one in organisations)
    return Matrix(view, tuple(columns.walk(place)), rows, found)


def _with_fewer_columns(found: EvidenceIndex) -> EvidenceIndex:
    """Return the evidence of the columns with most things."""
    sizes = Counter(column for _, column in found.directly)
    if len(sizes) <= MOST_COLUMNS:
        return found
    those = {*sorted(sizes, key=lambda it: (-sizes[it], it))[:MOST_COLUMNS]}
    some = {pair: ranks for pair, ranks in found.directly.items() if pair[1] in those}
    return replace(found, directly=some, left=len(sizes) - MOST_COLUMNS)


@dataclass(frozen=True)
class _Columns:
    """The columns of the themes that are there, as they are opened."""

    request: MatrixSettings
    found: EvidenceIndex
    nodes: Mapping[Term, Node]
    address: Address

    def walk(self, place: Mapping[str, int], way: tuple[str, ...] = ()) -> Iterator[ThemeColumn]:
        """Yield the columns of the largest themes, or of those below others, in their places."""
        themes = self.found.narrower(way[-1]) if way else self.found.themes
        within = self.nodes[NamedNode(way[-1])] if way else None
        for theme in sorted(themes, key=lambda iri: place[iri]):
            if theme in way:
                continue
            node, depth = self.nodes[NamedNode(theme)], len(way)
            switch = self._switch(theme) if self.found.narrower(theme) else ""
            is_open = bool(switch) and theme in self.request.open
            yield ThemeColumn(node, depth, within, is_open=is_open, switch=switch)
            if is_open:
                if theme in self.found.addressed:
                    yield ThemeColumn(node, depth + 1, node, alone=True)
                yield from self.walk(place, (*way, theme))

    def _switch(self, theme: str) -> str:
        """Return the address of the matrix after opening or closing a theme."""
        opened = self.request.open
        others = tuple(one for one in opened if one != theme)
        request = replace(self.request, open=others if theme in opened else (*opened, theme))
        return self.address(request, 1)


def _in_order(
    sort: str, found: EvidenceIndex, nodes: Mapping[Term, Node], columns: _Columns
) -> tuple[list[str], dict[str, int]]:
    """Return the organisations in order, and the place of each theme among all others."""

    def by_name(iris: Iterable[str]) -> list[str]:
        return sorted({*iris}, key=lambda iri: (sortable(nodes[NamedNode(iri)].text), iri))

    organisations = by_name(one for one, _ in found.within)
    themes = by_name(theme for _, theme in found.within)
    if sort == "size":
        sizes = Counter(one for one, _ in found.directly)
        sizes.update(theme for _, theme in found.within)
        organisations.sort(key=lambda iri: -sizes[iri])
        themes.sort(key=lambda iri: -sizes[iri])
    elif sort == "similarity":
        shown = columns.walk({theme: place for place, theme in enumerate(themes)})
        those = [column.theme.iri for column in shown if not column.alone]
        weights = {pair: len(of) for pair, of in found.within.items() if pair[1] in {*those}}
        organisations, themes = alike(organisations, those, weights)
    return organisations, {theme: place for place, theme in enumerate(themes)}


def alike(
    rows: Sequence[str], columns: Sequence[str], weights: Mapping[tuple[str, str], int]
) -> tuple[list[str], list[str]]:
    """Return rows and columns sorted so that similar ones are adjacent.

    The weights are those of pairs of a row and a column. What is linked is together, the largest
    part first; within it the order is the first axis of a correspondence analysis. Ties keep the
    given order.
    """
    import networkx

    given = {it: place for place, it in enumerate((*rows, *columns))}
    graph = networkx.Graph()
    graph.add_nodes_from(given)
    graph.add_weighted_edges_from(sorted((*pair, weight) for pair, weight in weights.items()))
    parts = sorted(
        networkx.connected_components(graph),
        key=lambda part: (-len(part), min(given[it] for it in part)),
    )
    places: dict[str, tuple[int, float]] = {}
    for number, part in enumerate(parts):
        on_axis = _first_axis(graph.subgraph(part), {it: float(given[it]) for it in sorted(part)})
        places |= {it: (number, place) for it, place in on_axis.items()}
    return sorted(rows, key=lambda it: places[it]), sorted(columns, key=lambda it: places[it])


def _first_axis(graph: Graph, at: dict[str, float]) -> dict[str, float]:
    """Return the places of nodes on a line: each moves towards the mean of those it is linked to.

    What is left apart from the mean of all is the order; the heaviest node is on the left.
    """
    heavy = dict(graph.degree(weight="weight"))
    for _ in range(_TURNS):
        means = {
            it: sum(at[other] * of["weight"] for other, of in graph[it].items()) / (heavy[it] or 1)
            for it in at
        }
        moved = {it: at[it] + means[it] for it in at}
        middle = sum(moved[it] * heavy[it] for it in at) / (sum(heavy.values()) or 1)
        longest = max(abs(place - middle) for place in moved.values()) or 1
        at = {it: (place - middle) / longest for it, place in moved.items()}
    turn = -1 if at[max(at, key=lambda it: heavy[it])] > 0 else 1
    return {it: round(turn * place, _DIGITS) for it, place in at.items()}


# The page


@dataclass(frozen=True)
class MatrixShown:
    """The matrix of a list of organisations, or of other things."""

    name: str
    """What it shows, in words."""
    ways: tuple[Node, ...]
    """What else links its things, each with the address that shows it."""
    is_of_themes: bool
    left: int
    """How many columns are left out."""
    opened: tuple[str, ...]
    columns: tuple[ThemeColumn, ...]
    rows: tuple[tuple[Node, tuple[Cell | None, ...]], ...]
    """The organisations, each with a cell for each column; None if nothing links them."""
    total: int
    """How many organisations all pages have."""
    pages: PageRange
    everything: str
    """The address that opens all large themes, or closes the open ones; empty if there are none."""
    marks: tuple[OpenQuestionMark, ...]
    """The open questions that touch these links."""


def _shown(listed: ListedThings) -> MatrixShown | None:
    """Return the matrix of a list; None if it has fewer pages."""
    asked, address, number = _request(listed), _address(listed), listed.state.number
    made = matrix(listed.view, asked, listed.things, address)
    found = paginate(made.organisations, number, SIZE, lambda page: address(asked, page))
    if found is None:
        return None
    organisations, pages = found
    openable = tuple(theme for theme in made.found.themes if made.found.narrower(theme))
    everything = replace(asked, open=() if asked.open else openable)
    keys = [it.key for it in listed.selection.source.links]
    return MatrixShown(
        _name(listed, asked.link),
        ways_of(listed, "link", keys),
        asked.link.path == LINKED,
        made.found.left,
        asked.open,
        made.columns,
        tuple(
            (one, tuple(made.cell(one, column) for column in made.columns)) for one in organisations
        ),
        len(made.organisations),
        pages,
        address(everything, 1) if openable else "",
        _touching(made),
    )


def _request(listed: ListedThings) -> MatrixSettings:
    try:
        themes = _OPEN.of_texts([*listed.state.values("open")])
    except Wrong as error:
        raise BadParameterError(error.of("open")) from None
    links = {it.key: it for it in listed.selection.source.links}
    link = links[way_chosen(listed, "link", [*links])]
    return MatrixSettings(listed.selection.choices.certainty, listed.state.sort, themes, link)


def _name(listed: ListedThings, link: LinkedBy) -> str:
    if link.path == LINKED:
        return words()["shared.organisations_and_themes"]
    iris = [NamedNode(it) for it in (listed.selection.source.of_class, link.path)]
    nodes = listed.view.nodes(iris)
    return " × ".join(nodes[it].text for it in iris)


def _address(listed: ListedThings) -> Address:
    kept = tuple(pair for pair in listed.state.own if pair[0] == "link")

    def address(request: MatrixSettings, number: int) -> str:
        short = listed.view.addresses.short_or_iri
        own = (*kept, *(("open", short(theme)) for theme in request.open))
        return listed.address(ListState(request.sort, number, own))

    return address


def _touching(made: Matrix) -> tuple[OpenQuestionMark, ...]:
    """Return the open questions that touch the answer to the same question of the catalogue."""
    catalogue = site().catalogue
    if made.found.linked != LINKED or _QUESTION not in catalogue:
        return ()
    pairs = (tuple(map(NamedNode, pair)) for pair in made.found.directly)
    links = Solutions(("organisation", "theme"), tuple(pairs))
    return touching_answer(view(), catalogue.question(_QUESTION), {}, links)


# The files


def _file(listed: ListedThings, suffix: str) -> Response:
    """Return all cells of a matrix in the format of a suffix: a line for each, a graph, or RDF."""
    asked = _request(listed)
    made = matrix(listed.view, asked, listed.things)
    is_of_themes = asked.link.path == LINKED
    kinds = ("organisation", "theme") if is_of_themes else ("thing", "value")
    them = [*_linkings(made)]
    if suffix == GEXF.name:
        network = _network(_name(listed, asked.link), kinds, them)
        return page_files.file_response(network, GEXF, "links")
    if suffix in page_files.ROWS:
        rows = (
            (
                *(one.iri, one.text, column.theme.iri, column.theme.text),
                *(bool(column.switch), it.count, it.certainty),
            )
            for one, column, it in them
        )
        named = (name for kind in kinds for name in (kind, f"{kind}_label"))
        header = (*named, "with_narrower", "evidence", "certainty")
        return page_files.of_rows(header, rows, suffix, "links")
    return page_files.of_triples(_triples(made, them), suffix, "links")


_Linking = tuple[Node, ThemeColumn, Cell]


def _linkings(made: Matrix) -> Iterator[_Linking]:
    """Yield the links between each organisation and each theme, without double counting.

    An opened theme only counts links to itself.
    """
    for one in made.organisations:
        for column in made.columns:
            cell = None if column.is_open else made.cell(one, column)
            if cell is not None:
                yield one, column, cell


def _triples(made: Matrix, them: Iterable[_Linking]) -> Iterator[Triple]:
    for one, column, cell in them:
        pair = one.iri, column.theme.iri
        direct = [made.found.linked] if pair in made.found.directly else []
        properties = filter(None, {cell.prop, *direct})
        for prop in sorted(properties):
            yield Triple(NamedNode(pair[0]), NamedNode(prop), NamedNode(pair[1]))


def _network(name: str, kinds: tuple[str, str], them: Collection[_Linking]) -> bytes:
    release = site().release
    manifest = release.manifest if release else None
    network = empty_network(
        name,
        manifest.issued if manifest else "",
        manifest.licence if manifest else "",
        is_directed=False,
    )
    ends = [(one, kinds[0]) for one, _, _ in them]
    ends += [(column.theme, kinds[1]) for _, column, _ in them]
    for node, kind in ends:
        network.add_node(node.iri or node.text, label=node.text, kind=kind)
    for one, column, cell in them:
        network.add_edge(
            one.iri,
            column.theme.iri,
            kind=in_prefixes(cell.prop),
            weight=cell.count,
            certainty=cell.certainty,
            property=cell.prop,
        )
    return gexf(network)


VIEW: Final = ListView(
    NAME,
    "explore/matrix/matrix.html",
    _shown,
    place=20,
    needs="links",
    sorts=SORTS,
    parameters=frozenset({"link", "open"}),
    tables=page_files.ROWS,
    graphs=("ttl", GEXF.name),
    file=_file,
)
