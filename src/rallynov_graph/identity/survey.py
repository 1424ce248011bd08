"""What data say of the things that decisions are about, and what of it speaks against them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, kind_of_iri, short_iri
from rallynov_graph.base.terms import Term
from rallynov_graph.identity.resolution import Resolution
from rallynov_graph.identity.written_decisions import Decided, Decision, Places, iri_of

ALTERNATIVE: Final = NamedNode(f"{PREFIXES['skos']}altLabel")
NAMES: Final = frozenset({f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel"})
"""The names that curators give a thing; those of a merged one become alternative names."""
ONE_VALUED: Final = frozenset(
    f"{PREFIXES[prefix]}{name}"
    for prefix, names in (
        ("dcterms", ("description", "type")),
        ("skos", ("definition", "scopeNote", "editorialNote", "notation")),
    )
    for name in names
)
"""What else curators write once of a thing: the kept thing's stays."""


@dataclass
class Survey:
    """What the data say of things that were decided about."""

    resolution: Resolution
    curation: frozenset[NamedNode]
    mentioned: set[str] = field(default_factory=set)
    speaking: dict[str, set[str]] = field(default_factory=dict)
    """By split address, the graphs that speak of it and do more than name it."""
    curated: dict[str, list[Quad]] = field(default_factory=dict)
    """By thing, what curators wrote of it of which a thing has one."""
    named: set[str] = field(default_factory=set)
    """The things that curators give a name."""
    links: list[Quad] = field(default_factory=list)
    """The statements that link a thing to one that it is the same as."""

    def things(self, term: Term, quad: Quad) -> Sequence[Term]:
        """Return what a term of a statement names now: of a split address, perhaps several."""
        if not isinstance(term, NamedNode):
            return (term,)
        split = self.resolution.splits.get(term.value)
        if split is None:
            now = self.resolution.became.get(term.value)
            return (term,) if now is None else (NamedNode(now),)
        return [NamedNode(self.resolution.now(it)) for it in self._assigned(split, quad)]

    def _assigned(self, split: Decision, quad: Quad) -> list[str]:
        graph = speaking_graph(quad, self.curation)
        found = [it.thing for it in split.assigned if graph in it.graphs]
        if self._is_name(quad):
            found += [it.thing for it in split.assigned if it.thing not in self.named]
        return [*dict.fromkeys(found)]

    def _is_name(self, quad: Quad) -> bool:
        return is_name(quad, self.curation)

    def _mention(self, thing: str, quad: Quad, is_name: bool) -> None:
        self.mentioned.add(thing)
        if thing in self.resolution.splits and not is_name:
            self.speaking.setdefault(thing, set()).add(speaking_graph(quad, self.curation))

    def add(self, quad: Quad, decided_about: frozenset[NamedNode]) -> None:
        """Add a statement that mentions a thing that was decided about."""
        subject, value = iri_of(quad.subject), iri_of(quad.object)
        if quad.subject in decided_about:
            self._mention(subject, quad, self._is_name(quad))
        if quad.object in decided_about:
            self._mention(value, quad, False)
        now = self.resolution.now
        if subject != value and now(subject) == now(value):
            self.links.append(quad)
        if quad.subject in decided_about and quad.graph_name in self.curation:
            if quad.predicate.value in NAMES:
                self.named.add(subject)
            if quad.predicate.value in NAMES or quad.predicate.value in ONE_VALUED:
                self.curated.setdefault(subject, []).append(quad)


def is_name(quad: Quad, curation: frozenset[NamedNode]) -> bool:
    """Return whether a statement is a name that curators give."""
    return quad.predicate.value in NAMES and quad.graph_name in curation


def speaking_graph(quad: Quad, curation: frozenset[NamedNode]) -> str:
    """Return the graph that speaks of a thing in a statement: whose voice a set has, it says."""
    of_set = quad.graph_name in curation and kind_of_iri(iri_of(quad.subject)) == "assertion-set"
    return iri_of(quad.subject if of_set else quad.graph_name)


def graphs_about(thing: str, quads: Iterable[Quad], decided: Decided) -> set[str]:
    """Return the graphs that speak of a thing, and not only name it; decisions are left out."""
    node = NamedNode(thing)
    return {
        speaking_graph(quad, decided.curation)
        for quad in quads
        if (quad.object == node or (quad.subject == node and not is_name(quad, decided.curation)))
        and quad.graph_name not in decided.graphs
    }


def surveyed(
    quads: Iterable[Quad], decided: Decided, resolution: Resolution, places: Places
) -> Survey:
    """Return what data say of decided things; raise SourceError where it speaks against them."""
    survey = Survey(resolution, decided.curation)
    things = frozenset(NamedNode(it) for one in decided.decisions for it in one.things)
    for quad in quads:
        concerned = quad.subject in things or quad.object in things
        if concerned and quad.graph_name not in decided.graphs:
            survey.add(quad, things)
    brought = {it.thing for one in resolution.splits.values() for it in one.assigned}
    for decision in decided.decisions:
        for thing in decision.things:
            if thing not in survey.mentioned and thing not in brought:
                reason = f"{decision.name} names {short_iri(thing)}, of which the data say nothing"
                raise places.error(decision.iri, reason)
    for link in survey.links:
        raise _linked(link, resolution, places)
    for decision in resolution.splits.values():
        _refuse_unassigned(decision, survey, places)
    return survey


def _linked(link: Quad, resolution: Resolution, places: Places) -> Exception:
    subject, value = iri_of(link.subject), iri_of(link.object)
    decision = next(it for it in resolution.merging if {it.kept, it.other} & {subject, value})
    graph, predicate = short_iri(iri_of(link.graph_name)), short_iri(link.predicate.value)
    reason = (
        f"{decision.name} makes {short_iri(subject)} and {short_iri(value)} one thing, which "
        f"{graph} links to itself by {predicate}; "
        "take that out, or undo the decision"
    )
    return places.error(decision.iri, reason)


def _refuse_unassigned(decision: Decision, survey: Survey, places: Places) -> None:
    """Raise SourceError unless each graph that speaks of a split address is given to one thing."""
    speaking = survey.speaking.get(decision.other, set())
    given: dict[str, str] = {}
    for assignment in decision.assigned:
        for graph in assignment.graphs:
            before = given.setdefault(graph, assignment.thing)
            if before != assignment.thing and NamedNode(graph) not in survey.curation:
                reason = (
                    f"{decision.name} gives {short_iri(graph)} to {short_iri(before)} and to "
                    f"{short_iri(assignment.thing)}; give it to one"
                )
                raise places.error(decision.iri, reason)
    split = short_iri(decision.other)
    if left := sorted(speaking - given.keys()):
        listed = ", ".join(map(short_iri, left))
        reason = f"{decision.name} splits {split} and does not say of which thing speaks {listed}"
        raise places.error(decision.iri, reason)
    if strange := sorted(given.keys() - speaking):
        listed = ", ".join(map(short_iri, strange))
        reason = f"{decision.name} assigns {listed}, where nothing is said of {split}"
        raise places.error(decision.iri, reason)
