"""The statements of a reading, entry by entry, so that a change costs what it changes.

They are those that ``rallynov write`` writes, but for the names of passages and sets: there these
have numbers and the names of things, which change with other entries, and here positions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, kind_of_iri
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key
from rallynov_graph.desk.implied import LABEL
from rallynov_graph.desk.quads_to_reading import quads_of

_LABEL: Final = NamedNode(LABEL)
_PASSAGE: Final = f"{ID}passage/"
_AROUND: Final = frozenset({"passage", "selector"})
"""Kinds of things that are implied; an entry of one says what is not as implied."""


class EntryQuads:
    """The statements of a reading, which change with it."""

    def __init__(self, reading: DocumentReading) -> None:
        self._reading = replace(reading, entries={})
        self._of_entry: dict[Key, frozenset[Quad]] = {}
        self._counts: Counter[Quad] = Counter()
        self._graphs: Counter[object] = Counter()
        self.follow(reading)

    @property
    def quads(self) -> Iterable[Quad]:
        """All statements."""
        return self._counts.keys()

    def has(self, node: object) -> bool:
        """Return whether something is said of a node, or in it."""
        return node in self._graphs

    def follow(self, reading: DocumentReading) -> tuple[set[Quad], set[Quad]]:
        """Return which statements go and which come where the reading becomes another one."""
        old, new = self._reading.entries, reading.entries
        changed = [key for key in {**old, **new} if old.get(key) is not new.get(key)]
        changed = [key for key in changed if old.get(key) != new.get(key)]
        if any(map(_concerns_others, (it.get(key) for it in (old, new) for key in changed))):
            changed = [*{**old, **new}]
        self._reading = reading
        around = _Around(reading)
        before: set[Quad] = set()
        after: set[Quad] = set()
        for key in changed:
            gone = self._of_entry.pop(key, frozenset())
            come = frozenset(around.quads(new[key])) if key in new else frozenset()
            if come:
                self._of_entry[key] = come
            before |= self._taken(gone - come)
            after |= self._added(come - gone)
        return before - after, after - before

    def _taken(self, quads: Iterable[Quad]) -> set[Quad]:
        found = set()
        for quad in quads:
            self._counts[quad] -= 1
            if not self._counts[quad]:
                del self._counts[quad]
                self._count(quad, -1)
                found.add(quad)
        return found

    def _added(self, quads: Iterable[Quad]) -> set[Quad]:
        found = set()
        for quad in quads:
            self._counts[quad] += 1
            if self._counts[quad] == 1:
                self._count(quad, 1)
                found.add(quad)
        return found

    def _count(self, quad: Quad, number: int) -> None:
        for node in (quad.subject, quad.graph_name):
            self._graphs[node] += number
            if not self._graphs[node]:
                del self._graphs[node]


def _concerns_others(entry: Entry | None) -> bool:
    """Return whether what others imply depends on an entry."""
    return entry is not None and (entry.kind == "part" or kind_of_iri(entry.address) in _AROUND)


class _Around:
    """A reading in which the statements of one entry are asked for."""

    def __init__(self, reading: DocumentReading) -> None:
        self._reading = reading
        self._parts = [it for it in reading.of_kind("part") if it.words]
        self._of_words: Mapping[str, list[Entry]] = self._by_address()
        self._readings = [it for it in reading.entries.values() if it.kind == "reading"]

    def quads(self, entry: Entry) -> Iterator[Quad]:
        """Yield the statements of an entry, with those of its passages."""
        beside = [it for it in self._beside(entry) if it.key != entry.key]
        own = {*self._quads_of([*beside, entry])} - {*self._quads_of(beside)}
        labels: dict[object, Quad] = {}
        for quad in own:
            if quad.predicate == _LABEL and self._is_implied(quad.subject):
                labels[quad.subject] = quad
            else:
                yield quad
        for quad in labels.values():
            yield from self._named(quad)

    def _quads_of(self, entries: Iterable[Entry]) -> Iterator[Quad]:
        return quads_of(replace(self._reading, entries={it.key: it for it in entries}))

    def _beside(self, entry: Entry) -> Iterator[Entry]:
        passages = [self._reading.passage(it).value for it in entry.words]
        values = (v for said in entry.facts.values() for it in said.values() for v in it)
        passages += [it.value for it in values if it.value.startswith(_PASSAGE)]
        slugs = [it.removeprefix(_PASSAGE) for it in passages]
        for slug in slugs:
            yield from self._of_words.get(slug, ())
        spans = [it.span for it in entry.words]
        for part in self._parts:
            start, end = part.words[0].span
            if any(start <= one and other <= end for one, other in spans) or slugs[len(spans) :]:
                yield part
        if entry.kind == "question":
            yield from self._readings

    def _by_address(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for it in self._reading.entries.values():
            if kind_of_iri(it.address) in _AROUND:
                found[it.address.rpartition("/")[2]].append(it)
        return found

    def _is_implied(self, node: object) -> bool:
        if not isinstance(node, NamedNode) or not node.value.startswith(_PASSAGE):
            return False
        entries = self._of_words.get(node.value.removeprefix(_PASSAGE), ())
        return not any(LABEL in it.says for it in entries)

    def _named(self, quad: Quad) -> Iterator[Quad]:
        name = str(quad.subject)[1:-1].rpartition("/")[2]
        for code in self._reading.text.languages:
            value = Literal(name.replace("-", " "), language=code)
            yield Quad(quad.subject, _LABEL, value, quad.graph_name)
