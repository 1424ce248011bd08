"""Two things side by side: by property, what both have and what only one of them has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import Blueprint, Response, make_response
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_any
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import (
    Judged,
    StatedTriple,
    Statement,
    both_ways,
    certainty_of,
    judged,
    shown,
    without_converses,
)
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.params import (
    UNNAMED,
    Certainty,
    Named,
    Params,
    params,
    status,
    two,
    unknown,
)
from rallynov_graph.site.web.reader import view, words
from rallynov_graph.site.web.signposting import with_open_questions

blueprint = Blueprint("compare", __name__)

MOST: Final = 40
"""How many values of one property each column shows."""
HEADER: Final = ("subject", "property", "object", "certainty", "shared")
"""The columns of a file for each fact."""
Side = dict[tuple[str, bool], dict[Term, StatedTriple]]
"""The facts of a thing, by property and direction, then by the other end."""


@dataclass(frozen=True)
class CompareParams(Params):
    """The two things, and the minimum certainty of their facts."""

    a: Named = UNNAMED
    b: Named = UNNAMED
    certainty: Certainty = LEAST_SURE

    @property
    def ends(self) -> tuple[Node, Node] | None:
        """Both, once they are known and are two."""
        return two(self.a, self.b)

    def marks(self) -> tuple[OpenQuestionMark, ...]:
        chosen = (it.chosen for it in (self.a, self.b))
        return touching_any(view(), (it.node.iri for it in chosen if it is not None))


@blueprint.get("/compare")
def compare() -> Response:
    """Show what two things share and what only one of them has, or ask which two."""
    p, g, found, cite = params(CompareParams), view(), None, None
    ends = p.ends
    if ends:
        found = _compared(g, ends, p.certainty)
        title = words()("compare.of", one=ends[0].text, other=ends[1].text)
        cite = cited(title, "/compare", "a", "b", "certainty")
    body = page(
        "comparison/compare.html",
        p=p,
        found=found,
        queries=[
            readable(g.queries.text("facts_both_ways", thing=NamedNode(it.iri)))
            for it in ends or ()
        ],
        cite=cite,
        open_questions=p.marks(),
    )
    return make_response(body, status(p.a, p.b), {"Vary": "Accept"})


@blueprint.get("/compare.<suffix>")
def compare_file(suffix: str) -> Response:
    p = params(CompareParams)
    if not p.ends:
        raise unknown(p.a, p.b)
    sides, _ = _said(view(), p.ends, p.certainty)
    if suffix in page_files.ROWS:
        response = page_files.of_rows(HEADER, _rows(sides), suffix, "compare")
    else:
        triples = (it.triple for side in sides for it in side)
        response = page_files.of_triples(triples, suffix, "compare")
    return with_open_questions(response, p.marks())


class Cell(NamedTuple):
    """Values of a property, each for the first thing, for the second or for both."""

    values: list[tuple[Statement, ...]]
    more: int


class Compared(NamedTuple):
    """The common and the different facts of two things."""

    direct: list[Statement]
    rows: list[tuple[Text, list[Cell]]]
    """Each property: what both have, what only the first has, what only the second has."""
    totals: list[int]
    """The numbers of facts of both, of the first only, and of the second only."""
    is_complete: bool


def _said(g: GraphView, ends: tuple[Node, Node], at_least: str) -> tuple[list[Judged], bool]:
    """Return the facts of each thing, and whether they are complete."""
    found = [both_ways(g, it.iri) for it in ends]
    sides = [without_converses(g, judged(g, it, at_least)) for it, _ in found]
    return sides, all(is_whole for _, is_whole in found)


def _by_path(said: Judged) -> Side:
    found: Side = {}
    for it in said:
        found.setdefault((it.path, it.backwards), {})[it.other_end] = it
    return found


def _compared(g: GraphView, things: tuple[Node, Node], at_least: str) -> Compared:
    sides, is_complete = _said(g, things, at_least)
    first, second = map(_by_path, sides)
    ends = [NamedNode(it.iri) for it in things]
    both: dict[tuple[str, bool], list[list[tuple[StatedTriple, ...]]]] = {}
    for path in dict.fromkeys((*first, *second)):
        a, b = first.get(path, {}), second.get(path, {})
        both[path] = [
            [(a[it], b[it]) for it in a if it in b],
            [(a[it],) for it in a if it not in b and it not in ends],
            [(b[it],) for it in b if it not in a and it not in ends],
        ]
    direct = [a[ends[1]] for a in first.values() if ends[1] in a]
    of_cells = (it for cells in both.values() for cell in cells for it in cell[: 4 * MOST])
    every = sides[0] | sides[1]
    wanted = dict.fromkeys([*direct, *(it for of_value in of_cells for it in of_value)])
    statements = shown(g, {it: every[it] for it in wanted})

    def cell(given: list[tuple[StatedTriple, ...]]) -> Cell:
        values = [tuple(statements[it] for it in of_value) for of_value in given[: 4 * MOST]]
        values.sort(key=lambda it: (sortable(it[0].other.text), str(it[0].stated.other_end)))
        return Cell(values[:MOST], max(0, len(given) - MOST))

    rows = []
    for cells in both.values():
        shown_cells = [cell(it) for it in cells]
        label = next((it.values[0][0].label for it in shown_cells if it.values), None)
        if label:
            rows.append((label, shown_cells))
    rows.sort(key=lambda row: (not row[1][0].values, sortable(row[0].value.lstrip("← "))))
    totals = [sum(len(cells[place]) for cells in both.values()) for place in range(3)]
    return Compared([statements[it] for it in direct], rows, totals, is_complete)


def _rows(sides: list[Judged]) -> Iterator[tuple[object, ...]]:
    """Yield the facts of each thing, their certainty, and whether the other one shares them."""
    others = [{(it.path, it.backwards, it.other_end) for it in side} for side in sides]
    for place, side in enumerate(sides):
        for it, evidence in side.items():
            ends = page_files.plain(it.subject), it.path, page_files.plain(it.value)
            shared = (it.path, it.backwards, it.other_end) in others[1 - place]
            yield *ends, certainty_of(evidence), shared
