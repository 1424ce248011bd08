"""What the carnet reports of the rally, beside what the graph counts at each certainty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Row, Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node

QUESTION: Final = "reported_and_counted"
_VALUE: Final = PREFIXES["rdf"] + "value"


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
    """The open questions about the figure."""

    @property
    def difference(self) -> int | None:
        """The reported number less the number in the graph; None where either is not known."""
        value = self.value.text
        return int(value) - self.counted[-1] if self.counted and value.isdigit() else None


@dataclass(frozen=True)
class ReportedFigures:
    """The figures, and the query that counts them in the graph."""

    rows: tuple[ReportedFigure, ...]
    query: str


def reported_figures(view: GraphView, catalogue: Catalogue) -> ReportedFigures | None:
    """Return the figures that the carnet reports; None where the catalogue has no such question."""
    if QUESTION not in catalogue:
        return None
    question = catalogue.question(QUESTION)
    answers = [
        view.queries.saved(QUESTION, question.bind({"certainty": NamedNode(RN + certainty)}))
        for certainty in CERTAINTIES
    ]
    counts = [_counts(rows) for rows in answers]
    dates = {row["figure"]: row["as_of"] for row in answers[-1] if row["as_of"] is not None}
    figures = view.queries.rows("figures").rows
    open_questions = _open_questions(view)
    nodes = view.nodes(chain(*figures, *open_questions.values(), dates.values()))
    evidence = _evidence(view, [figure for figure, *_ in figures])
    rows = tuple(
        ReportedFigure(
            nodes[figure],
            nodes[measure],
            nodes[value],
            evidence.get(figure, ()),
            (nodes[dates[figure]],) if figure in dates else (),
            tuple(counts_at_certainty.get(figure, 0) for counts_at_certainty in counts)
            if figure in counts[-1]
            else None,
            tuple(nodes[question] for question in open_questions.get(figure, ())),
        )
        for figure, measure, value in figures
        if figure is not None and measure is not None and value is not None
    )
    return ReportedFigures(rows, readable(question.bind()))


def _open_questions(view: GraphView) -> dict[Term, list[Term]]:
    """Return the open questions about each thing."""
    questions: dict[Term, list[Term]] = {}
    for question, about, *_ in view.queries.rows("left_open").rows:
        if question and about and question not in questions.setdefault(about, []):
            questions[about].append(question)
    return questions


def _counts(rows: Iterable[Row]) -> dict[Term | None, int]:
    """Return what is counted beside each figure."""
    return {
        row["figure"]: int(count.value)
        for row in rows
        if isinstance(count := row["counted"], Literal)
    }


def _evidence(view: GraphView, figures: list[Term | None]) -> dict[Term, tuple[Evidence, ...]]:
    """Return the evidence of each figure, the surest first."""
    rows = view.queries.rows(
        "values_said",
        thing=[figure for figure in figures if isinstance(figure, NamedNode)],
        property=NamedNode(_VALUE),
        certainty=NamedNode(RN + LEAST_SURE),
    ).rows
    evidence = evidence_of_graphs(view, (g.value for *_, g in rows if isinstance(g, NamedNode)))
    found: dict[Term, list[Evidence]] = {}
    for figure, _, _, graph in rows:
        if figure is not None and isinstance(graph, NamedNode) and graph.value in evidence:
            found.setdefault(figure, []).append(evidence[graph.value])
    return {
        figure: tuple(sorted(pieces, key=lambda piece: piece.rank))
        for figure, pieces in found.items()
    }
