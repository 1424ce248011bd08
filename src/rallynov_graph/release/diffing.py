"""What changed from one release to another: facts, their evidence, the ontology."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import ONTOLOGY, RN
from rallynov_graph.base.standings import CURRENT, STANDINGS, is_current_line
from rallynov_graph.base.terms import Term
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.release.moved_facts import AddressChange, without_moved
from rallynov_graph.release.release import Release

_CERTAINTY: Final = f"<{RN}certainty>".encode()
_VOICE: Final = f"<{RN}voice>".encode()
_PASSAGE: Final = f"<{RN}passage>".encode()
_STANDING: Final = f"<{RN}standing>".encode()
_STANDING_OF: Final = f"<{RN}standingOf>".encode()
_DESCRIBED: Final = frozenset({_CERTAINTY, _VOICE, _PASSAGE, _STANDING, _STANDING_OF})
_ONTOLOGY: Final = f"<{ONTOLOGY}>".encode()

Graphs = frozenset[bytes | None]
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
    """None for what is current; else certainty, voice and passages are those of its set."""


@dataclass(frozen=True)
class ChangedFact:
    """A triple that one of the releases has and the other has not."""

    subject: Term
    predicate: Term
    object: Term
    evidence: tuple[StatedIn, ...]


@dataclass(frozen=True)
class Change:
    """A triple that both releases have, stated by other graphs, as surely or not, or standing."""

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
        """Whether it stands otherwise: what was current is not any more, or is again."""
        before, after = self.standings
        return before != after


@dataclass(frozen=True)
class ComparedRelease:
    """One of the two releases that are compared."""

    id: str
    version: str
    issued: str


@dataclass(frozen=True)
class Difference:
    """Everything that is different between two releases, in the order of their facts."""

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
        """Whether both releases say the same, by the same evidence."""
        changes = (self.added, self.removed, self.changed)
        return not any((*changes, self.ontology_added, self.ontology_removed))

    def json(self) -> str:
        """Return the difference as JSON; terms are written as N-Triples has them."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=2) + "\n"


def between(before: Release, after: Release) -> Difference:
    """Return what changed from one release to another.

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
    added, removed, addresses = without_moved(added, removed, changed)
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
    """Yield the lines of an RDF Patch that makes the one release's dataset the other's.

    The ontology is in its own graph, as a store has it. The default graph of a store, which follows
    from the data, is not in the patch.
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
    """The descriptions that the data of a release have of their graphs."""

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
    """Yield each triple with the graphs it is in, before and after, in the order of triples."""
    none: Graphs = frozenset()
    befores, afters = _grouped(before), _grouped(after)
    first, second = next(befores, None), next(afters, None)
    while first or second:
        if second is None or (first and first[0] < second[0]):
            assert first is not None
            yield first[0], first[1], none
            first = next(befores, None)
        elif first is None or second[0] < first[0]:
            yield second[0], none, second[1]
            second = next(afters, None)
        else:
            yield first[0], first[1], second[1]
            first, second = next(befores, None), next(afters, None)


def _grouped(path: Path) -> Iterator[tuple[bytes, Graphs]]:
    for triple, lines in groupby(statements_of(path), key=lambda statement: statement[0]):
        yield triple, frozenset(graph for _, graph in lines)


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
