"""Things by the names that people give them: those of this document first, then those of others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.known_terms import kind_of_class
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.words import message
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded

_LABEL: Final = f"{PREFIXES['rdfs']}label"
_NAMES: Final = frozenset(
    {
        _LABEL,
        f"{PREFIXES['skos']}prefLabel",
        f"{PREFIXES['skos']}altLabel",
        f"{RN}nameAsPrinted",
    }
)
_OF_DOCUMENTS: Final = frozenset(
    {"decision", "figure", "funding", "hours", "interval", "list", "membership", "occurrence"}
    | {"participation", "question", "reading", "testimony"}
)
"""Kinds whose things are of one document: its name stands in their addresses."""
_ADDRESS: Final = re.compile(r"[a-z-]+/[a-z0-9][a-z0-9.-]*")
_BOOKKEEPING: Final = frozenset({"passage", "selector", "graph", "part", "extraction"})


class NameFault(Exception):
    """A name stands for nothing, or for several things; carries why in each language."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons["en"])
        self.reasons = reasons


class NamedThings:
    """The things of a data folder and of a reading, by name."""

    def __init__(self, quads: Iterable[Quad], reading: DocumentReading) -> None:
        self._slug = reading.slug
        self._addresses: set[str] = set()
        self._named: dict[str, dict[str, None]] = defaultdict(dict)
        self._labels: dict[str, str] = {}
        self._classes: dict[str, set[str]] = defaultdict(set)
        self._own: dict[str, dict[str, None]] = defaultdict(dict)
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                self._add(self._named, quad.subject.value, quad.predicate.value, [quad.object])
        self._add_reading(reading)

    def beside(self, reading: DocumentReading) -> NamedThings:
        """Return the things of the same data with those of another reading instead."""
        found = copy(self)
        found._slug = reading.slug
        found._addresses, found._labels = set(self._addresses), dict(self._labels)
        found._classes = defaultdict(set, self._classes)
        found._own = defaultdict(dict)
        found._add_reading(reading)
        return found

    def _add_reading(self, reading: DocumentReading) -> None:
        for entry in reading.entries.values():
            for subject, said in ((entry.address, entry.says), *entry.facts.items()):
                self._addresses.add(subject)
                for name, values in said.items():
                    self._add(self._own, subject, name, values)

    def _add(
        self,
        names: dict[str, dict[str, None]],
        address: str,
        name: str,
        values: Iterable[object],
    ) -> None:
        self._addresses.add(address)
        if name == TYPE:
            found = {str(getattr(it, "value", "")) for it in values}
            self._classes[address] = self._classes[address] | found
        if name in _NAMES and kind_of_iri(address) not in _BOOKKEEPING:
            for value in values:
                if isinstance(value, Literal):
                    names[folded(value.value)][address] = None
                    if name == _LABEL:
                        self._labels.setdefault(address, value.value)

    def label(self, address: str) -> str:
        """Return what a thing is called; the empty string where nobody said it."""
        return self._labels.get(address, "")

    def classes(self, address: str) -> set[str]:
        """Return the classes that a thing is said to be of."""
        return self._classes.get(address, set())

    def known(self, address: str) -> bool:
        """Return whether something is said of an address."""
        return address in self._addresses

    def find(self, name: str, kind: str = "") -> str | None:
        """Return the address that a name stands for; None where it may be a new thing's.

        Raises NameFault where it stands for several, and for an address that nothing has.
        """
        if address := self.address(name):
            return address
        for names in (self._own, self._named):
            found = [it for it in names.get(folded(name), ()) if self._is_of(it, kind)]
            if len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(map(short_iri, found[:5]))
                raise NameFault(message("name.several", name=name, n=len(found), listed=listed))
        return None

    def address(self, name: str) -> str:
        """Return the address that is written; the empty string for any other name."""
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        if re.match(r"https?://\S+$", name):
            return name
        if _ADDRESS.fullmatch(name):
            return ID + name
        prefix, colon, local = name.partition(":")
        if colon and prefix in PREFIXES and re.fullmatch(r"[\w.-]+", local):
            return PREFIXES[prefix] + local
        return ""

    def nothing(self, name: str) -> NameFault:
        """Return that nothing has a name, with near ones."""
        every = {it for names in (self._own, self._named) for it in names}
        nearest = near(name, every, 3)
        key = "name.near" if nearest else "name.nothing"
        return NameFault(message(key, name=name, near=", ".join(nearest)))

    def new(self, name: str, class_iri: str, kind: str = "") -> str:
        """Return the address of a new thing of a class; its name is known from now on."""
        kind = kind or kind_of_class(class_iri)
        slug = re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-") or "sans-nom"
        if kind in _OF_DOCUMENTS:
            slug = f"{self._slug}-{slug}"
        free, number = f"{ID}{kind}/{slug}", 1
        while free in self._addresses:
            number += 1
            free = f"{ID}{kind}/{slug}-{number}"
        self.take(free, name)
        return free

    def take(self, address: str, name: str = "") -> None:
        """Note that something is said of an address from now on, by a name where one is given."""
        self._addresses.add(address)
        if name:
            self._labels.setdefault(address, name)
            self._own[folded(name)][address] = None

    def _is_of(self, address: str, kind: str) -> bool:
        return not kind or kind_of_iri(address) in (kind, "")
