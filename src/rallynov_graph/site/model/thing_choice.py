"""The thing that a reader means by a name, a short address or an IRI, or several candidates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.matching.words import folded
from rallynov_graph.questions.labels import last_part
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.nodes import GraphView, Node

CANDIDATES: Final = 20
"""How many things are offered to choose from."""
_EVIDENCE: Final = frozenset(
    {PREFIXES["oa"] + "TextPositionSelector"}
    | {
        RN + name
        for name in (
            *("AssertionSet", "CurationGraph", "OutsideGraph", "Inference", "Rule"),
            *("ThemeOccurrence", "Passage", "DocumentPart"),
        )
    }
)
"""Classes that only document the sources of facts; their things are not offered."""
_SHORT: Final = re.compile(r"[a-z][a-z-]*/[A-Za-z0-9\-._~]+")
_IRI: Final = re.compile(r"<?([A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+)>?")


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, with the classes that distinguish it from its namesakes."""

    node: Node
    short: str
    """The text that names it and no other thing."""
    kinds: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """A reader's text, and what it means."""

    text: str
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    near: bool = False
    """Whether nothing bears the name, and the candidates are only near it."""

    @property
    def is_missing(self) -> bool:
        """Whether something was written that means nothing in the graph."""
        return bool(self.text) and self.chosen is None and (self.near or not self.candidates)

    def means_the_same(self, other: Choice) -> bool:
        """Return whether both mean the same thing."""
        return self.chosen is not None and self.chosen == other.chosen


def iri_written(view: GraphView, text: str) -> str | None:
    """Return the IRI in a text, in full or short; None if it is a name."""
    if _SHORT.fullmatch(text) and not view.foreign:
        return f"{view.addresses.base}id/{text}"
    found = _IRI.fullmatch(text)
    return found[1] if found else None


def choose(view: GraphView, finder: Finder, text: str) -> Choice:
    """Return the meaning of a text; an IRI that the graph does not mention has none."""
    text = " ".join(text.split())
    if not text:
        return Choice("")
    iri = iri_written(view, text)
    now = () if iri is None or view.foreign else view.graph.successors.get(iri, ())
    if now:
        successors = tuple(candidates(view, now))
        return Choice(text, successors[0]) if len(now) == 1 else Choice(text, None, successors)
    if iri is not None and _is_described(view, iri):
        return Choice(text, candidates(view, [iri])[0])
    if iri is not None:
        return Choice(text)
    found, near = _named(view, finder, text)
    offered = candidates(view, found[:CANDIDATES])
    if len(offered) == 1 and not near:
        return Choice(text, offered[0])
    return Choice(text, None, tuple(offered), near)


def candidates(view: GraphView, iris: Iterable[str]) -> list[Candidate]:
    wanted = [*iris]
    described = view.described(wanted)
    classes = view.nodes(NamedNode(c) for d in described.values() for c in d.classes)
    return [
        Candidate(
            view.thing(iri, described[iri]),
            view.addresses.short_or_iri(iri),
            tuple(classes[NamedNode(c)] for c in described[iri].classes),
        )
        for iri in wanted
    ]


def _is_described(view: GraphView, iri: str) -> bool:
    try:
        return view.queries.ask("is_described", thing=NamedNode(iri))
    except ValueError:
        return False


def _named(view: GraphView, finder: Finder, text: str) -> tuple[list[str], bool]:
    """Return the things of a name, else those of similar names; and whether these are similar."""
    answer = finder.find(text, view.language)
    described = view.described(hit.iri for hit in answer.hits)
    hits = [hit for hit in answer.hits if _EVIDENCE.isdisjoint(described[hit.iri].classes)]
    wanted = folded(text)
    same = [
        hit.iri
        for hit in hits
        if any(folded(reason.text) == wanted for reason in hit.reasons)
        # A thing of another graph may have no name but the last part of its IRI.
        or (view.foreign and folded(last_part(hit.iri)) == wanted)
    ]
    return (same or [hit.iri for hit in hits]), not same
