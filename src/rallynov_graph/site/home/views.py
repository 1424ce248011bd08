"""The home page: questions to begin with, the road of the rally, ways in; or a foreign graph."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, Response, redirect
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import DIRECT, HELD, KINDS, ListColumn, ValuePath, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.cells import MarkedValue, cells_of_things
from rallynov_graph.site.model.chapters import chapters
from rallynov_graph.site.model.drawing.events import (
    END,
    LEGEND,
    OTHER,
    PRINTED,
    REASON,
    TO_BE_FIXED,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import CONSEQUENCES, consequences
from rallynov_graph.site.model.passages import parts_of, place_in_carnet
from rallynov_graph.site.model.selection import counted_kinds
from rallynov_graph.site.model.statement import rank_of_mark
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.params import Sure, params
from rallynov_graph.site.web.reader import address_parameters, site, view
from rallynov_graph.site.web.signposting import (
    links_of_first_page,
    set_links,
    set_structured_data_of_first_page,
)
from rallynov_graph.site.web.site import SourceDocument

blueprint = Blueprint("home", __name__)

ON_THE_ROAD: Final = (
    *KINDS["stage"].columns,
    ListColumn("printed", ValuePath(DIRECT, PRINTED)),
    ListColumn("title", ValuePath(DIRECT, PREFIXES["dcterms"] + "title")),
    ListColumn("status_reason", ValuePath(DIRECT, REASON)),
    ListColumn("to_be_fixed", ValuePath(DIRECT, TO_BE_FIXED)),
)
"""The road's facts about a stage, each with its certainty."""
_PLACES_ON_THE_ROAD: Final = {HELD.name: 0, END: 2}
"""Held stages come first, the end of the rally last; all others keep their order."""
MOST_STOPS: Final = 13
"""The last stops of a longer road are shown: two links each, and the page has at most 45."""
MOST_WAYS: Final = 4
"""How many links are under each way in."""
EXAMPLES: Final[Mapping[str, tuple[Mapping[str, str], str]]] = {
    "partners_and_funders": ({"kind": "funders"}, ""),
    "who_runs_what": ({}, "organisation"),
    "things_on_theme": ({"kind": "innovations"}, "theme"),
}
"""The example questions with their parameters, and the parameter to fill with the thing that has
most answers."""


@blueprint.get("/")
def home() -> str:
    """Show what there is to find: questions that have answers, the road, the ways in."""
    g = view()
    if g.foreign:
        return page(
            "home/foreign_home.html",
            classes=_classes(g),
            without_class=len(g.queries.rows("subjects")),
            query=readable(g.queries.text("classes")),
        )
    stops = road(g, params(Sure).certainty)
    states = {stop.state for stop in stops}
    set_links(links_of_first_page().links)
    set_structured_data_of_first_page()
    doubts = Counter(consequences(g).values())
    return page(
        "home/home.html",
        finds_itself=True,
        examples=[*_examples(g, params(Sure).least)],
        road=stops[-MOST_STOPS:],
        earlier=len(stops[:-MOST_STOPS]),
        states=[state for state in LEGEND if state in states],
        documents=(documents := site().source_documents),
        document=_named(documents[0], g.language) if documents else None,
        readings=[*_readings(g)],
        parts=sum(len(parts_of(g, it.iri)) for it in documents),
        kinds=[(kind, n) for kind, n in counted_kinds(g) if n and kind != "stage"][:MOST_WAYS],
        doubts=[(key, doubts[key]) for key in CONSEQUENCES if doubts[key]],
    )


@blueprint.get("/home.<suffix>")
def home_file(suffix: str) -> Response:
    """Serve the classes of another graph; of ours, lead to the file of its stages."""
    g = view()
    if suffix not in (*page_files.ROWS, "ttl"):
        raise Missing
    if not g.foreign:
        path = g.addresses.path(f"/list/stage.{suffix}", address_parameters().items())
        return cast(Response, redirect(path, 301))
    if suffix in page_files.ROWS:
        return page_files.of_query(readable(g.queries.text("classes")), suffix, "home")
    return page_files.of_things([node.iri for node, *_ in _classes(g)], suffix, "home")


def _classes(g: GraphView) -> list[tuple[Node, int, str]]:
    """Return the classes of somebody else's graph, how many things each has, and where."""
    found = g.queries.rows("classes")
    nodes = g.nodes(row["class"] for row in found)
    return [
        (nodes[it], int(count.value), g.addresses.path("/list", [("class", it.value)]))
        for it, count in found.rows
        if isinstance(it, NamedNode) and isinstance(count, Literal)
    ]


