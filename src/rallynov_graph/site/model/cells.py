"""The cells of a list: the values of each thing by column, each with its certainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.kinds import (
    BACK,
    CERTAINTY,
    DIRECT,
    THROUGH,
    WITHIN,
    ListColumn,
    ValuePath,
)
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection import Selection, Source
from rallynov_graph.site.model.statement import CURATION

MOST: Final = 12
"""How many values of a column a list shows for one thing."""
_QUERIES: Final = {
    DIRECT: "list_cells",
    BACK: "list_cells_back",
    THROUGH: "list_cells_through",
}
_CLASS: Final = ListColumn("class", ValuePath(DIRECT, TYPE))


@dataclass(frozen=True)
class CertaintyMark:
    """The certainty of a fact, and the way to its evidence."""

    certainty: str = ""
    """Curation where curators or other sources say it; the empty string where none is known."""
    explanation: str | None = None
    """The address of its evidence."""
    has_note: bool = True
    """Whether that is an evidence note; else it is a page that leads to it."""


@dataclass(frozen=True)
class MarkedValue:
    """A value as pages show it and as the data have it, and its certainty."""

    node: Node
    mark: CertaintyMark
    term: Term


@dataclass(frozen=True)
class ListCell:
    """The first values of one column for one thing, the surest first."""

    values: tuple[MarkedValue, ...]
    more: int = 0


@dataclass(frozen=True)
class _BestCertainty:
    rank: int
    is_said: bool
    """Whether a document says it, or a rule concludes it; else curators or other sources do."""
    derived: bool
    stated: Term
    """The value as the data have it: what is printed is shown with its language."""

    @property
    def key(self) -> tuple[int, bool, bool]:
        """A key that sorts the surest first."""
        return self.rank, not self.is_said, self.derived

    @property
    def certainty(self) -> str:
        return CERTAINTIES[self.rank] if self.is_said else CURATION


CertaintiesByValue = dict[tuple[str, str], dict[Term, _BestCertainty]]
"""The values by thing and column, each with its best certainty."""


def cells_of_things(
    view: GraphView,
    things: Sequence[str],
    columns: Sequence[ListColumn],
    certainty: str,
    most: int = MOST,
) -> dict[str, tuple[ListCell, ...]]:
    """Return the cells of each thing, with the first values of at least this certainty."""
    certainties = _read_certainties(view, things, columns)
    admitted_rank = rank_of(certainty)
    nodes = view.nodes(term for by_value in certainties.values() for term in by_value)

    def cell(thing: str, column: ListColumn) -> ListCell:
        by_value = certainties.get((thing, column.name), {})
        found = [value for value, best in by_value.items() if best.rank <= admitted_rank]
        admitted = [
            (by_value[value].rank, nodes[value].text, value)
            for value in in_page_language(view, found, lambda term: term)
        ]
        values = [
            MarkedValue(
                nodes[value],
                _mark(view, thing, column, by_value[value]),
                by_value[value].stated,
            )
            for *_, value in sorted(admitted, key=lambda found: found[:2])
        ]
        return ListCell(tuple(values[:most]), max(0, len(values) - most))

    return {thing: tuple(cell(thing, column) for column in columns) for thing in things}


def _mark(view: GraphView, thing: str, column: ListColumn, best: _BestCertainty) -> CertaintyMark:
    if column.path.form == THROUGH:
        return CertaintyMark(best.certainty, view.node(thing).href, False)
    if not best.is_said:
        return CertaintyMark(best.certainty)
    backwards = column.path.form == BACK
    note = view.note_address(thing, column.path.property, best.stated, backwards)
    return CertaintyMark(best.certainty, note)


def answer_marks(
    view: GraphView, things: Sequence[str], selection: Selection
) -> dict[str, CertaintyMark]:
    """Return how surely each thing of a list answers the choices, with the evidence of that.

    It does by its class and by one value of each facet with choices, each as surely as its best
    path; the weakest of them decides. That one value lies within another is the curators' word,
    and weakens nothing.
    """
    wanted = (_CLASS, _classes(view, selection.source)), *_chosen_values(view, selection)
    weakest: dict[str, tuple[int, CertaintyMark]] = {}
    for column, terms in wanted:
        certainties = _read_certainties(view, things, (column,))
        for thing in things:
            known = certainties.get((thing, column.name), {}).values()
            found = [it for it in known if terms is None or it.stated in terms]
            best = min(found, key=lambda it: it.key, default=None)
            if best and best.rank >= weakest.get(thing, (0, None))[0]:
                weakest[thing] = best.rank, _mark(view, thing, column, best)
    return {thing: mark for thing, (_, mark) in weakest.items()}


def _classes(view: GraphView, source: Source) -> frozenset[Term] | None:
    """Return the classes whose things a list has; None where it has those of any class."""
    if not source.of_class:
        return None
    of_class = NamedNode(source.of_class)
    rows = view.queries.rows("superclasses").rows
    return frozenset({of_class, *(below for below, above in rows if above == of_class and below)})


def _chosen_values(
    view: GraphView, selection: Selection
) -> Iterator[tuple[ListColumn, frozenset[Term]]]:
    """Yield the facets with choices, each with the values by which a thing answers them."""
    for facet in selection.source.facets:
        path, values = facet.path, {*selection.choices.chosen.get(facet.name, ())}
        if not values or path.form == CERTAINTY:
            continue
        if path.form == WITHIN:
            pairs = view.queries.rows("wider_values", further=NamedNode(path.further)).rows
            values |= {near for near, wider in pairs if wider in values and near is not None}
            path = ValuePath(DIRECT, path.property)
        yield ListColumn(facet.name, path), frozenset(values)


def _read_certainties(
    view: GraphView, things: Sequence[str], columns: Sequence[ListColumn]
) -> CertaintiesByValue:
    found: CertaintiesByValue = {}
    for form, query in _QUERIES.items():
        wanted = [column for column in columns if column.path.form == form]
        if not wanted:
            continue
        terms = {"property": {NamedNode(column.path.property) for column in wanted}}
        if form == THROUGH:
            terms["further"] = {NamedNode(column.path.further) for column in wanted}
        names = {column.path.last(): column.name for column in wanted}
        for row in view.queries.rows(query, thing=map(NamedNode, things), **terms):
            thing, prop, stated = row["thing"], row[[*terms][-1]], row["value"]
            assert isinstance(thing, NamedNode) and isinstance(prop, NamedNode)
            assert stated is not None
            hows = [row[how] for how in ("how", "other_how") if how in row]
            is_said = any(how is not None for how in hows)
            is_derived = row.get("inference") is not None
            best = _BestCertainty(max(map(_rank, hows)), is_said, is_derived, stated)
            value = in_carnet_language(view, prop.value, stated)
            values = found.setdefault((thing.value, names[prop.value]), {})
            if value not in values or best.key < values[value].key:
                values[value] = best
    return found


def _rank(certainty: Term | None) -> int:
    if not isinstance(certainty, NamedNode):
        return 0
    name = certainty.value.removeprefix(RN)
    return rank_of(name) if name in CERTAINTIES else 0
