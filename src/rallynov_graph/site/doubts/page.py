"""What the carnet leaves open: each question with its readings and what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable


@dataclass(frozen=True)
class Reading:
    """A possible answer, and the assertion sets that take it."""

    node: Node
    taken: tuple[Node, ...]


@dataclass(frozen=True)
class Open:
    """A question that stays open."""

    node: Node
    about: tuple[Node, ...]
    readings: tuple[Reading, ...]
    passages: tuple[Node, ...]


@dataclass(frozen=True)
class OpenQuestionsPage:
    """All open questions, in the order of their words."""

    questions: tuple[Open, ...]
    certainty: str
    query: str


def open_questions_page(view: GraphView, certainty: str) -> OpenQuestionsPage:
    """Return the page of all that stays open, with who takes a reading at least so surely."""
    least = NamedNode(RN + certainty)
    return OpenQuestionsPage(
        tuple(sorted(_questions(view, least), key=lambda q: sortable(q.node.text))),
        certainty,
        readable(view.queries.text("open_questions", certainty=least)),
    )


def _questions(view: GraphView, least: NamedNode) -> Iterable[Open]:
    rows = view.queries.rows("open_questions", certainty=least)
    nodes = view.nodes(term for row in rows.rows for term in row)
    found: dict[Term, dict[str, dict[Term, list[Node]]]] = {}
    for row in rows:
        question, reading, taken = row["question"], row["reading"], row["taken"]
        assert isinstance(question, NamedNode)
        told = found.setdefault(question, {"about": {}, "passage": {}, "reading": {}})
        for variable, values in told.items():
            term = row[variable]
            if term is not None:
                values.setdefault(term, [])
        if reading is not None and taken is not None:
            sets = told["reading"][reading]
            if nodes[taken] not in sets:
                sets.append(nodes[taken])
    for question, told in found.items():
        yield Open(
            nodes[question],
            tuple(nodes[term] for term in told["about"]),
            tuple(Reading(nodes[r], tuple(sets)) for r, sets in told["reading"].items()),
            tuple(nodes[term] for term in told["passage"]),
        )
