"""Which things of one reading are those of another one: by address, by name, by what is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import RN, kind_of_iri
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.implied import LABEL
from rallynov_graph.desk.short_terms import Value
from rallynov_graph.matching.words import folded

_NAMES = (LABEL, f"{RN}nameAsPrinted")


def matched(first: DocumentReading, second: DocumentReading) -> dict[str, str]:
    """Return, of each thing of the second reading that the first one has too, its address there.

    A thing is the same that has the same address, or else the same kind and name, or else, where
    both have no name that the other has, the same kind and most of what is said of it.
    """
    there, here = _facts(first), _facts(second)
    names = _names(first)
    found: dict[str, str] = {}
    for address in here:
        if address in there:
            found[address] = address
    for address, own in _names(second).items():
        if address in found:
            continue
        alike = {
            it
            for it, others in names.items()
            if kind_of_iri(it) == kind_of_iri(address) and own & others
        } - set(found.values())
        if len(alike) == 1:
            found[address] = alike.pop()
    _match_by_facts(there, here, found)
    return found


def _match_by_facts(
    there: Mapping[str, set[tuple[str, Value]]],
    here: Mapping[str, set[tuple[str, Value]]],
    found: dict[str, str],
) -> None:
    shared = []
    for address, said in here.items():
        if address in found:
            continue
        moved = {(name, moved_value(value, found)) for name, value in said}
        for other, others in there.items():
            if kind_of_iri(other) == kind_of_iri(address) and moved & others:
                alike = len(moved & others) / len(moved | others)
                shared.append((-alike, other, address))
    taken = set(found.values())
    for alike, other, address in sorted(shared):
        if -alike >= 1 / 2 and other not in taken and address not in found:
            found[address] = other
            taken.add(other)


def moved_value(value: Value, to: Mapping[str, str]) -> Value:
    """Return a value with the address that it has in another reading."""
    if isinstance(value, NamedNode):
        return NamedNode(to.get(value.value, value.value))
    return value


def _facts(reading: DocumentReading) -> dict[str, set[tuple[str, Value]]]:
    found: dict[str, set[tuple[str, Value]]] = defaultdict(set)
    for entry in reading.of_kind("set"):
        for subject, said in entry.facts.items():
            found[subject] |= {(name, value) for name, values in said.items() for value in values}
    return dict(found)


def _names(reading: DocumentReading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for address, name in _named(reading):
        found[address].add(name)
    return dict(found)


def _named(reading: DocumentReading) -> Iterator[tuple[str, str]]:
    for entry in reading.entries.values():
        for subject, said in ((entry.address, entry.says), *entry.facts.items()):
            for name in _NAMES:
                for value in said.get(name, ()):
                    if isinstance(value, Literal):
                        yield subject, folded(value.value)
