"""The changes between two releases: facts, their evidence, the ontology.

If a decision about identity replaces an address, or is undone, its facts move with it: they are
neither added nor removed.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from heapq import merge
from itertools import chain, groupby, product
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from rallynov_graph.base.certainty import CURRENT, STANDINGS, is_current_line
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.release.release import Release

_CERTAINTY: Final = f"<{RN}certainty>".encode()
_VOICE: Final = f"<{RN}voice>".encode()
_PASSAGE: Final = f"<{RN}passage>".encode()
_STANDING: Final = f"<{RN}standing>".encode()
_STANDING_OF: Final = f"<{RN}standingOf>".encode()
_REPLACED_BY: Final = f"<{PREFIXES['dcterms']}isReplacedBy>".encode()
_DESCRIBED: Final = frozenset({_CERTAINTY, _VOICE, _PASSAGE, _STANDING, _STANDING_OF})
_ONTOLOGY: Final = f"<{ONTOLOGY}>".encode()
_TRIPLE: Final = itemgetter(0)

Graphs = frozenset[bytes | None]
Statement = tuple[bytes, Graphs]
"""A triple as N-Triples has it, with the graphs that state it."""
Successors = Mapping[bytes, tuple[bytes, ...]]
_Descriptions = Mapping[bytes, Mapping[bytes, tuple[str, ...]]]


@dataclass(frozen=True)
class StatedIn:
    """A graph that states a fact, and the description of that graph. All are IRIs."""

    graph: str
    """The empty string is the default graph."""
    certainty: str | None
    voice: str | None
    passages: tuple[str, ...]
    standing: str | None = None
    """None if it is current; else certainty, voice and passages are those of its set."""


@dataclass(frozen=True)
class ChangedFact:
    """A triple that only one of the releases has."""

    subject: Term
    predicate: Term
    object: Term
    evidence: tuple[StatedIn, ...]


@dataclass(frozen=True)
class Change:
    """A triple of both releases whose graphs, certainty or standing changed."""

    subject: Term
    predicate: Term
    object: Term
    before: tuple[StatedIn, ...]
    after: tuple[StatedIn, ...]

    @property
    def standings(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of its standings before and after."""
        return _standings(self.before), _standings(self.after)

    @property
    def is_of_standing(self) -> bool:
        """Whether its standing changed: it is no longer current, or current again."""
        before, after = self.standings
        return before != after


@dataclass(frozen=True)
class ComparedRelease:
    id: str
    version: str
    issued: str


@dataclass(frozen=True)
class AddressChange:
    """An address that was replaced by others, or that came back; all are IRIs."""

    former: str
    now: tuple[str, ...]
    facts: int
    """The number of facts that moved with it unchanged."""
    is_undone: bool = False
    """Whether the earlier release had it so, and the later one has not."""


