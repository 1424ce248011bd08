"""The home page: the road of the rally, questions with answers, figures; or a foreign graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE, SUREST, certainty_of, surest
from rallynov_graph.base.kinds import DIRECT, HELD, KINDS, ListColumn, ValuePath, state_of
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue, Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.home.road_map import road_map
from rallynov_graph.site.model.catalogue_answers import summary
from rallynov_graph.site.model.cells import CertaintyMark, cells_of_things
from rallynov_graph.site.model.drawing.events import (
    END,
    LEGEND,
    OTHER,
    REASON,
    TO_BE_FIXED,
    events_of,
)
from rallynov_graph.site.model.links.organisations_and_themes import matrix_sample
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import values_by_thing
from rallynov_graph.site.model.passages import documents_of_sets
from rallynov_graph.site.model.statement import iri_of
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.params import Sure, params
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import (
    items_of_dataset,
    links_of_first_page,
    set_links,
    set_structured_data_of_first_page,
)
from rallynov_graph.site.web.site import SourceDocument

blueprint = Blueprint("home", __name__)

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
MOST_OF_SAMPLE: Final = 3
"""So many things of the answer to a question are shown."""
_SAMPLES: Final = (
    ("themes_of_organisation", "large", "organisation", "", "how"),
    ("participants_of_stage", "stage", "participant", "role", "how"),
    ("open_questions", "", "question", "", ""),
)
"""Questions, each with the parameter that it is asked of and the columns that are shown of it."""
_COUNTED: Final = "reported_and_counted"
_AS_OF: Final = RN + "asOf"
_LAST: Final = "9999"


@blueprint.get("/")
def home() -> str:
    """Show what the graph holds."""
    g = view()
    if g.foreign:
        return page(
            "home/foreign_home.html",
            classes=_classes(g),
            without_class=len(g.queries.rows("subjects")),
            query=readable(g.queries.text("classes")),
        )
    certainty, catalogue, documents = params(Sure).certainty, *_known()
    least, stops = NamedNode(RN + certainty), road(g, certainty)
    found = figures(g, catalogue, least, documents)
    states = {stop.state for stop in stops}
    held = [stop for stop in stops if stop.state == HELD.name]
    set_links(links_of_first_page(items_of_dataset()).links)
    set_structured_data_of_first_page()
    release = site().release
    return page(
        "home/home.html",
        road=stops,
        states=[state for state in LEGEND if state in states],
        unplaced=sum(not (stop.places or stop.dates) for stop in held),
        figures=found,
        figure_groups=_by_measure(found),
        samples=[*_samples(g, catalogue, certainty)],
        matrix=matrix_sample(g, certainty),
        innovations=_innovations(g, least),
        map=road_map(events_of(g, [it.node.iri for it in stops], least), g.language),
        query=_query(g, catalogue, least),
        issued=day(release.manifest.issued, g.language) if release else "",
        cite=cited(words()["home.title"], "/", "certainty"),
        documents=documents,
    )


@blueprint.get("/home.<suffix>")
def home_file(suffix: str) -> Response:
    """Serve the stages as rows, or their facts as RDF; of another graph, its classes."""
    g = view()
    if g.foreign:
        shown = [node.iri for node, *_ in _classes(g)]
        query = readable(g.queries.text("classes"))
    else:
        certainty = params(Sure).certainty
        shown = [it.node.iri for it in road(g, certainty)]
        query = _query(g, site().catalogue, NamedNode(RN + certainty))
    if suffix not in page_files.ROWS:
        return page_files.of_things(shown, suffix, "home")
    if not query:
        raise Missing
    return page_files.of_query(query, suffix, "home")


def _known() -> tuple[Catalogue, Sequence[SourceDocument]]:
    return site().catalogue, site().source_documents


def _classes(g: GraphView) -> list[tuple[Node, int, str]]:
    """Return the classes of somebody else's graph, how many things each has, and where."""
    found = g.queries.rows("classes")
    nodes = g.nodes(row["class"] for row in found)
    return [
        (nodes[it], int(count.value), g.addresses.path("/list", [("class", it.value)]))
        for it, count in found.rows
        if isinstance(it, NamedNode) and isinstance(count, Literal)
    ]


def _innovations(g: GraphView, least: NamedNode) -> int:
    """Return how many innovations there are at this certainty."""
    rows = g.queries.rows("innovations_counted", certainty=least).rows
    return sum(int(number.value) for (number,) in rows if isinstance(number, Literal))


def _query(g: GraphView, catalogue: Catalogue, least: NamedNode) -> str:
    """Return the query for the stages; nothing where the catalogue has no such question."""
    if STAGES not in catalogue:
        return ""
    values: dict[str, Term] = {"certainty": least, "language": Literal(g.language)}
    return readable(catalogue[STAGES].bind(values))


# The road.


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


# The three questions that the page begins with, each with a part of its answer.


def _samples(g: GraphView, catalogue: Catalogue, certainty: str) -> Iterator[dict[str, object]]:
    """Yield the questions that the catalogue has, with answers that are at least so certain."""
    for name, asked_of, *columns in _SAMPLES:
        if name in catalogue:
            yield _sample(g, catalogue[name], certainty, asked_of, columns)


