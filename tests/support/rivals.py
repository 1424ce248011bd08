"""A release in which each fact has rivals that do not stand, and the same without them.

Both have the same descriptions, so that all that differs is what lies in the graphs of what is not
current; they are made as a build makes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.certainty import ALTERNATIVE, RETRACTED, SUPERSEDED
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.freezing import freeze, workshop
from rallynov_graph.release.release import Release
from rallynov_graph.standing import standing_graphs
from rallynov_graph.standing.standing_graphs import Move

_SET = NamedNode(f"{RN}AssertionSet")


@dataclass(frozen=True)
class Rivals:
    """Two releases of the same facts."""

    without: Release
    beside: Release


def frozen(release: Release, out: Path) -> Rivals:
    """Return releases with the facts of a release, alone and beside their rivals."""
    quads = [*sources.quads([release.data])]
    rivals, described = of_facts(quads)
    return Rivals(
        _frozen(out / "without", [*quads, *described]),
        _frozen(out / "beside", [*quads, *described, *rivals]),
    )


def of_facts(quads: Iterable[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Return three rivals of each fact of an assertion set, and the description of their graphs.

    One has another value, one another subject; one says the same.
    """
    held = [*quads]
    sets = {quad.subject for quad in held if quad.object == _SET}
    facts = sorted((quad for quad in held if quad.graph_name in sets), key=str)
    subjects, values = _others(facts, "subject"), _others(facts, "object")
    takers = cycle(sorted(sets, key=str))
    made: dict[tuple[str, Move], set[str]] = {}
    rivals: list[Quad] = []
    for place, fact in enumerate(facts):
        own = _name(fact.graph_name)
        taker = next(name for name in map(_name, takers) if name != own)
        moves = [Move(SUPERSEDED, taker), Move(ALTERNATIVE), Move(RETRACTED, taker)]
        turned = moves[place % 3 :] + moves[: place % 3]
        rivalling = (
            (fact.subject, fact.predicate, next(values[fact.predicate])),
            (next(subjects[fact.predicate]), fact.predicate, fact.object),
            tuple(fact.triple),
        )
        for move, triple in zip(turned, rivalling, strict=True):
            made[own, move] = set()
            rivals.append(Quad(*triple, move.graph(own)))
    return rivals, [*standing_graphs.described(made, {})]


def _others(facts: Iterable[Quad], part: str) -> dict[NamedNode, Iterator[object]]:
    """Return the subjects or objects of each property, in turn, beginning with the second."""
    found: dict[NamedNode, dict[object, None]] = defaultdict(dict)
    for fact in facts:
        found[fact.predicate][getattr(fact, part)] = None
    turned = {prop: [*terms] for prop, terms in found.items()}
    return {prop: cycle([*terms[1:], terms[0]]) for prop, terms in turned.items()}


def _frozen(out: Path, quads: list[Quad]) -> Release:
    out.mkdir(parents=True)
    content = building.read(building.data_dir(), ontology_dir())
    with workshop(out) as made:
        written = building._written_down(replace(content, data=quads), made.folder)
        return freeze(made, written, None, ())


def _name(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value
