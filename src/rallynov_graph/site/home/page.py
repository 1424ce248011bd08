"""The home page: the road of the rally, questions with answers, figures; or a foreign graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import DIRECT, HELD, KINDS, ListColumn, ValuePath, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.home.figures import Figure, FigureGroup, figures, grouped
from rallynov_graph.site.home.matrix_sample import MatrixSample, matrix_sample
from rallynov_graph.site.home.road_map import RoadMap, road_map
from rallynov_graph.site.home.samples import Sample, samples
from rallynov_graph.site.model.drawing.events import (
    END,
    LEGEND,
    OTHER,
    REASON,
    TO_BE_FIXED,
    events_of,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import values_by_thing
from rallynov_graph.site.model.passages import SourceDocument
from rallynov_graph.site.model.selection.cells import CertaintyMark, cells_of_things

ON_THE_ROAD: Final = (
    *KINDS["stage"].columns,
    ListColumn("title", ValuePath(DIRECT, PREFIXES["dcterms"] + "title")),
    ListColumn("status_reason", ValuePath(DIRECT, REASON)),
    ListColumn("to_be_fixed", ValuePath(DIRECT, TO_BE_FIXED)),
)
"""What the road tells of a stage, each with how surely it is said."""
_PLACES_ON_THE_ROAD: Final = {HELD.name: 0, END: 2}
"""What was held comes first, what ends the rally last; all others keep their order between."""
STAGES: Final = "stages"
"""The question behind the road."""


@dataclass(frozen=True)
class Milestone:
    """A dot on the road: a stage, or the closing event at the end."""

    node: Node
    state: str
    """One of the legend."""
    number: Node | None
    places: tuple[Node, ...]
    dates: tuple[Node, ...]
    titles: tuple[Node, ...]
    carriers: tuple[Node, ...]
    status: tuple[Node, ...] = ()
    reason: tuple[Node, ...] = ()
    """Why it has its status."""
    to_be_fixed: tuple[Node, ...] = ()
    """The properties whose value is to be fixed."""
    marks: Mapping[tuple[str, Node], CertaintyMark] = field(default_factory=dict)
    """How surely each of it is said, by column and value."""

    def mark(self, column: str, value: Node) -> CertaintyMark:
        """Return how surely a value is said, nothing where it is said outright."""
        return self.marks.get((column, value), CertaintyMark())

    @property
    def short_mark(self) -> CertaintyMark:
        """How surely it is said what the road calls it."""
        return self.mark("carrier" if self.carriers else "place", self.short)

    @property
    def short(self) -> Node:
        """What the road calls it: who carries it, else where it is, else its own name."""
        return next(iter((*self.carriers, *self.places)), self.node)


@dataclass(frozen=True)
class KindCount:
    """A class or kind, how many things it has, and where they are listed."""

    node: Node
    things: int
    href: str


@dataclass(frozen=True)
class HomePage:
    """What the home page of a release shows."""

    road: tuple[Milestone, ...]
    figures: tuple[Figure, ...]
    samples: tuple[Sample, ...]
    """The questions to begin with."""
    matrix: MatrixSample
    innovations: int
    map: RoadMap | None
    """Where the stages of the road are."""
    certainty: str
    query: str
    """For the stages; nothing where the catalogue has no such question."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the stops, in the order of a legend."""
        found = {stop.state for stop in self.road}
        return tuple(state for state in LEGEND if state in found)

    @property
    def figure_groups(self) -> tuple[FigureGroup, ...]:
        """The figures by what is counted; none where one document reports them all."""
        return grouped(self.figures)

    @property
    def unplaced(self) -> int:
        """How many stages were held at no place and on no day that is known."""
        held = [stop for stop in self.road if stop.state == HELD.name]
        return sum(not (stop.places or stop.dates) for stop in held)


