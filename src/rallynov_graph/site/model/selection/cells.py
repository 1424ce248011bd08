"""The cells of a list: the values of each thing by column, each with its certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, rank_of
from rallynov_graph.base.kinds import BACK, DIRECT, THROUGH, ListColumn, ValuePath
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.evidence import DERIVED
from rallynov_graph.site.model.nodes import GraphView, Node

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
    """The certainty of a fact; the empty string where it is explicit, or by curators."""

    certainty: str = ""
    explanation: str | None = None
    """The address of its evidence."""
    has_note: bool = True
    """Whether that is an evidence note; else it is a page that leads to it."""


@dataclass(frozen=True)
class MarkedValue:
    """A value and its certainty."""

    node: Node
    mark: CertaintyMark


@dataclass(frozen=True)
class ListCell:
    """The first values of one column for one thing, the surest first."""

    values: tuple[MarkedValue, ...]
    more: int = 0


@dataclass(frozen=True)
class _BestCertainty:
    rank: int
    derived: bool
    stated: Term
    """The value as the data have it: what is printed is shown with its language."""

    @property
    def certainty(self) -> str:
        return DERIVED if self.derived else CERTAINTIES[self.rank] if self.rank else ""


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
            MarkedValue(nodes[value], _mark(view, thing, column, by_value[value]))
            for *_, value in sorted(admitted, key=lambda found: found[:2])
        ]
        return ListCell(tuple(values[:most]), max(0, len(values) - most))

    return {thing: tuple(cell(thing, column) for column in columns) for thing in things}


def _mark(view: GraphView, thing: str, column: ListColumn, best: _BestCertainty) -> CertaintyMark:
    if column.path.form == THROUGH:
        return CertaintyMark(best.certainty, view.node(thing).href, has_note=False)
    backwards = column.path.form == BACK
    return CertaintyMark(
        best.certainty, view.note_address(thing, column.path.property, best.stated, backwards)
    )


def class_marks(view: GraphView, things: Sequence[str]) -> dict[str, CertaintyMark]:
    """Return the certainty of the class of each thing."""
    found = cells_of_things(view, things, (_CLASS,), LEAST_SURE)
    return {
        thing: next((value.mark for value in cell.values), CertaintyMark())
        for thing, (cell,) in found.items()
    }


def _read_certainties(
    view: GraphView, things: Sequence[str], columns: Sequence[ListColumn]
) -> CertaintiesByValue:
    found: CertaintiesByValue = {}
    for form, query in _QUERIES.items():
        wanted = [column for column in columns if column.path.form == form]
        terms = {"property": {NamedNode(column.path.property) for column in wanted}}
        if form == THROUGH:
            terms["further"] = {NamedNode(column.path.further) for column in wanted}
        if not wanted:
            continue
        names = {
            column.path.further if form == THROUGH else column.path.property: column.name
            for column in wanted
        }
        rows = view.queries.rows(query, thing=map(NamedNode, things), **terms)
        for row in rows:
            _put(view, found, names, row, "further" if form == THROUGH else "property")
    return found


def _put(
    view: GraphView, found: CertaintiesByValue, names: dict[str, str], row: Row, by: str
) -> None:
    thing, prop, value = row["thing"], row[by], row["value"]
    if not (isinstance(thing, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return
    ranks = [_rank(row[how]) for how in ("how", "other_how") if how in row]
    best = _BestCertainty(max(ranks), row.get("inference") is not None, value)
    value = in_carnet_language(view, prop.value, value)
    values = found.setdefault((thing.value, names[prop.value]), {})
    known = values.get(value)
    if known is None or (best.rank, best.derived) < (known.rank, known.derived):
        values[value] = best


def _rank(certainty: Term | None) -> int:
    if not isinstance(certainty, NamedNode):
        return 0
    name = certainty.value.removeprefix(RN)
    return rank_of(name) if name in CERTAINTIES else 0
