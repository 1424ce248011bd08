"""Links between things as pages show them, with label, direction and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, SUREST, admitted
from rallynov_graph.questions.labels import NOTHING, Text
from rallynov_graph.rules.justifications import graphs_of
from rallynov_graph.site.model.evidence import (
    CURATION,
    DERIVED,
    Evidence,
    evidence_of_graphs,
    has_note,
)
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.links.shortest_paths import PathLink
from rallynov_graph.site.model.nodes import GraphView

STROKES: Final = (*CERTAINTIES, DERIVED)
"""The strokes that a line can have: the certainties, and what rules conclude."""


@dataclass(frozen=True)
class ExplainedLink:
    """A link with its label as read from one of its ends, and its evidence."""

    link: PathLink
    label: Text
    backwards: bool
    evidence: tuple[Evidence, ...]
    explanation: str | None
    """The address of its evidence note."""

    @property
    def certainty(self) -> str:
        """The kind of its surest evidence; the empty string without evidence."""
        return stroke(self.evidence)


def stroke(evidence: tuple[Evidence, ...]) -> str:
    """Return the stroke of a link, by its surest evidence; curation counts as explicit."""
    kind = evidence[0].kind if evidence else ""
    return SUREST if kind == CURATION else kind if kind in STROKES else ""


def admits(certainty: str, evidence: Evidence) -> bool:
    """Return whether evidence is of at least this certainty, or of none."""
    certainty_of_evidence = evidence.certainty or (
        evidence.kind if evidence.kind in CERTAINTIES else ""
    )
    return not certainty_of_evidence or certainty_of_evidence in admitted(certainty)


def evidence_of_links(
    view: GraphView, links: Iterable[PathLink], certainty: str
) -> dict[PathLink, tuple[Evidence, ...]]:
    """Return the evidence of each link of at least this certainty, the surest first."""
    distinct = [*dict.fromkeys(links)]
    if not distinct:
        return {}
    facts = {
        Triple(NamedNode(link.subject), NamedNode(link.property), NamedNode(link.object)): link
        for link in distinct
    }
    graphs = graphs_of(view.store, [*facts])
    evidence = evidence_of_graphs(
        view, (g for graphs_of_fact in graphs.values() for g in graphs_of_fact if g)
    )
    return {
        facts[fact]: tuple(
            sorted(
                (
                    evidence[g]
                    for g in graphs_of_fact
                    if g in evidence and admits(certainty, evidence[g])
                ),
                key=lambda piece: piece.rank,
            )
        )
        for fact, graphs_of_fact in graphs.items()
    }


def links_read_from(
    view: GraphView,
    thing: str,
    links: Iterable[PathLink],
    evidence_of_link: dict[PathLink, tuple[Evidence, ...]],
) -> tuple[ExplainedLink, ...]:
    """Return links as read from a thing, the surest first.

    A link that a rule concludes from its converse is left out if the converse is among them.
    """
    distinct = [*dict.fromkeys(links)]
    described = view.described(link.property for link in distinct)
    found = []
    for link in distinct:
        evidence = evidence_of_link.get(link, ())
        if _is_derived(evidence) and any(
            converse in distinct
            and (not _is_derived(evidence_of_link.get(converse, ())) or converse < link)
            for converse in _converses(view, link)
        ):
            continue
        label = label_of(
            view, link.property, link.subject != thing, described.get(link.property, NOTHING)
        )
        text = Text(label.value.removeprefix("← "), label.language)
        explanation = None
        if has_note(evidence):
            other_end = NamedNode(link.object)
            explanation = view.note_address(link.subject, link.property, other_end)
        found.append(ExplainedLink(link, text, link.subject != thing, evidence, explanation))
    return tuple(sorted(found, key=lambda p: (_rank(p.evidence), p.label.value, p.link)))


def _rank(evidence: tuple[Evidence, ...]) -> tuple[int, str]:
    return evidence[0].rank if evidence else (99, "")


def _is_derived(evidence: tuple[Evidence, ...]) -> bool:
    return bool(evidence) and all(piece.kind == DERIVED for piece in evidence)


def _converses(view: GraphView, link: PathLink) -> Iterator[PathLink]:
    for prop in view.graph.converses.get(link.property, ()):
        yield PathLink(link.object, prop, link.subject)