@dataclass(frozen=True)
class ForeignHomePage:
    """What the home page of somebody else's graph shows: its classes."""

    classes: tuple[KindCount, ...]
    without_class: int
    without_class_href: str
    query: str


def home_page(
    view: GraphView,
    catalogue: Catalogue,
    certainty: str,
    documents: Sequence[SourceDocument] = (),
) -> HomePage:
    """Return the home page of a release, with what is at least so certain."""
    least = NamedNode(RN + certainty)
    stops = road(view, certainty)
    return HomePage(
        stops,
        figures(view, catalogue, least, documents),
        tuple(samples(view, catalogue, certainty)),
        matrix_sample(view, certainty),
        _innovations(view, least),
        road_map(events_of(view, [it.node.iri for it in stops], least), view.language),
        certainty,
        _stages(view, catalogue, least),
    )


def _innovations(view: GraphView, least: NamedNode) -> int:
    """Return how many innovations there are at this certainty."""
    rows = view.queries.rows("innovations_counted", certainty=least).rows
    return sum(int(number.value) for (number,) in rows if isinstance(number, Literal))


def foreign_home_page(view: GraphView) -> ForeignHomePage:
    """Return the home page of a graph of which only classes and links are known."""
    found = view.queries.rows("classes")
    nodes = view.nodes(row["class"] for row in found)
    classes = tuple(
        KindCount(
            nodes[of_class],
            int(count.value),
            view.addresses.path("/list", [("class", of_class.value)]),
        )
        for of_class, count in found.rows
        if isinstance(of_class, NamedNode) and isinstance(count, Literal)
    )
    others = len(view.queries.rows("subjects"))
    query = readable(view.queries.text("classes"))
    return ForeignHomePage(classes, others, view.addresses.path("/list"), query)


def road(view: GraphView, certainty: str) -> tuple[Milestone, ...]:
    """Return the stages in their order, held ones first, and what ends the rally.

    A stage stands on it where it is said surely enough, and so does what is told of it.
    """
    rows = values_by_thing(view.queries.rows("road"), "thing")
    if certainty != LEAST_SURE:
        least = NamedNode(RN + certainty)
        sure = {thing for thing, *_ in view.queries.rows("events_in_time", certainty=least).rows}
        rows = {iri: row for iri, row in rows.items() if NamedNode(iri) in sure}
    said = cells_of_things(view, [*rows], ON_THE_ROAD, certainty)
    nodes = view.nodes(
        [*map(NamedNode, rows), *(t for row in rows.values() for v in row.values() for t in v)]
    )

    def milestone(iri: str, row: dict[str, list[Term]]) -> Milestone:
        marks = {
            (column.name, value.node): value.mark
            for column, cell in zip(ON_THE_ROAD, said[iri], strict=True)
            for value in cell.values
        }

        def of(variable: str) -> tuple[Node, ...]:
            found = (nodes[term] for term in row[variable])
            return tuple(node for node in found if (variable, node) in marks)

        def cell(column: str) -> tuple[Node, ...]:
            return tuple(node for name, node in marks if name == column)

        ends = NamedNode(RN + "ClosingEvent") in row["class"]
        state = state_of({node.iri for node in of("status")})
        return Milestone(
            nodes[NamedNode(iri)],
            END if ends else state.name if state else OTHER,
            next(iter(of("number")), None),
            of("place"),
            of("date"),
            of("title"),
            of("carrier"),
            of("status"),
            cell("status_reason"),
            cell("to_be_fixed"),
            marks,
        )

    milestones = [milestone(iri, row) for iri, row in rows.items()]
    return tuple(sorted(milestones, key=lambda m: _PLACES_ON_THE_ROAD.get(m.state, 1)))


def _stages(view: GraphView, catalogue: Catalogue, least: NamedNode) -> str:
    if STAGES not in catalogue:
        return ""
    values: dict[str, Term] = {"certainty": least, "language": Literal(view.language)}
    return readable(catalogue[STAGES].bind(values))
