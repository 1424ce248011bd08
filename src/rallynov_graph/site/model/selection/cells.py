"""What a list shows of each thing, and how surely each of it is said."""

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
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.evidence import DERIVED
from rallynov_graph.site.model.nodes import GraphView, Node

MOST: Final = 12
"""How many values of a column a list shows of one thing."""
_QUERIES: Final = {
    DIRECT: "list_cells",
    BACK: "list_cells_back",
    THROUGH: "list_cells_through",
}
_CLASS: Final = ListColumn("class", ValuePath(DIRECT, TYPE))


@dataclass(frozen=True)
class Mark:
    """How surely a fact is said; nothing where it is said outright, or by curators."""

    how: str = ""
    why: str | None = None
    """Where its evidence is shown."""


@dataclass(frozen=True)
class Marked:
    """A value and how surely it is said."""

    node: Node
    mark: Mark


@dataclass(frozen=True)
class Cell:
    """The values of one column for one thing, the surest first, and how many are not shown."""

    values: tuple[Marked, ...]
    more: int = 0


@dataclass(frozen=True)
class _Told:
    rank: int
    derived: bool

    @property
    def how(self) -> str:
        return DERIVED if self.derived else CERTAINTIES[self.rank] if self.rank else ""


Said = dict[tuple[str, str], dict[Term, _Told]]
"""By thing and column: each value, and how it is said at best."""


def cells(
    view: GraphView, things: Sequence[str], columns: Sequence[ListColumn], certainty: str
) -> dict[str, tuple[Cell, ...]]:
    """Return the cells of each thing, with what is at least so certain."""
    said = _said(view, things, columns)
    most = rank_of(certainty)
    nodes = view.nodes(term for told in said.values() for term in told)

    def cell(thing: str, column: ListColumn) -> Cell:
        told = said.get((thing, column.name), {})
        kept = [(t.rank, nodes[v].text, v) for v, t in told.items() if t.rank <= most]
        values = [
            Marked(nodes[v], _mark(view, thing, column, v, told[v]))
            for *_, v in sorted(kept, key=lambda found: found[:2])
        ]
        return Cell(tuple(values[:MOST]), max(0, len(values) - MOST))

    return {thing: tuple(cell(thing, column) for column in columns) for thing in things}


def _mark(view: GraphView, thing: str, column: ListColumn, value: Term, told: _Told) -> Mark:
    if not told.how:
        return Mark()
    if column.path.form == THROUGH or not isinstance(value, NamedNode):
        return Mark(told.how, view.node(thing).href)
    ends = (thing, value.value)
    subject, other = reversed(ends) if column.path.form == BACK else ends
    return Mark(told.how, view.addresses.why(subject, column.path.property, other))


def marks(view: GraphView, things: Sequence[str]) -> dict[str, Mark]:
    """Return how surely each thing is said to be what it is."""
    found = cells(view, things, (_CLASS,), LEAST_SURE)
    return {
        thing: next((value.mark for value in cell.values), Mark())
        for thing, (cell,) in found.items()
    }


def _said(view: GraphView, things: Sequence[str], columns: Sequence[ListColumn]) -> Said:
    found: Said = {}
    for form, query in _QUERIES.items():
        wanted = [c for c in columns if c.path.form == form]
        given = {"property": {NamedNode(c.path.property) for c in wanted}}
        if form == THROUGH:
            given["further"] = {NamedNode(c.path.further) for c in wanted}
        if not wanted:
            continue
        names = {c.path.further if form == THROUGH else c.path.property: c.name for c in wanted}
        rows = view.queries.rows(query, thing=map(NamedNode, things), **given)
        for row in rows:
            _put(view, found, names, row, "further" if form == THROUGH else "property")
    return found


def _put(view: GraphView, found: Said, names: dict[str, str], row: Row, by: str) -> None:
    thing, prop, value = row["thing"], row[by], row["value"]
    if not (isinstance(thing, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return
    ranks = [_rank(row[how]) for how in ("how", "other_how") if how in row]
    told = _Told(max(ranks), row.get("inference") is not None)
    value = worded(view, prop.value, value)
    values = found.setdefault((thing.value, names[prop.value]), {})
    known = values.get(value)
    if known is None or (told.rank, told.derived) < (known.rank, known.derived):
        values[value] = told


def _rank(how: Term | None) -> int:
    if not isinstance(how, NamedNode):
        return 0
    name = how.value.removeprefix(RN)
    return rank_of(name) if name in CERTAINTIES else 0