def _sample(
    g: GraphView, question: Question, certainty: str, asked_of: str, columns: Sequence[str]
) -> dict[str, object]:
    """Return a question and the first things of its answer, those with most said of them first.

    ``asked_of`` is the parameter that takes its example; empty where it is asked of everything.
    """
    thing, detail, how = columns
    example = question.parameter(asked_of).example if asked_of else ""
    subject = NamedNode(ID + example) if example else None
    values: dict[str, Term] = {
        "certainty": NamedNode(RN + certainty),
        "language": Literal(g.language),
        **({asked_of: subject} if subject else {}),
    }
    found: dict[Term, dict[tuple[Term | None, Term | None], None]] = {}
    for row in g.queries.saved(question.name, question.bind(values)):
        if (term := row[thing]) is not None:
            of_thing = (row[how] if how else None, row[detail] if detail else None)
            found.setdefault(term, {})[of_thing] = None
    shown = sorted(found, key=lambda term: -len(found[term]))[:MOST_OF_SAMPLE]
    details = (it for term in shown for _, it in found[term])
    nodes = g.nodes([*shown, *details, *([subject] if subject else [])])
    given = [(asked_of, g.addresses.short_or_iri(subject.value))] if subject else []
    return {
        "text": summary(question, g.language),
        "href": g.addresses.question(question.name, given),
        "subject": nodes[subject] if subject else None,
        "rows": [
            (
                nodes[term],
                surest(filter(None, (certainty_of(iri_of(it)) for it, _ in found[term]))) or "",
                [*dict.fromkeys(nodes[it] for _, it in found[term] if it is not None)],
            )
            for term in shown
        ],
        "more": len(found) - len(shown),
    }


# The figures that documents report of the rally, beside what the graph counts.


@dataclass(frozen=True)
class Figure:
    """A figure that a document reports of the rally, and what the graph counts."""

    node: Node
    measure: Node
    reported: Node
    counted: int | None
    document: Node | None
    issued: str
    """When its document was issued, in words."""
    as_of: Node | None = None
    """The date that it speaks of."""
    mark: CertaintyMark = field(default_factory=CertaintyMark)
    """How surely that date is said."""
    time: str = _LAST
    """That date, else its document's, as the data have it."""


def figures(
    view: GraphView, catalogue: Catalogue, least: NamedNode, documents: Sequence[SourceDocument]
) -> tuple[Figure, ...]:
    """Return the figures of the rally, the smallest first."""
    counted = _counted(view, catalogue, least)
    sources = [*view.queries.rows("figure_sources", certainty=least)]
    of_sets = documents_of_sets(view, dict.fromkeys(iri_of(row["set"]) for row in sources))
    latest: dict[Term | None, tuple[str, Mapping[str, Term | None]]] = {}
    for row in sources:
        found = max(of_sets[iri_of(row["set"])], default="")
        if row["figure"] not in latest or found >= latest[row["figure"]][0]:
            latest[row["figure"]] = found, row
    known = {document.iri: document for document in documents}

    def named(iri: str) -> NamedNode | None:
        return NamedNode(iri) if iri else None

    rows = view.queries.rows("figures").rows
    nodes = view.nodes(
        term
        for row in (*rows, *((named(iri), it["as_of"]) for iri, it in latest.values()))
        for term in row
    )

    def figure(iri: Term, measure: Term, value: Term) -> Figure:
        document_iri, source = latest.get(iri, ("", {}))
        document, as_of, how = named(document_iri), source.get("as_of"), source.get("how")
        certainty = certainty_of(how.value) if isinstance(how, NamedNode) else ""
        why = view.note_address(nodes[iri].iri, _AS_OF, as_of) if as_of else None
        reporting = known.get(document_iri)
        at = as_of.value.strip("[.") if isinstance(as_of, Literal) else ""
        return Figure(
            nodes[iri],
            nodes[measure],
            nodes[value],
            counted.get(iri),
            nodes[document] if document else None,
            reporting.date(view.language) if reporting else "",
            nodes[as_of] if as_of else None,
            CertaintyMark("" if certainty == SUREST else certainty, why),
            at or (reporting.issued if reporting else ""),
        )

    return tuple(figure(*row) for row in rows if None not in row)  # type: ignore[arg-type]


def _by_measure(found: Iterable[Figure]) -> list[tuple[Node, list[tuple[Figure, bool]]]]:
    """Return the figures by what is counted; none where one document reports them all.

    Beside each is whether its document reports another one of the measure: only its name tells
    them apart.
    """
    by_measure: dict[Node, list[Figure]] = {}
    for figure in found:
        by_measure.setdefault(figure.measure, []).append(figure)
    if len({figure.document for some in by_measure.values() for figure in some}) < 2:
        return []
    return [
        (measure, [(it, sum(it.document == one.document for one in some) > 1) for it in ordered])
        for measure, some in by_measure.items()
        if (ordered := sorted(some, key=lambda figure: figure.time or _LAST))
    ]


def _counted(view: GraphView, catalogue: Catalogue, least: NamedNode) -> dict[Term, int]:
    """Return what the graph counts beside each figure."""
    if _COUNTED not in catalogue:
        return {}
    rows = view.queries.saved(_COUNTED, catalogue[_COUNTED].bind({"certainty": least}))
    return {
        figure: int(count.value)
        for row in rows
        if (figure := row["figure"]) is not None and isinstance(count := row["counted"], Literal)
    }
