"""Compare entered facts with a list: the facts of sets, with the words that carry them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from desk_entering import SPACES
from newsletter import Document, Span
from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import RN

_WORDS: Final = re.compile(r"/passage/.*-(\d+)-(\d+)$")
_SAID: Final = frozenset({f"{RN}certainty", f"{RN}voice", f"{RN}passage"})
Fact = tuple[str, str, str]


@dataclass(frozen=True)
class Carried:
    """A fact with its words, voice and certainty."""

    fact: Fact
    certainty: str
    voice: str
    words: frozenset[Span]
    graph: str = field(default="", compare=False)
    """The set."""


@dataclass(frozen=True)
class Likeness:
    """How far the entered facts match the listed ones."""

    missing: frozenset[object]
    more: frozenset[object]
    both: int

    @property
    def precision(self) -> float:
        """The share of the entered facts that the list has."""
        return self.both / max(self.both + len(self.more), 1)

    @property
    def recall(self) -> float:
        """The share of the list's facts that were entered."""
        return self.both / max(self.both + len(self.missing), 1)


def listed(document: Document, addresses: Mapping[str, str]) -> set[Carried]:
    """Return the facts of a list, its things by the addresses that the desk gave them."""
    return carried(document.quads, addresses)


def carried(quads: Iterable[Quad], addresses: Mapping[str, str] | None = None) -> set[Carried]:
    """Return the facts of sets; things get other addresses where these are given."""
    at = addresses or {}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    stated: dict[str, list[Fact]] = defaultdict(list)
    for quad in quads:
        subject, name = _plain(quad.subject, at), quad.predicate.value
        if name in _SAID:
            said[subject, name].add(_plain(quad.object, at))
        stated[_plain(quad.graph_name, at)].append((subject, name, _plain(quad.object, at)))
    sets = {subject for subject, name in said if name == f"{RN}certainty"}
    return {
        Carried(
            fact,
            *(_only(said[one, f"{RN}{name}"]) for name in ("certainty", "voice")),
            frozenset(map(_span, said[one, f"{RN}passage"])),
            one,
        )
        for one in sets
        for fact in stated[one]
    }


def alike(wanted: Iterable[object], found: Iterable[object]) -> Likeness:
    """Compare the entered facts with the listed ones."""
    one, other = frozenset(wanted), frozenset(found)
    return Likeness(one - other, other - one, len(one & other))


def _plain(term: object, addresses: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        return addresses.get(term.value, term.value)
    if isinstance(term, Literal):
        return str(
            Literal(term.value.translate(SPACES), language=term.language)
            if term.language
            else Literal(term.value.translate(SPACES), datatype=term.datatype)
        )
    return str(term)


def _only(values: set[str]) -> str:
    return " ".join(sorted(values))


def _span(passage: str) -> Span:
    found = _WORDS.search(passage)
    return (int(found[1]), int(found[2])) if found else (0, 0)
