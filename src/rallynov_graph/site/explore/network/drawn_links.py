"""The links of a network: each pair of things has one line, which stands for all their links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import rank_of
from rallynov_graph.exports.networks import AT_SAME_STAGE
from rallynov_graph.questions.labels import Text, last_part
from rallynov_graph.site.model.drawing.placement import Dot
from rallynov_graph.site.model.evidence import DERIVED, Evidence, evidence_of_graphs, has_note
from rallynov_graph.site.model.links.explained_links import admits, stroke
from rallynov_graph.site.model.links.shortest_paths import PathLink
from rallynov_graph.site.model.nodes import GraphView

_MOST_LINKS: Final = 20_000
"""How many statements ``links_among.rq`` answers at most."""

Pair = tuple[str, str]
Links = dict[PathLink, tuple[Evidence, ...]]


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
    links: tuple[PathLink, ...] = ()

    def other_end(self, dot: Dot) -> Dot:
        """Return the end that is not this one."""
        return self.other if self.one.node.iri == dot.node.iri else self.one


def links_among(view: GraphView, things: tuple[str, ...], certainty: str) -> tuple[Links, bool]:
    """Return the links among things, at least so certain, with who says them, the surest first;
    and whether these are all.
    """
    terms = [NamedNode(iri) for iri in things]
    graphs: dict[PathLink, list[str]] = {}
    rows = view.queries.rows("links_among", thing=terms, other=terms).rows
    for thing, prop, other, graph in rows:
        link = PathLink(*(str(getattr(term, "value", term)) for term in (thing, prop, other)))
        them = graphs.setdefault(link, [])
        if isinstance(graph, NamedNode):
            them.append(graph.value)
    evidence = evidence_of_graphs(view, (g for them in graphs.values() for g in them))
    found: Links = {}
    for link, them in graphs.items():
        known = [evidence[g] for g in them if g in evidence]
        accepted = [proof for proof in known if admits(certainty, proof)]
        if accepted or not known:
            found[link] = tuple(sorted(accepted, key=lambda proof: proof.rank))
    return found, len(rows) < _MOST_LINKS


def without_same_stage(links: Links, wanted: bool) -> tuple[Links, int]:
    """Return the links that are drawn, and how many pairs are linked by the same stage alone."""
    others = {link: it for link, it in links.items() if link.property != AT_SAME_STAGE}
    count = len(pairs_of(links).keys() - pairs_of(others).keys())
    return (links if wanted else others), count


def pairs_of(links: Links) -> dict[Pair, Links]:
    """Return the links between each two things, whichever way they go."""
    pairs: dict[Pair, Links] = {}
    for link, evidence in links.items():
        one, other = sorted((link.subject, link.object))
        pairs.setdefault((one, other), {})[link] = evidence
    return pairs


def lines_of(
    view: GraphView, dots: dict[str, Dot], links: Links, pairs: dict[Pair, Links]
) -> tuple[DrawnLink, ...]:
    """Return the line of each pair."""
    names = _names(view, links)
    return tuple(_line(view, dots[a], dots[b], names, them) for (a, b), them in pairs.items())


def _line(view: GraphView, one: Dot, other: Dot, names: dict[str, str], links: Links) -> DrawnLink:
    link, evidence = min(links.items(), key=lambda item: _sureness(item[1]))
    note = None
    if has_note(evidence):
        note = view.note_address(link.subject, link.property, NamedNode(link.object))
    computed = all(pieces and pieces[0].kind == DERIVED for pieces in links.values())
    label = ", ".join(dict.fromkeys(names[link.property] for link in links))
    return DrawnLink(one, other, label, certainty_of(evidence), computed, note or "", tuple(links))


def _sureness(evidence: tuple[Evidence, ...]) -> tuple[int, tuple[int, str]]:
    """Return a key that sorts links the surest first; said ones come before computed ones."""
    certainty = certainty_of(evidence)
    rank = rank_of(certainty) if certainty else -1
    return rank, evidence[0].rank if evidence else (9, "")


def certainty_of(evidence: tuple[Evidence, ...]) -> str:
    """Return the certainty of the surest evidence: of a rule, that of its weakest premise."""
    first = evidence[0] if evidence else None
    return first.certainty if first and first.kind == DERIVED else stroke(evidence)


def _names(view: GraphView, links: Links) -> dict[str, str]:
    """Return what each property is called."""
    described = view.described(link.property for link in links)
    return {
        prop: (view.best(known.names) or Text(last_part(prop))).value
        for prop, known in described.items()
    }
