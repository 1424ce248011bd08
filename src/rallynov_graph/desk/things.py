"""Things by address and by name: those of a reading, before those of the data beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.short_terms import LABEL, PREFERRED, TYPE, first_free, slug_of
from rallynov_graph.desk.terms import IN_SCHEME, kind_of_class
from rallynov_graph.desk.words import NameFault, message
from rallynov_graph.matching.near_names import near
from rallynov_graph.matching.words import folded

_CALLED: Final = frozenset({LABEL, PREFERRED, f"{PREFIXES['skos']}altLabel", f"{RN}nameAsPrinted"})
"""Properties whose value names a thing to whoever writes it whole."""
_SEARCHED: Final = _CALLED | {f"{RN}acronym", f"{RN}expansion"}
_DOCUMENTS_OWN: Final = (
    "decision denial figure funding hours interval list membership occurrence participation "
    "question reading reading-scope testimony"
)
_OF_DOCUMENTS: Final = frozenset(_DOCUMENTS_OWN.split())
"""Kinds whose things are of one document: its name is in their addresses."""
_NAMELESS: Final = frozenset({"passage", "selector", "graph", "part", "extraction"})
_NOT_SEARCHED: Final = (
    "agent assertion-set collection decision identity method question reading reading-scope"
)
BOOKKEEPING: Final = _NAMELESS | {"", *_NOT_SEARCHED.split()}
"""Kinds of things that nobody searches."""
_ADDRESS: Final = re.compile(r"[a-z-]+/[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True)
class FoundThing:
    """A thing whose name has what was typed."""

    address: str
    is_own: bool
    links: int


class Things:
    """Things with their names, classes and lists, and how often each is linked.

    Those of a reading have the things of the data, which many readings share, as others.
    """

    def __init__(self, others: Things | None = None, slug: str = "") -> None:
        self._others, self._slug = others, slug
        self._names: list[tuple[str, str, str]] = []
        self._addresses: set[str] = set()
        self._labels: dict[str, str] = {}
        self._classes: dict[str, set[str]] = defaultdict(set)
        self.schemes: dict[str, set[str]] = defaultdict(set)
        self.links: Counter[str] = Counter()

    @classmethod
    def of_quads(cls, quads: Iterable[Quad]) -> Things:
        found = cls()
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                found._add(quad.subject.value, quad.predicate.value, quad.object)
        return found

    def beside(self, reading: DocumentReading) -> Things:
        """Return the things of a reading, which has these as others."""
        found = Things(self, reading.slug)
        for entry in reading.entries.values():
            found._addresses.add(entry.address)
            for it in entry.every():
                found._add(*it)
        return found

    def _add(self, address: str, name: str, value: object) -> None:
        self._addresses.add(address)
        if isinstance(value, Literal):
            if name in _SEARCHED:
                self._names.append((address, name, value.value))
            if name == LABEL and kind_of_iri(address) not in _NAMELESS:
                self._labels.setdefault(address, value.value)
        elif isinstance(value, NamedNode):
            if name == TYPE:
                self._classes[address].add(value.value)
            elif kind_of_iri(address) in BOOKKEEPING:
                return
            elif name == IN_SCHEME:
                self.schemes[address].add(value.value)
            elif value.value.startswith(ID) and kind_of_iri(value.value) not in BOOKKEEPING:
                self.links[address] += 1
                self.links[value.value] += 1

    @cached_property
    def _called(self) -> dict[str, dict[str, None]]:
        """The things that are called by a folded name."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for address, name, text in self._names:
            if name in _CALLED and kind_of_iri(address) not in _NAMELESS:
                found[folded(text)][address] = None
        return found

    @cached_property
    def searched(self) -> dict[str, set[str]]:
        """The folded names of each thing that is searched."""
        found: dict[str, set[str]] = defaultdict(set)
        for address, _, text in self._names:
            if kind_of_iri(address) not in BOOKKEEPING:
                found[address].add(folded(text))
        return found

    @property
    def _layers(self) -> tuple[Things, ...]:
        return (self, self._others) if self._others else (self,)

    def label(self, address: str) -> str:
        """Return the name of a thing; the empty string if it has none."""
        return next(filter(None, (it._labels.get(address) for it in self._layers[::-1])), "")

    def classes(self, address: str) -> set[str]:
        found: set[str] = set()
        return found.union(*(it._classes.get(address, ()) for it in self._layers))

    def of_class(self, iri: str) -> list[str]:
        return [*{one: None for it in self._layers for one, of in it._classes.items() if iri in of}]

    def known(self, address: str) -> bool:
        return any(address in it._addresses for it in self._layers)

    def find(self, name: str, kind: str = "") -> str | None:
        """Return the address that a name means; None if it may be a new thing's.

        Raises NameFault if it means several, and for an unknown address.
        """
        if address := self.address(name):
            return address
        for it in self._layers:
            called = it._called.get(folded(name), ())
            found = [one for one in called if not kind or kind_of_iri(one) in (kind, "")]
            if len(found) == 1:
                return found[0]
            if found:
                listed = ", ".join(map(short_iri, found[:5]))
                raise NameFault(message("name.several", name=name, n=len(found), listed=listed))
        return None

    def own_bearers(self, name: str, kind: str) -> list[str]:
        """Return the things of a kind that are called so and that no other data have."""
        others = self._others._addresses if self._others else ()
        return [it for it in self._bearers(name, kind) if it not in others]

    def bearers(self, name: str, kind: str) -> list[str]:
        """Return the things of a kind that are called so, those that are new first."""
        others = self._others._bearers(name, kind) if self._others else []
        return [*dict.fromkeys((*self.own_bearers(name, kind), *others))]

    def _bearers(self, name: str, kind: str) -> list[str]:
        return [it for it in self._called.get(folded(name), ()) if kind_of_iri(it) == kind]

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
        """Return that nothing has a name, with near names."""
        nearest = near(name, {it for layer in self._layers for it in layer._called}, 3)
        key = "name.near" if nearest else "name.nothing"
        return NameFault(message(key, name=name, near=", ".join(nearest)))

    def new(self, name: str, class_iri: str, kind: str = "") -> str:
        """Return the address of a new thing of a class; its name is known from now on."""
        kind = kind or kind_of_class(class_iri)
        slug = slug_of(name) or "sans-nom"
        if kind in _OF_DOCUMENTS:
            slug = f"{self._slug}-{slug}"
        free = first_free(f"{ID}{kind}/{slug}", self.known)
        self.take(free, name)
        return free

    def take(self, address: str, name: str = "") -> None:
        """Note that an address is in use from now on, with a name if one is given."""
        self._addresses.add(address)
        if name:
            self._labels.setdefault(address, name)
            self._called[folded(name)][address] = None

    def search(self, typed: str, fits: Mapping[str, bool] | None = None) -> list[FoundThing]:
        """Return the things whose names have what was typed, the likeliest first.

        Those that fit come before those that do not, those of the reading before others.
        """
        wanted = folded(typed).strip()
        found: dict[str, tuple[int, bool]] = {}
        for layer in self._layers:
            for address, names in layer.searched.items():
                rank = min(_ranks(wanted, names), default=None)
                if rank is not None and address not in found:
                    found[address] = rank, layer is self or address in self.links
        every = [
            FoundThing(address, is_own, sum(it.links[address] for it in self._layers))
            for address, (_, is_own) in found.items()
        ]
        return sorted(
            every,
            key=lambda it: (
                not (fits is None or fits.get(it.address, True)),
                not it.is_own,
                found[it.address][0],
                -it.links,
                it.address,
            ),
        )


def _ranks(wanted: str, names: Iterable[str]) -> Iterator[int]:
    """Yield how well names begin with the typed text, 0 for best; none for those that lack it."""
    for name in names:
        if not wanted or name == wanted:
            yield 0
        elif name.startswith(wanted):
            yield 1
        elif f" {wanted}" in name.replace("-", " ").replace("'", " "):
            yield 2
        elif wanted in name:
            yield 3
