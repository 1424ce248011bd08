"""What the site says of itself: the release, what was reported and counted, its accessibility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from flask import Blueprint, Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph import __version__
from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, short_iri
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import TURTLE
from rallynov_graph.release.release import Release
from rallynov_graph.site.about.report import HEADER, report_page, rows
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import Evidence, evidence_of_graphs
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import site, view, whole_address, words
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Report

blueprint = Blueprint("about", __name__)

_REPORTED: Final = "reported_and_counted"
"""The question of what the carnet reports of the rally, beside what the graph counts."""
_VALUE: Final = NamedNode(PREFIXES["rdf"] + "value")


@blueprint.get("/about")
def about() -> str:
    """Show the licence, the release, what holds for personal data, and the software."""
    kinds = [
        (words()[f"kind.{kind}"], view().addresses.path(f"/list/{kind}"))
        for kind in listed_kinds(view().queries)
    ]
    release = site().release
    has_reported = not site().foreign and _REPORTED in site().catalogue
    return page(
        "about/about.html",
        software=__version__,
        kinds=kinds,
        issued=day(release.manifest.issued, view().language) if release else "",
        reported=_reported_figures(view()) if has_reported else (),
        query=readable(site().catalogue.question(_REPORTED).bind()) if has_reported else "",
        reconcile=whole_address(view().addresses.path("/reconcile")),
    )


@dataclass(frozen=True)
class ReportedFigure:
    """A figure of the whole rally."""

    figure: Node
    measure: Node
    value: Node
    evidence: tuple[Evidence, ...]
    as_of: tuple[Node, ...]
    """The date that it speaks of, as surely as that is said."""
    counted: tuple[int, ...] | None
    """What its own document says, counted at each certainty, the strictest first; None where
    nothing counts that."""
    open_questions: tuple[Node, ...] = ()

    @property
    def difference(self) -> int | None:
        """The reported number less the number in the graph; None where either is not known."""
        value = self.value.text
        return int(value) - self.counted[-1] if self.counted and value.isdigit() else None


def _reported_figures(graph: GraphView) -> list[ReportedFigure]:
    """Return the figures that the carnet reports."""
    question = site().catalogue.question(_REPORTED)
    answers = [
        graph.queries.saved(_REPORTED, question.bind({"certainty": NamedNode(RN + certainty)}))
        for certainty in CERTAINTIES
    ]
    counts = [_counts(rows) for rows in answers]
    dates = {row["figure"]: row["as_of"] for row in answers[-1] if row["as_of"] is not None}
    figures = graph.queries.rows("figures").rows
    questions: dict[Term | None, dict[Term, None]] = {}
    for question_left, about, *_ in graph.queries.rows("left_open").rows:
        if question_left and about:
            questions.setdefault(about, {})[question_left] = None
    nodes = graph.nodes(chain(*figures, *questions.values(), dates.values()))
    evidence = _evidence(graph, [figure for figure, *_ in figures])
    return [
        ReportedFigure(
            nodes[figure],
            nodes[measure],
            nodes[value],
            evidence.get(figure, ()),
            (nodes[dates[figure]],) if figure in dates else (),
            tuple(counts_at_certainty.get(figure, 0) for counts_at_certainty in counts)
            if figure in counts[-1]
            else None,
            tuple(nodes[it] for it in questions.get(figure, ())),
        )
        for figure, measure, value in figures
        if figure is not None and measure is not None and value is not None
    ]


def _counts(rows: Iterable[Row]) -> Mapping[Term | None, int]:
    """Return what is counted beside each figure."""
    return {
        row["figure"]: int(count.value)
        for row in rows
        if isinstance(count := row["counted"], Literal)
    }


def _evidence(
    graph: GraphView, figures: Iterable[Term | None]
) -> Mapping[Term, tuple[Evidence, ...]]:
    """Return the evidence of each figure, the surest first."""
    rows = graph.queries.rows(
        "values_said",
        thing=[figure for figure in figures if isinstance(figure, NamedNode)],
        property=_VALUE,
        certainty=NamedNode(RN + LEAST_SURE),
    ).rows
    evidence = evidence_of_graphs(graph, (g.value for *_, g in rows if isinstance(g, NamedNode)))
    found: dict[Term, list[Evidence]] = {}
    for figure, _, _, source in rows:
        if figure is not None and isinstance(source, NamedNode) and source.value in evidence:
            found.setdefault(figure, []).append(evidence[source.value])
    return {figure: tuple(sorted(it, key=lambda piece: piece.rank)) for figure, it in found.items()}


@blueprint.get("/api")
def for_programs() -> str:
    """Show by which addresses programs get what the site has."""
    addresses = view().addresses
    kinds = listed_kinds(view().queries)
    return page(
        "about/api.html",
        listed=kinds[0] if kinds else "",
        example=next(filter(None, map(_example, kinds)), ""),
        whole=lambda path, query=(): whole_address(addresses.file(path, query)),
        has_questions=bool(site().catalogue) and not site().foreign,
    )


def _example(kind: str) -> str:
    """Return the short name of the thing of a kind's class that the graph speaks of most.

    It is empty where there is none, or where that thing has an address of somebody else.
    """
    of_class = [NamedNode(iri) for iri in [KINDS[kind].class_iri] if iri]
    rows = view().queries.rows("example_of", of=of_class).rows
    things = (thing.value for (thing,) in rows if isinstance(thing, NamedNode))
    return next((short_iri(thing) for thing in things if thing.startswith(ID)), "")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """Show the accessibility statement: what was tested, what was not, and the contact."""
    return page("about/accessibility.html", publication=site().publication)


@blueprint.get("/report")
def validation() -> str:
    """Show the validation report in words."""
    release = served_release()
    shown = report_page(view(), _report(release), site().shapes, release)
    return page("about/report.html", cite=cited(words()["nav.report"], "/report"), **shown)


@blueprint.get("/report.<suffix>")
def validation_file(suffix: str) -> Response:
    """Serve the report as the release has it, or its findings as rows."""
    release = served_release()
    if suffix not in ("csv", "json", "ttl"):
        raise Missing
    findings = _report(release)
    if suffix == "csv" and findings is not None:
        return page_files.of_rows(HEADER, rows(findings, view().language), suffix, "report")
    path = release.report_json if suffix == "json" else release.report_turtle
    if not path.is_file():
        raise Missing
    content_type = "application/json" if suffix == "json" else TURTLE.content_type
    return page_files.sent(path.read_bytes(), content_type)


def _report(release: Release) -> Report | None:
    """Return the report of a release, None where it was made unchecked."""
    if not release.report_json.is_file():
        return None
    return report.from_json(release.report_json.read_text("utf-8"))