def _examples(g: GraphView, least: NamedNode) -> Iterator[tuple[str, Node | None, str]]:
    """Yield questions that have answers: what it is called, what it is asked of, its address."""
    for name, (given, asked_of) in EXAMPLES.items():
        if name not in site().catalogue:
            continue
        values: dict[str, Term] = {"certainty": least, "language": Literal(g.language)}
        values |= {it: Literal(text) for it, text in given.items()}
        rows = g.queries.cached(site().catalogue[name].bind(values))
        subjects = Counter(row[asked_of] for row in rows) if asked_of else Counter()
        subject = max(subjects, key=lambda it: (subjects[it], str(it)), default=None)
        if not rows or (asked_of and not isinstance(subject, NamedNode)):
            continue
        pairs = [*given.items()]
        if isinstance(subject, NamedNode):
            pairs.append((asked_of, g.addresses.short_or_iri(subject.value)))
        node = g.nodes([subject])[subject] if subject else None
        yield f"home.ask_{name}", node, g.addresses.question(name, pairs)


def _named(document: SourceDocument, language: str) -> Node:
    """Return a document by its name and when it was issued."""
    name, date = document.name(language), document.date(language)
    return Node(", ".join(filter(None, (name.value, date))), name.language)


def _readings(g: GraphView) -> Iterator[tuple[Node | None, str]]:
    """Yield where to read: the last documents, or the first chapters of the only one."""
    documents = site().source_documents
    if len(documents) != 1:
        for it in reversed(documents[-MOST_WAYS:]):
            yield g.node(it.iri), g.addresses.path(f"/carnet/{it.iri.rpartition('/')[2]}")
        return
    (document,) = documents
    of_document = chapters(g, document.iri, [*parts_of(g, document.iri)])[:MOST_WAYS]
    for number, chapter in enumerate(of_document):
        first = chapter.parts[0]
        has_no_name = not number and chapter.stage is None and len(chapter.parts) > 1
        name = chapter.stage or first
        assert isinstance(first, NamedNode) and isinstance(name, NamedNode)
        where = place_in_carnet(g, first.value, g.addresses.certainty)
        yield (None if has_no_name else g.node(name.value)), where or ""


# The road.


@dataclass(frozen=True)
class Milestone:
    """A stop on the road: a stage, or the closing event at the end."""

    node: Node
    state: str
    """One of the legend."""
    cells: Mapping[str, tuple[MarkedValue, ...]]
    """Its facts on the road, by column."""

    def nodes(self, column: str) -> tuple[Node, ...]:
        return tuple(value.node for value in self.cells[column])

    @property
    def name(self) -> Node:
        """Its name on the road: its organiser's, else its place's, else its own."""
        return next(iter((*self.nodes("carrier"), *self.nodes("place"))), self.node)

    @property
    def when_and_where(self) -> tuple[Node, ...]:
        """Its dates as printed, else its day, and its places, unless they are its name."""
        where = (place for place in self.nodes("place") if place != self.name)
        return (*(self.nodes("printed") or self.nodes("date")), *where)

    @property
    def weakest(self) -> MarkedValue | None:
        """The weakest certainty of its facts on the road; None if it has none."""
        has_date = "printed" if self.cells["printed"] else "date"
        unsaid = {"printed", "date", "bounds", "status"} - {has_date}
        values = [it for name, of in self.cells.items() if name not in unsaid for it in of]
        values = values or [*self.cells["status"]]
        return max(values, key=lambda it: rank_of_mark(it.mark.certainty), default=None)


def road(view: GraphView, certainty: str) -> tuple[Milestone, ...]:
    """Return the stages in order, held ones first, and the end of the rally.

    Only sufficiently certain stages and facts are on the road.
    """
    classes: dict[str, set[Term]] = {}
    for thing, of_class, *_ in view.queries.rows("road").rows:
        if isinstance(thing, NamedNode) and of_class is not None:
            classes.setdefault(thing.value, set()).add(of_class)
    if certainty != LEAST_SURE:
        least = NamedNode(RN + certainty)
        sure = {thing for thing, *_ in view.queries.rows("events_in_time", certainty=least).rows}
        classes = {iri: them for iri, them in classes.items() if NamedNode(iri) in sure}
    cells = cells_of_things(view, [*classes], ON_THE_ROAD, certainty)
    nodes = view.nodes(map(NamedNode, classes))

    def milestone(iri: str) -> Milestone:
        of = {it.name: cell.values for it, cell in zip(ON_THE_ROAD, cells[iri], strict=True)}
        state = state_of({value.node.iri for value in of["status"]})
        ends = NamedNode(RN + "ClosingEvent") in classes[iri]
        shown = END if ends else state.name if state else OTHER
        return Milestone(nodes[NamedNode(iri)], shown, of)

    return tuple(
        sorted(map(milestone, classes), key=lambda it: _PLACES_ON_THE_ROAD.get(it.state, 1))
    )
