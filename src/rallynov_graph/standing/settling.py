"""The standing of every statement, computed from all data.

The data are read several times; memory only holds the statements that may be superseded, and those
that decide this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import ALTERNATIVE, CURRENT, is_current
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.identity.decisions import DecisionReader, Places, iri_of
from rallynov_graph.standing import announcements, decisions, standing_graphs
from rallynov_graph.standing.announcements import (
    group_in_announcements,
    is_announcement,
    is_contact,
)
from rallynov_graph.standing.dated_documents import Sources
from rallynov_graph.standing.standing_graphs import Move

_ALTERNATIVE_IN: Final = f"{RN}alternativeIn"
_TAKEN_IN: Final = f"{RN}takenIn"
_LABEL: Final = f"{PREFIXES['rdfs']}label"


def settled(quads: Iterable[Quad], files: Sequence[Path] = ()) -> Iterable[Quad]:
    """Return data whose superseded statements are moved to graphs of their own.

    The result may be iterated any number of times; it is the data themselves where all is current,
    or where they come from a release, which was settled. The data are iterated up to three times.
    Raises SourceError, with the place in these files, for a decision that cannot be applied.
    """
    claims = _Claims.of(quads)
    return _working_out(quads, claims, Places(tuple(files))) if claims else quads


@dataclass
class _Claims:
    """The statements of the data that affect standing."""

    announced: set[object] = field(default_factory=set)
    contacts: set[object] = field(default_factory=set)
    """The participations of those who are contacts of events."""
    alternatives: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The readings of open questions that were not taken, by the set that states one."""
    taken: set[str] = field(default_factory=set)
    decisions: DecisionReader = field(default_factory=decisions.reader)

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> _Claims:
        """Read them from a dataset; there are none in one that is settled already."""
        found = cls()
        for quad in quads:
            prop = quad.predicate.value
            if not is_current(quad.graph_name):
                return cls()
            if is_announcement(quad):
                found.announced.add(quad.subject)
            elif is_contact(quad):
                found.contacts.add(quad.subject)
            elif prop == _ALTERNATIVE_IN:
                found.alternatives[iri_of(quad.object)].add(iri_of(quad.subject))
            elif prop == _TAKEN_IN:
                found.taken.add(iri_of(quad.object))
            else:
                found.decisions.add(quad)
        return found

    def are_of_event(self, quad: Quad) -> bool:
        """Whether a statement may be superseded with an announcement, or supersede one."""
        of_group = quad.subject in self.announced and group_in_announcements(quad)
        return bool(of_group) or quad.subject in self.contacts

    def __bool__(self) -> bool:
        return bool(self.announced or self.alternatives or any(self.decisions))

    def untaken(self) -> dict[str, Move]:
        """Return the sets named only by rejected readings, with their new standing.

        A set named by both kinds of readings stays: a check reports it.
        """
        return {
            name: Move(ALTERNATIVE, because=min(readings))
            for name, readings in self.alternatives.items()
            if name not in self.taken
        }


def _working_out(quads: Iterable[Quad], claims: _Claims, places: Places) -> Iterable[Quad]:
    """Return the settled data; raise SourceError."""
    decided = decisions.read(claims.decisions, places)
    decided_sets = {name for it in decided for name in (it.named_set, it.move.place) if name}
    stated: dict[str, list[Quad]] = defaultdict(list)
    grouped: list[Quad] = []
    known = Sources()
    for quad in quads:
        graph = iri_of(quad.graph_name)
        if graph in decided_sets:
            stated[graph].append(quad)
        if claims.are_of_event(quad):
            grouped.append(quad)
        known.add_document(quad)
    whole = claims.untaken()
    sets = frozenset({*decided_sets, *whole, *(iri_of(q.graph_name) for q in grouped)})
    labels = _read_sets(quads, known, sets)
    single = decisions.moves(decided, stated, known, places)
    kept = {quad for quad, move in single.items() if move.standing == CURRENT}
    gone = {quad for quad in grouped if quad in single or iri_of(quad.graph_name) in whole} - kept
    rivals = (quad for quad in grouped if quad not in gone)
    single |= announcements.superseded(rivals, known, kept)
    if not whole and not single:
        return quads
    return _Settled(quads, whole, single, labels, claims.alternatives)


def _read_sets(quads: Iterable[Quad], known: Sources, sets: Set[str]) -> dict[str, dict[str, str]]:
    """Add the data about sets to what is known; return the labels of the sets."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        known.add_set(quad, sets)
        subject, text = iri_of(quad.subject), quad.object
        if quad.predicate.value == _LABEL and subject in sets and isinstance(text, Literal):
            labels[subject][text.language or ""] = text.value
    return labels


@dataclass(frozen=True)
class _Settled:
    """The settled data; iterating yields them with the description of the moved statements."""

    quads: Iterable[Quad]
    whole: Mapping[str, Move]
    """The sets of which all moves but what is decided otherwise."""
    single: Mapping[Quad, Move]
    """The statements that move, and those that stay because somebody decided so."""
    labels: standing_graphs.Labels
    readings: Mapping[str, Set[str]]
    """The readings that a set states: several may state the same."""

    def __iter__(self) -> Iterator[Quad]:
        concerned = {*map(NamedNode, self.whole), *(quad.graph_name for quad in self.single)}
        made: dict[tuple[str, Move], set[str]] = defaultdict(set)
        for quad in self.quads:
            if quad.graph_name not in concerned:
                yield quad
                continue
            graph = iri_of(quad.graph_name)
            move = self.single.get(quad) or self.whole.get(graph)
            if move is None or move.standing == CURRENT:
                yield quad
                continue
            made[graph, replace(move, because=None)] |= self._reasons(quad, graph, move)
            yield Quad(quad.subject, quad.predicate, quad.object, move.graph(graph))
        yield from standing_graphs.described(made, self.labels)

    def _reasons(self, quad: Quad, graph: str, move: Move) -> Set[str]:
        if quad not in self.single:
            return self.readings[graph]
        return {move.because} if move.because else set()
