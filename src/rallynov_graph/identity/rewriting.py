"""Apply decisions about identity to data: one address for one thing.

The kept address replaces the merged one everywhere except in the decisions themselves. Statements
of curators about the kept thing stay; the names of the merged one become alternative names. In each
graph, a split address is replaced by the thing that the graph is assigned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import (
    ID,
    PREFIXES,
    curated_by_program,
    kind_of_iri,
    short_iri,
)
from rallynov_graph.base.terms import Term
from rallynov_graph.identity import decisions
from rallynov_graph.identity.decisions import Decided, Decision, Places, Resolution, iri_of

DESCRIPTIONS: Final = NamedNode(f"{ID}graph/identity")
"""The graph that says which addresses gave way to which."""
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
"""The other single-valued properties of curators: the kept thing's value stays."""
REPLACED_BY: Final = NamedNode(f"{PREFIXES['dcterms']}isReplacedBy")

_TITLES: Final = {"fr": "Adresses réunies ou partagées", "en": "Addresses merged or split"}
_TYPE: Final = NamedNode(decisions.TYPE)


@dataclass(frozen=True)
class Lost:
    """A curators' statement about a merged thing, dropped for another one of the kept thing."""

    thing: str
    """The merged address."""
    quad: Quad


@dataclass(frozen=True)
class DecidedQuads:
    """Quads with their own decisions applied, at each iteration."""

    quads: Iterable[Quad]
    files: tuple[Path, ...] = ()

    def __iter__(self) -> Iterator[Quad]:
        if not self.decided.decisions:
            return iter(self.quads)
        return chain(self._rewritten(), described(self.resolution))

    @cached_property
    def places(self) -> Places:
        return Places(self.files)

    @cached_property
    def decided(self) -> Decided:
        """The decisions; reading them raises SourceError for an incomplete one."""
        return decisions.read(self.quads, self.places)

    @cached_property
    def resolution(self) -> Resolution:
        """The combined decisions; raises SourceError if they contradict each other."""
        return decisions.resolved(self.decided.decisions, self.places)

    @cached_property
    def survey(self) -> Survey:
        """The data about decided things; raises SourceError if they contradict the decisions."""
        return surveyed(self.quads, self.decided, self.resolution, self.places)

    @cached_property
    def curated(self) -> Curated:
        """What happens to the curators' statements about merged things."""
        return _curated(self.survey, self.resolution)

    def _rewritten(self) -> Iterator[Quad]:
        survey, places = self.survey, self.curated.places
        touched = {NamedNode(iri) for iri in (*self.resolution.became, *self.resolution.splits)}
        apart = self.decided.graphs
        for quad in self.quads:
            if not (quad.subject in touched or quad.object in touched) or quad.graph_name in apart:
                yield quad
            elif quad in places:
                yield from places[quad]
            else:
                for subject in survey.things(quad.subject, quad):
                    for value in survey.things(quad.object, quad):
                        yield Quad(subject, quad.predicate, value, quad.graph_name)  # type: ignore[arg-type]


def decided(quads: Iterable[Quad], files: Iterable[Path] = ()) -> DecidedQuads:
    """Return the data with their decisions applied; iterating it raises SourceError.

    The files are those of the data, for the places of decisions in errors. Memory grows with the
    decisions, not with the data.
    """
    return DecidedQuads(quads, tuple(files))


@dataclass(frozen=True)
class Curated:
    """What happened to the curators' statements about merged things."""

    places: Mapping[Quad, tuple[Quad, ...]] = field(default_factory=dict)
    """By each statement of which there is one for each thing, what takes its place."""
    lost: tuple[Lost, ...] = ()


def _curated(survey: Survey, resolution: Resolution) -> Curated:
    """Return what happens to single-valued statements: those of the kept thing stay."""
    places: dict[Quad, tuple[Quad, ...]] = {}
    lost: list[Lost] = []
    members: dict[str, list[str]] = {}
    for other, kept in sorted(resolution.became.items()):
        members.setdefault(kept, [kept]).append(other)
    for kept, things in members.items():
        statements = [(it, q) for it in things for q in sorted(survey.curated.get(it, ()), key=str)]
        first: dict[NamedNode, str] = {}
        for it, quad in statements:
            first.setdefault(quad.predicate, it)
        stays = {quad.object for it, quad in statements if first[quad.predicate] == it}
        for it, quad in statements:
            if first[quad.predicate] == it:
                places[quad] = (_of(kept, quad, quad.predicate),)
            elif quad.predicate.value in NAMES:
                further = _of(kept, quad, ALTERNATIVE)
                places[quad] = () if quad.object in stays else (further,)
            else:
                places[quad] = ()
                lost.append(Lost(it, quad))
    return Curated(places, tuple(lost))


def _of(thing: str, quad: Quad, predicate: NamedNode) -> Quad:
    return Quad(NamedNode(thing), predicate, quad.object, quad.graph_name)


def described(resolution: Resolution) -> Iterator[Quad]:
    """Yield which addresses replaced which; nothing if none did."""
    gave_way = {other: (kept,) for other, kept in resolution.became.items()} | {
        split: tuple(resolution.now(it.thing) for it in decision.assigned)
        for split, decision in resolution.splits.items()
    }
    if not gave_way:
        return
    yield from curated_by_program(DESCRIPTIONS, _TITLES)
    for other, things in sorted(gave_way.items()):
        for thing in dict.fromkeys(things):
            yield Quad(NamedNode(other), REPLACED_BY, NamedNode(thing), DESCRIPTIONS)


@dataclass
class Survey:
    """The data about things with decisions."""

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
    """The statements that link a thing to a merged one."""

    def things(self, term: Term, quad: Quad) -> Sequence[Term]:
        """Return the present things of a term in a statement: several for a split address."""
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
        """Add a statement that mentions a thing with a decision."""
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
    return quad.predicate.value in NAMES and quad.graph_name in curation


def speaking_graph(quad: Quad, curation: frozenset[NamedNode]) -> str:
    """Return the graph that a statement is evidence from; for a set's voice, the set."""
    of_set = quad.graph_name in curation and kind_of_iri(iri_of(quad.subject)) == "assertion-set"
    return iri_of(quad.subject if of_set else quad.graph_name)


def graphs_about(thing: str, quads: Iterable[Quad], decided: Decided) -> set[str]:
    """Return the graphs about a thing, not those that only name it nor those of decisions."""
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
    """Return the data about decided things; raise SourceError if they contradict a decision."""
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
                reason = f"{decision.name} names {short_iri(thing)}, which the data do not mention"
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
    """Raise SourceError unless each graph about a split address is assigned to one thing."""
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