@dataclass(frozen=True)
class Difference:
    """All differences between two releases, sorted by fact."""

    before: ComparedRelease
    after: ComparedRelease
    added: tuple[ChangedFact, ...]
    removed: tuple[ChangedFact, ...]
    changed: tuple[Change, ...]
    ontology_added: tuple[Triple, ...]
    ontology_removed: tuple[Triple, ...]
    addresses: tuple[AddressChange, ...] = ()
    """The addresses that gave way or came back; facts that only moved with them are no changes."""

    @property
    def is_empty(self) -> bool:
        """Whether both releases state the same facts with the same evidence."""
        changes = (self.added, self.removed, self.changed)
        return not any((*changes, self.ontology_added, self.ontology_removed))

    def json(self) -> str:
        """Return the difference as JSON, with terms as in N-Triples."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=2) + "\n"


def between(before: Release, after: Release) -> Difference:
    """Return the changes between two releases.

    Only the differences and the descriptions of graphs are kept in memory.
    """
    evidence = _GraphDescriptions(before.data), _GraphDescriptions(after.data)
    added: list[tuple[bytes, Graphs]] = []
    removed: list[tuple[bytes, Graphs]] = []
    changed: list[tuple[bytes, Graphs, Graphs]] = []
    for triple, graphs_before, graphs_after in _aligned(before.data, after.data):
        if not graphs_before:
            added.append((triple, graphs_after))
        elif not graphs_after:
            removed.append((triple, graphs_before))
        elif evidence[0].of(graphs_before) != evidence[1].of(graphs_after):
            changed.append((triple, graphs_before, graphs_after))
    added, removed, addresses = _without_moved(added, removed, changed)
    ontology = [*_aligned(before.ontology, after.ontology)]
    return Difference(
        before=_compared_release(before),
        after=_compared_release(after),
        added=_facts(added, evidence[1]),
        removed=_facts(removed, evidence[0]),
        changed=tuple(
            Change(
                t.subject,
                t.predicate,
                t.object,
                evidence[0].of(graphs_before),
                evidence[1].of(graphs_after),
            )
            for t, (_, graphs_before, graphs_after) in zip(
                _terms(c[0] for c in changed), changed, strict=True
            )
        ),
        ontology_added=tuple(_terms(t for t, graphs_before, _ in ontology if not graphs_before)),
        ontology_removed=tuple(_terms(t for t, _, graphs_after in ontology if not graphs_after)),
        addresses=addresses,
    )


def patch(before: Release, after: Release) -> Iterator[bytes]:
    """Yield the lines of an RDF Patch from one release's dataset to the other's.

    The ontology is in its own graph, as in a store. The store's default graph, which follows from
    the data, is not in the patch.
    """
    yield f'H id "{after.id}" .\n'.encode()
    yield f'H prev "{before.id}" .\n'.encode()
    yield b"TX .\n"
    for triple, graphs_before, graphs_after in _aligned(before.data, after.data):
        yield from (_row(b"D", triple, graph) for graph in _ordered(graphs_before - graphs_after))
        yield from (_row(b"A", triple, graph) for graph in _ordered(graphs_after - graphs_before))
    for triple, graphs_before, graphs_after in _aligned(before.ontology, after.ontology):
        if graphs_before != graphs_after:
            yield _row(b"D" if graphs_before else b"A", triple, _ONTOLOGY)
    yield b"TC .\n"


class _GraphDescriptions:
    """The descriptions of graphs in the data of a release."""

    def __init__(self, data: Path) -> None:
        described: dict[bytes, dict[bytes, tuple[str, ...]]] = defaultdict(dict)
        for triple, _ in statements_of(data):
            subject, predicate, value = triple.split(b" ", 2)
            if predicate in _DESCRIBED:
                values = described[subject].get(predicate, ())
                new = value.decode()[1:-1]
                if new not in values:
                    described[subject][predicate] = (*values, new)
        self._described: _Descriptions = described

    def of(self, graphs: Graphs) -> tuple[StatedIn, ...]:
        """Return these graphs as evidence."""
        return tuple(self._one(graph) for graph in _ordered(graphs))

    def _one(self, graph: bytes | None) -> StatedIn:
        properties = self._described.get(graph or b"", {})
        standing = None if is_current_line(graph) else properties.get(_STANDING, ("",))[0]
        for named_set in properties.get(_STANDING_OF, ()) if standing is not None else ():
            properties = self._described.get(f"<{named_set}>".encode(), {})
        return StatedIn(
            graph=(graph or b"").decode()[1:-1],
            certainty=next(iter(properties.get(_CERTAINTY, ())), None),
            voice=next(iter(properties.get(_VOICE, ())), None),
            passages=properties.get(_PASSAGE, ()),
            standing=standing,
        )


def _standings(evidence: Iterable[StatedIn]) -> tuple[str, ...]:
    names = {(it.standing or RN + CURRENT).removeprefix(RN) for it in evidence}
    return tuple(sorted(names, key=STANDINGS.index))


def _aligned(before: Path, after: Path) -> Iterator[tuple[bytes, Graphs, Graphs]]:
    """Yield each triple with its graphs before and after, sorted by triple."""
    both = merge(*(_on_side(path, side) for side, path in enumerate((before, after))), key=_TRIPLE)
    for triple, statements in groupby(both, key=_TRIPLE):
        graphs: tuple[set[bytes | None], set[bytes | None]] = set(), set()
        for _, graph, side in statements:
            graphs[side].add(graph)
        yield triple, frozenset(graphs[0]), frozenset(graphs[1])


def _on_side(path: Path, side: int) -> Iterator[tuple[bytes, bytes | None, int]]:
    return ((triple, graph, side) for triple, graph in statements_of(path))


def _ordered(graphs: Graphs) -> list[bytes | None]:
    return sorted(graphs, key=lambda graph: graph or b"")


def _row(sign: bytes, triple: bytes, graph: bytes | None) -> bytes:
    return b" ".join(part for part in (sign, triple, graph, b".\n") if part)


def _facts(
    triples_with_graphs: list[tuple[bytes, Graphs]], evidence: _GraphDescriptions
) -> tuple[ChangedFact, ...]:
    triples = _terms(triple for triple, _ in triples_with_graphs)
    return tuple(
        ChangedFact(t.subject, t.predicate, t.object, evidence.of(graphs))
        for t, (_, graphs) in zip(triples, triples_with_graphs, strict=True)
    )


def _terms(triples: Iterable[bytes]) -> Iterator[Triple]:
    lines = b"".join(chain.from_iterable((triple, b" .\n") for triple in triples))
    return (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))


def _compared_release(release: Release) -> ComparedRelease:
    return ComparedRelease(release.id, release.manifest.version, release.manifest.issued)


def _without_moved(
    added: list[Statement],
    removed: list[Statement],
    changed: list[tuple[bytes, Graphs, Graphs]],
) -> tuple[list[Statement], list[Statement], tuple[AddressChange, ...]]:
    """Return the added and removed facts except for moved ones, and the changed addresses.

    A fact that moved to where it was stated already has other evidence there: that is a change.
    """
    gave_way, came_back = _successors(added), _successors(removed)
    said_after = ((triple, after) for triple, _, after in changed)
    said_before = ((triple, before) for triple, before, _ in changed)
    gone, come, there = _moved(removed, chain(added, said_after), gave_way)
    back, left, here = _moved(added, chain(removed, said_before), came_back)
    changes = (*_changes(gave_way, there, False), *_changes(came_back, here, True))
    return (
        [it for it in added if it[0] not in come and it[0] not in back],
        [it for it in removed if it[0] not in gone and it[0] not in left],
        changes,
    )


def _successors(statements: Iterable[Statement]) -> Successors:
    found: dict[bytes, tuple[bytes, ...]] = {}
    for triple, _ in statements:
        subject, predicate, value = triple.split(b" ", 2)
        if predicate == _REPLACED_BY:
            found[subject] = (*found.get(subject, ()), value)
    return found


def _moved(
    here: Iterable[Statement], there: Iterable[Statement], successors: Successors
) -> tuple[set[bytes], set[bytes], dict[bytes, int]]:
    """Return the triples to move to another address, the moved ones, and the number of each."""
    moved, images, facts = set[bytes](), set[bytes](), dict[bytes, int]()
    graphs_there = dict(there) if successors else {}
    for triple, graphs in here if successors else ():
        for image in _images(triple, successors):
            if graphs & graphs_there.get(image, frozenset()):
                moved.add(triple)
                images.add(image)
                for former in {*triple.split(b" ", 2)} & successors.keys():
                    facts[former] = facts.get(former, 0) + 1
                break
    return moved, images, facts


def _images(triple: bytes, successors: Successors) -> Iterator[bytes]:
    subject, predicate, value = triple.split(b" ", 2)
    if subject in successors or value in successors:
        ends = (successors.get(end, (end,)) for end in (subject, value))
        yield from (b" ".join((first, predicate, other)) for first, other in product(*ends))


def _changes(
    successors: Successors, facts: Mapping[bytes, int], is_undone: bool
) -> Iterator[AddressChange]:
    for former, now in sorted(successors.items()):
        names = tuple(it.decode()[1:-1] for it in sorted(now))
        yield AddressChange(former.decode()[1:-1], names, facts.get(former, 0), is_undone)
