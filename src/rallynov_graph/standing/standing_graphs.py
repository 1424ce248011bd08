"""The graphs for statements that are not current: their names and descriptions."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.certainty import STANDING
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, curated_by_program

DESCRIPTIONS: Final = NamedNode(f"{ID}graph/standing")
"""The graph that describes them."""

_NAMES: Final = {
    "superseded": {"fr": "remplacé", "en": "superseded"},
    "alternative": {"fr": "lecture non retenue", "en": "rejected reading"},
    "retracted": {"fr": "rétracté", "en": "retracted"},
}
_TITLE: Final = {"fr": "Ce qui n’est plus retenu", "en": "What no longer stands"}
_BY: Final = {"fr": "par", "en": "by"}
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_DECIDED_BY: Final = NamedNode(f"{RN}decidedBy")

Labels = Mapping[str, Mapping[str, str]]
"""The labels of sets, by language; the empty string if a label has none."""


@dataclass(frozen=True, order=True)
class Move:
    """A standing that moves a statement out of its set."""

    standing: str
    place: str | None = None
    """The set whose statement took its place, or takes it back."""
    because: str | None = None
    """The decision, or the reading of an open question, that says so; None for the program."""

    def graph(self, named_set: str) -> NamedNode:
        by = f"-by-{slug(self.place)}" if self.place else ""
        return NamedNode(f"{STANDING}{slug(named_set)}-{self.standing}{by}")


def slug(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def described(graphs: Mapping[tuple[str, Move], Set[str]], labels: Labels) -> Iterator[Quad]:
    """Yield the description of the graphs of sets and moves, with the reason; empty without any."""
    for (named_set, move), reasons in sorted(graphs.items(), key=_key):
        graph = move.graph(named_set)
        yield _quad(graph, _TYPE, NamedNode(f"{RN}StandingGraph"))
        for language in _BY:
            yield _quad(graph, _LABEL, _label(named_set, move, labels, language))
        yield _quad(graph, NamedNode(f"{RN}standing"), NamedNode(RN + move.standing))
        yield _quad(graph, NamedNode(f"{RN}standingOf"), NamedNode(named_set))
        if move.place is not None:
            yield _quad(graph, NamedNode(f"{RN}replacedBy"), NamedNode(move.place))
        for reason in sorted(reasons):
            yield _quad(graph, _DECIDED_BY, NamedNode(reason))
    if graphs:
        yield from curated_by_program(DESCRIPTIONS, _TITLE)


def _label(named_set: str, move: Move, labels: Labels, language: str) -> Literal:
    def named(iri: str) -> str:
        found = labels.get(iri, {})
        return found.get(language) or next(iter(found.values()), slug(iri))

    by = f" {_BY[language]} « {named(move.place)} »" if move.place else ""
    text = f"{named(named_set)} — {_NAMES[move.standing][language]}{by}"
    return Literal(text, language=language)


def _key(item: tuple[tuple[str, Move], Set[str]]) -> tuple[str, ...]:
    (named_set, move), _ = item
    return named_set, move.standing, move.place or ""


def _quad(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, DESCRIPTIONS)
