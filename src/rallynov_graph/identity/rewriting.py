"""The data as the decisions about identity have them: one address for one thing.

A merged address gives way to the kept one wherever it stands, but in the decisions themselves. What
curators wrote of the kept thing stays; the names of the other become alternative ones. Of a split
address, each graph speaks of the thing that it is assigned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, made_by_program
from rallynov_graph.identity import resolution, written_decisions
from rallynov_graph.identity.resolution import Resolution
from rallynov_graph.identity.survey import ALTERNATIVE, NAMES, Survey, surveyed
from rallynov_graph.identity.written_decisions import Decided, Places

DESCRIPTIONS: Final = NamedNode(f"{ID}graph/identity")
"""The graph that says which addresses gave way to which."""
REPLACED_BY: Final = NamedNode(f"{PREFIXES['dcterms']}isReplacedBy")

_TITLES: Final = {"fr": "Adresses réunies ou partagées", "en": "Addresses merged or split"}
_TYPE: Final = NamedNode(written_decisions.TYPE)
_CURATION: Final = NamedNode(written_decisions.CURATION)
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")


@dataclass(frozen=True)
class Lost:
    """What curators wrote of a merged thing that the kept one has already, otherwise."""

    thing: str
    """The merged address."""
    quad: Quad


@dataclass(frozen=True)
class DecidedQuads:
    """Quads after the decisions among them were carried out, each time they are iterated."""

    quads: Iterable[Quad]
    files: tuple[Path, ...] = ()

    def __iter__(self) -> Iterator[Quad]:
        if not self.decided.decisions:
            return iter(self.quads)
        return chain(self._rewritten(), described(self.resolution))

    @cached_property
    def places(self) -> Places:
        """Where the decisions stand."""
        return Places(self.files)

    @cached_property
    def decided(self) -> Decided:
        """The decisions; reading them raises SourceError for one that is not whole."""
        return written_decisions.read(self.quads, self.places)

    @cached_property
    def resolution(self) -> Resolution:
        """What they say together; raises SourceError where they contradict each other."""
        return resolution.resolved(self.decided.decisions, self.places)

    def depends_on(self, quad: Quad) -> bool:
        """Return whether other statements may be others as one comes or goes, or itself may be.

        Where none of some statements is so, they come and go as they are written.
        """
        if written_decisions.describes_one(quad) or quad.graph_name == DESCRIPTIONS:
            return True
        if not self.decided.decisions:
            return False
        is_curation = quad.predicate == _TYPE and quad.object == _CURATION
        return is_curation or quad.subject in self._things or quad.object in self._things

    @cached_property
    def _things(self) -> frozenset[NamedNode]:
        return frozenset(NamedNode(it) for one in self.decided.decisions for it in one.things)

    @cached_property
    def survey(self) -> Survey:
        """What the data say of the things; raises SourceError where it speaks against them."""
        return surveyed(self.quads, self.decided, self.resolution, self.places)

    @cached_property
    def curated(self) -> Curated:
        """What becomes of what curators wrote of merged things."""
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
    """Return the data as the decisions among them have them; iterating raises SourceError.

    The files are those of the data, to say where a decision stands. What is held in memory grows
    with the decisions, and not with the data.
    """
    return DecidedQuads(quads, tuple(files))


@dataclass(frozen=True)
class Curated:
    """What became of what curators wrote of merged things."""

    places: Mapping[Quad, tuple[Quad, ...]] = field(default_factory=dict)
    """By each statement of which there is one a thing, what takes its place."""
    lost: tuple[Lost, ...] = ()


def _curated(survey: Survey, resolution: Resolution) -> Curated:
    """Return what becomes of statements of which a thing has one: the kept thing's stay."""
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
    """Yield which addresses gave way to which; nothing where none did."""
    gave_way = {other: (kept,) for other, kept in resolution.became.items()} | {
        split: tuple(resolution.now(it.thing) for it in decision.assigned)
        for split, decision in resolution.splits.items()
    }
    if not gave_way:
        return
    yield Quad(DESCRIPTIONS, _TYPE, NamedNode(f"{RN}CurationGraph"), DESCRIPTIONS)
    for language, text in _TITLES.items():
        yield Quad(DESCRIPTIONS, _LABEL, Literal(text, language=language), DESCRIPTIONS)
    yield from made_by_program(DESCRIPTIONS)
    for other, things in sorted(gave_way.items()):
        for thing in dict.fromkeys(things):
            yield Quad(NamedNode(other), REPLACED_BY, NamedNode(thing), DESCRIPTIONS)
