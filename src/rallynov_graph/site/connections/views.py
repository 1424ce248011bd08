"""The connections between two things: each shortest one, step by step, with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from flask import Blueprint, Response, make_response
from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, rank_of
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.links.shortest_paths import (
    BUSY,
    STEPS,
    Avoided,
    Connections,
    PathSearch,
    triple_of,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_any
from rallynov_graph.site.model.statement import STATED, Statement, judged, looked_up, read_from
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

blueprint = Blueprint("between", __name__)

SHOWN: Final = 25
"""How many connections a page shows."""
NAMED: Final = 30
"""How many of the things that were not passed through a page names."""
HEADER: Final = (
    *("connection", "step", "subject", "subject_label"),
    *("property", "object", "object_label", "certainty"),
)
"""The columns of a file for each link."""


@dataclass(frozen=True)
class BetweenParams(Params):
    """The two things, and how surely the links between them are said at least."""

    from_: Named = UNNAMED
    to: Named = UNNAMED
    certainty: Certainty = LEAST_SURE

    @property
    def ends(self) -> tuple[Node, Node] | None:
        """Both, once they are known and are two."""
        return two(self.from_, self.to)


class Step(NamedTuple):
    """The link from a thing to the next one, and that thing."""

    links: list[Statement]
    to: Node

    @property
    def weakness(self) -> int:
        """The weakness of its surest link; 0 is explicit."""
        return min(map(_weakness, self.links), default=0)


class Chain(NamedTuple):
    """A chain of links from one thing to the other."""

    steps: list[Step]

    @property
    def certainty(self) -> str:
        """The certainty of its weakest step; the empty string if nobody says how certain."""
        evidence = (it for step in self.steps for link in step.links for it in link.evidence)
        if all(it.mark == STATED for it in evidence):
            return ""
        return CERTAINTIES[max(step.weakness for step in self.steps)]

    @property
    def weight(self) -> int:
        """The sort key that puts the surest connections first."""
        return sum(10**step.weakness for step in self.steps)


@blueprint.get("/between")
def between() -> Response:
    """Show the shortest connections of two things, or ask which two."""
    p, g, found, query, cite = params(BetweenParams), view(), None, "", None
    ends, chains = p.ends, list[Chain]()
    if ends:
        found, chains, query = _found(g, ends, p.certainty)
        title = words()("between.of", one=ends[0].text, other=ends[1].text)
        cite = cited(title, "/between", "from", "to", "certainty")
    body = page(
        "connections/between.html",
        p=p,
        found=found,
        chains=chains,
        not_passed=_not_passed(g, found.avoided[:NAMED]) if found else (),
        limits={"busy": BUSY, "furthest": STEPS},
        query=query,
        cite=cite,
        open_questions=_marks(g, chains),
    )
    return make_response(body, status(p.from_, p.to), {"Vary": "Accept"})


@blueprint.get("/between.<suffix>")
def between_file(suffix: str) -> Response:
    """Serve the links of the shortest connections of two things."""
    p, g = params(BetweenParams), view()
    if not p.ends:
        raise unknown(p.from_, p.to)
    _, chains, _ = _found(g, p.ends, p.certainty)
    if suffix in page_files.ROWS:
        response = page_files.of_rows(HEADER, _rows(chains), suffix, "between")
    else:
        response = page_files.of_triples(_triples(chains), suffix, "between")
    return with_open_questions(response, _marks(g, chains))


def _found(
    g: GraphView, ends: tuple[Node, Node], at_least: str
) -> tuple[Connections, list[Chain], str]:
    """Return how far was looked, the connections, the surest first, and the query behind them."""
    search, iris = PathSearch(g.queries, at_least), (ends[0].iri, ends[1].iri)
    found = search.between(*iris, SHOWN)
    every = looked_up(g, (triple_of(it) for links in found.links.values() for it in links))
    evidence = judged(g, every.values(), at_least)

    def links(start: str, end: str) -> list[Statement]:
        stated = (every[triple_of(it)] for it in found.links[frozenset((start, end))])
        return read_from(g, start, {it: evidence.get(it, ()) for it in stated})

    nodes = g.nodes(NamedNode(iri) for path in found.paths for iri in path)
    steps = {
        (start, end): Step(links(start, end), nodes[NamedNode(end)])
        for path in found.paths
        for start, end in pairwise(path)
    }
    chains = [Chain([steps[step] for step in pairwise(path)]) for path in found.paths]
    return found, sorted(chains, key=lambda it: it.weight), readable(search.query_text(iris))


def _weakness(it: Statement) -> int:
    certainties = [piece.certainty or piece.kind for piece in it.evidence]
    return min((rank_of(name) for name in certainties if name in CERTAINTIES), default=0)


def _not_passed(g: GraphView, hubs: Sequence[Avoided]) -> list[tuple[Node, Avoided, str]]:
    """Return the excluded things; those of one name are distinguished by their addresses."""
    nodes = g.nodes(NamedNode(hub.iri) for hub in hubs)
    named = [(nodes[NamedNode(hub.iri)], hub) for hub in hubs]
    names = Counter(node.text for node, _ in named)
    return [
        (node, hub, g.addresses.short_or_iri(node.iri) if names[node.text] > 1 else "")
        for node, hub in named
    ]


def _rows(chains: list[Chain]) -> Iterator[tuple[object, ...]]:
    for number, chain in enumerate(chains, 1):
        for place, step in enumerate(chain.steps, 1):
            for it in step.links:
                ends = it.subject.iri, it.subject.text, it.prop.iri, it.value.iri, it.value.text
                yield number, place, *ends, it.certainty


def _triples(chains: list[Chain]) -> Iterator[Triple]:
    """Yield the links of all connections as statements."""
    for chain in chains:
        yield from (it.stated.triple for step in chain.steps for it in step.links)


def _marks(g: GraphView, chains: list[Chain]) -> tuple[OpenQuestionMark, ...]:
    return touching_any(g, facts=_triples(chains)) if chains else ()
