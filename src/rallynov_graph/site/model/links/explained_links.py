"""Links between things as pages show them: what they are called, which way they go, who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES, SUREST, admitted
from rallynov_graph.questions.labels import NOTHING, Text
from rallynov_graph.rules.explanation import graphs_of
from rallynov_graph.site.model.evidence import CURATION, DERIVED, Evidence, of_graphs
from rallynov_graph.site.model.facts import label_of
from rallynov_graph.site.model.links.shortest_paths import PathLink
from rallynov_graph.site.model.nodes import GraphView

CERTAIN: Final = (*CERTAINTIES, DERIVED)
"""What a line can show: how sure a link is."""


@dataclass(frozen=True)
class Proven:
    """A link with what it is called when it is read from one of its ends."""

    link: PathLink
    label: Text
    backwards: bool
    evidence: tuple[Evidence, ...]
    why: str | None
    """Where it is said from what a rule concludes it."""

    @property
    def how(self) -> str:
        """How sure it is, by its surest evidence; the empty string where nobody says how."""
        return line(self.evidence)


def line(evidence: tuple[Evidence, ...]) -> str:
    """Return the stroke of a link: of its surest evidence, curation as what is said outright."""
    how = evidence[0].how if evidence else ""
    return SUREST if how == CURATION else how if how in CERTAIN else ""


def admits(certainty: str, evidence: Evidence) -> bool:
    """Return whether a reader who accepts what is at least so certain accepts this."""
    said = evidence.certainty or (evidence.how if evidence.how in CERTAINTIES else "")
    return not said or said in admitted(certainty)


def proofs(
    view: GraphView, links: Iterable[PathLink], certainty: str
) -> dict[PathLink, tuple[Evidence, ...]]:
    """Return who says each link, at least so certainly, the surest first."""
    wanted = [*dict.fromkeys(links)]
    if not wanted:
        return {}
    facts = {
        Triple(NamedNode(k.subject), NamedNode(k.property), NamedNode(k.object)): k for k in wanted
    }
    graphs = graphs_of(view.store, [*facts])
    said = of_graphs(view, (g for them in graphs.values() for g in them if g))
    return {
        facts[fact]: tuple(
            sorted(
                (said[g] for g in them if g in said and admits(certainty, said[g])),
                key=lambda proof: proof.rank,
            )
        )
        for fact, them in graphs.items()
    }


def read_from(
    view: GraphView,
    thing: str,
    links: Iterable[PathLink],
    said: dict[PathLink, tuple[Evidence, ...]],
) -> tuple[Proven, ...]:
    """Return links as they read from a thing, the surest first.

    What a rule only concludes from another of them, its converse, is left out.
    """
    known = [*dict.fromkeys(links)]
    described = view.described(link.property for link in known)
    found = []
    for link in known:
        evidence = said.get(link, ())
        if _is_derived(evidence) and any(
            converse in known and (not _is_derived(said.get(converse, ())) or converse < link)
            for converse in _converses(view, link)
        ):
            continue
        label = label_of(
            view, link.property, link.subject != thing, described.get(link.property, NOTHING)
        )
        text = Text(label.value.removeprefix("← "), label.language)
        why = None if view.foreign else view.addresses.why(link.subject, link.property, link.object)
        found.append(Proven(link, text, link.subject != thing, evidence, why))
    return tuple(sorted(found, key=lambda p: (_rank(p.evidence), p.label.value, p.link)))


def _rank(evidence: tuple[Evidence, ...]) -> tuple[int, str]:
    return evidence[0].rank if evidence else (99, "")


def _is_derived(evidence: tuple[Evidence, ...]) -> bool:
    return bool(evidence) and all(proof.how == DERIVED for proof in evidence)


def _converses(view: GraphView, link: PathLink) -> Iterator[PathLink]:
    for prop in view.graph.converses.get(link.property, ()):
        yield PathLink(link.object, prop, link.subject)
