"""The links of a network: each pair of things has one line, which stands for all their links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import rank_of
from rallynov_graph.base.terms import Term
from rallynov_graph.exports.networks import AT_SAME_STAGE
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.drawing.placement import Dot
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import (
    DERIVED,
    Evidence,
    Judged,
    StatedTriple,
    iri_of,
    judged,
    note_of,
    stroke,
)

_MOST_LINKS: Final = 20_000
"""How many statements ``links_among.rq`` answers at most."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class DrawnLink:
    """A link between two things that are shown, or several, by the surest."""

    one: Dot
    other: Dot
    label: str
    certainty: str
    """How sure it is: a computed link is as sure as the weakest fact that it follows from."""
    is_computed: bool = False
    """Whether rules alone state it."""
    note: str = ""
    """The address of the evidence of its surest link; empty where there is none."""
    links: tuple[StatedTriple, ...] = ()

    def other_end(self, dot: Dot) -> Dot:
        """Return the end that is not this one."""
        return self.other if self.one.node.iri == dot.node.iri else self.one


def links_among(view: GraphView, things: tuple[str, ...], certainty: str) -> tuple[Judged, bool]:
    """Return the links among things, at least so certain, and whether these are all."""
    terms = [NamedNode(iri) for iri in things]
    graphs: dict[tuple[Term, str, Term], list[str]] = {}
    rows = view.queries.rows("links_among", thing=terms, other=terms).rows
    for thing, prop, other, graph in rows:
        assert thing is not None and isinstance(prop, NamedNode) and other is not None
        them = graphs.setdefault((thing, prop.value, other), [])
        if isinstance(graph, NamedNode):
            them.append(graph.value)
    stated = (StatedTriple(*link, tuple(them)) for link, them in graphs.items())
    return judged(view, stated, certainty), len(rows) < _MOST_LINKS


def without_same_stage(links: Judged, wanted: bool) -> tuple[Judged, int]:
    """Return the links that are drawn, and how many pairs are linked by the same stage alone."""
    others = {link: it for link, it in links.items() if link.path != AT_SAME_STAGE}
    count = len(pairs_of(links).keys() - pairs_of(others).keys())
    return (links if wanted else others), count


def pairs_of(links: Judged) -> dict[Pair, Judged]:
    """Return the links between each two things, whichever way they go."""
    pairs: dict[Pair, Judged] = {}
    for link, evidence in links.items():
        one, other = sorted((iri_of(link.subject), iri_of(link.value)))
        pairs.setdefault((one, other), {})[link] = evidence
    return pairs


def lines_of(
    view: GraphView, dots: dict[str, Dot], links: Judged, pairs: dict[Pair, Judged]
) -> tuple[DrawnLink, ...]:
    """Return the line of each pair."""
    names = _names(view, links)
    return tuple(_line(view, dots[a], dots[b], names, them) for (a, b), them in pairs.items())


def _line(view: GraphView, one: Dot, other: Dot, names: dict[str, str], links: Judged) -> DrawnLink:
    link, evidence = min(links.items(), key=lambda item: _sureness(item[1]))
    computed = all(pieces and pieces[0].kind == DERIVED for pieces in links.values())
    label = ", ".join(dict.fromkeys(names[link.path] for link in links))
    return DrawnLink(
        one,
        other,
        label,
        certainty_of(evidence),
        computed,
        note_of(view, link, evidence) or "",
        tuple(links),
    )


def _sureness(evidence: tuple[Evidence, ...]) -> tuple[int, tuple[int, str]]:
    """Return a key that sorts links the surest first; said ones come before computed ones."""
    certainty = certainty_of(evidence)
    rank = rank_of(certainty) if certainty else -1
    return rank, evidence[0].rank if evidence else (9, "")


def certainty_of(evidence: tuple[Evidence, ...]) -> str:
    """Return the certainty of the surest evidence: of a rule, that of its weakest premise."""
    first = evidence[0] if evidence else None
    return first.certainty if first and first.kind == DERIVED else stroke(evidence)


def _names(view: GraphView, links: Judged) -> dict[str, str]:
    """Return what each property is called."""
    described = view.described(link.path for link in links)
    return {
        prop: (view.best(known.names) or Text(last_part(prop))).value
        for prop, known in described.items()
    }
