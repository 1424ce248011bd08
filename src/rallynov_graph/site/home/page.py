"""The home page: the road of the rally, its figures, its large themes; or a foreign graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import DIRECT, FIRST_KINDS, KINDS, ListColumn, ValuePath
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.catalogue_answers import summary
from rallynov_graph.site.model.drawing.events import HELD, events_of
from rallynov_graph.site.model.drawing.map_and_timeline import Map, map_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import merged
from rallynov_graph.site.model.selection.cells import Mark, cells

ON_THE_ROAD: Final = (
    *KINDS["stage"].columns,
    ListColumn("title", ValuePath(DIRECT, PREFIXES["dcterms"] + "title")),
)
"""What the road tells of a stage, each with how surely it is said."""
QUESTIONS: Final = ("organisations_on_theme", "participants_of_stage", "open_questions")
"""The three questions to begin with."""
STAGES: Final = "stages"
"""The question behind the road."""
_STEPS: Final = 4
"""How many sizes large themes are set in."""


@dataclass(frozen=True)
class Milestone:
    """A dot on the road: a stage held or announced, or the closing event at the end."""

    node: Node
    state: str
    """held, announced or end."""
    number: Node | None
    places: tuple[Node, ...]
    dates: tuple[Node, ...]
    titles: tuple[Node, ...]
    carriers: tuple[Node, ...]
    marks: Mapping[tuple[str, Node], Mark] = field(default_factory=dict)
    """How surely each of it is said, by column and value."""

    def mark(self, column: str, value: Node) -> Mark:
        """Return how surely a value is said, nothing where it is said outright."""
        return self.marks.get((column, value), Mark())

    @property
    def short_mark(self) -> Mark:
        """How surely it is said what the road calls it."""
        return self.mark("carrier" if self.carriers else "place", self.short)

    @property
    def short(self) -> Node:
        """What the road calls it: who carries it, else where it is, else its own name."""
        return next(iter((*self.carriers, *self.places)), self.node)


@dataclass(frozen=True)
class Figure:
    """A figure that the carnet reports of the rally, and what the graph counts."""

    node: Node
    measure: Node
    reported: Node
    counted: int | None


@dataclass(frozen=True)
class Theme:
    """A large theme, how many things address it, and the size it is set in (1 to 4)."""

    node: Node
    things: int
    size: int


@dataclass(frozen=True)
class HomeRequest:
    """A question of the catalogue and where it is answered."""

    name: str
    text: str
    href: str


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
    themes: tuple[Theme, ...]
    questions: tuple[HomeRequest, ...]
    kinds: tuple[tuple[str, str], ...]
    """The kinds to list, each with its address."""
    map: Map | None
    """Where the stages of the road are."""
    certainty: str
    query: str
    """For the stages; nothing where the catalogue has no such question."""


@dataclass(frozen=True)
class ForeignHomePage:
    """What the home page of somebody else's graph shows: its classes."""

    classes: tuple[KindCount, ...]
    without_class: int
    without_class_href: str
    query: str


def home_page(view: GraphView, catalogue: Catalogue, certainty: str) -> HomePage:
    """Return the home page of a release, with what is at least so certain."""
    addresses = view.addresses
    least = NamedNode(RN + certainty)
    stops = road(view, certainty)
    return HomePage(
        stops,
        tuple(_figures(view, catalogue, least)),
        tuple(_themes(view, catalogue, least)),
        tuple(
            HomeRequest(name, summary(catalogue[name], view.language), addresses.question(name))
            for name in QUESTIONS
            if name in catalogue
        ),
        tuple((kind, addresses.path(f"/list/{kind}")) for kind in FIRST_KINDS),
        map_of(events_of(view, [it.node.iri for it in stops], least, 1), view.language),
        certainty,
        _stages(view, catalogue, least),
    )


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
    told = merged(view.queries.rows("road"), "thing")
    if certainty != LEAST_SURE:
        least = NamedNode(RN + certainty)
        sure = {thing for thing, *_ in view.queries.rows("events_in_time", certainty=least).rows}
        told = {iri: row for iri, row in told.items() if NamedNode(iri) in sure}
    said = cells(view, [*told], ON_THE_ROAD, certainty)
    nodes = view.nodes(
        [*map(NamedNode, told), *(t for row in told.values() for v in row.values() for t in v)]
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

        ends = NamedNode(RN + "ClosingEvent") in row["class"]
        state = "held" if NamedNode(HELD) in row["status"] else "announced"
        return Milestone(
            nodes[NamedNode(iri)],
            "end" if ends else state,
            next(iter(of("number")), None),
            of("place"),
            of("date"),
            of("title"),
            of("carrier"),
            marks,
        )

    milestones = [milestone(iri, row) for iri, row in told.items()]
    return tuple(sorted(milestones, key=lambda m: ("held", "announced", "end").index(m.state)))


def _stages(view: GraphView, catalogue: Catalogue, least: NamedNode) -> str:
    if STAGES not in catalogue:
        return ""
    values: dict[str, Term] = {"certainty": least, "language": Literal(view.language)}
    return readable(catalogue[STAGES].bind(values))


def _figures(view: GraphView, catalogue: Catalogue, least: NamedNode) -> Iterable[Figure]:
    counted = {
        row["measure"]: row["counted"]
        for row in _answers(view, catalogue, "reported_and_counted", least)
    }
    rows = view.queries.rows("figures")
    nodes = view.nodes(term for row in rows.rows for term in row)
    for figure, measure, value in rows.rows:
        assert figure is not None and measure is not None and value is not None
        count = counted.get(measure)
        number = int(count.value) if isinstance(count, Literal) else None
        yield Figure(nodes[figure], nodes[measure], nodes[value], number)


def _themes(view: GraphView, catalogue: Catalogue, least: NamedNode) -> Iterable[Theme]:
    rows = _answers(view, catalogue, "large_themes", least)
    counts = {row["theme"]: row["things"] for row in rows}
    nodes = view.nodes(counts)
    numbers = {t: int(n.value) for t, n in counts.items() if isinstance(n, Literal)}
    most = max(numbers.values(), default=1) or 1
    for theme, things in numbers.items():
        assert theme is not None
        yield Theme(nodes[theme], things, 1 + round((_STEPS - 1) * things / most))


def _answers(
    view: GraphView, catalogue: Catalogue, name: str, least: NamedNode
) -> list[dict[str, Term | None]]:
    if name not in catalogue:
        return []
    query = catalogue[name].bind({"certainty": least})
    return [dict(row) for row in view.queries.saved(name, query)]
