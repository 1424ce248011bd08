"""Data in which each assertion set is parted into sets of one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.rdf import sources

PART = "-said-"
"""What comes before the number of a part in its address."""
_TYPE = NamedNode(f"{PREFIXES['rdf']}type")
_OF_SET, _IN_FAVOUR_OF = NamedNode(f"{RN}ofSet"), NamedNode(f"{RN}inFavourOf")


def split(folder: Path) -> None:
    """Give each statement of a data folder a set of its own, which says of itself what its set did.

    What names a set names each of its parts then; a decision on standing, which names one set, is
    taken of each part.
    """
    files = {path: [*sources.quads([path])] for path in sorted(folder.rglob("*.trig"))}
    every = [quad for quads in files.values() for quad in quads]
    sets = {q.subject for q in every if (q.predicate, q.object) == (_TYPE, _a("AssertionSet"))}
    decisions = {
        q.subject for q in every if (q.predicate, q.object) == (_TYPE, _a("StandingDecision"))
    }
    parts: dict[object, dict[object, NamedNode]] = defaultdict(dict)
    for quad in every:
        if quad.graph_name in sets:
            there = parts[quad.graph_name]
            there.setdefault(quad.triple, _part(quad.graph_name, len(there) + 1))
    decided = {
        q.subject: q.object for q in every if q.predicate == _OF_SET and q.subject in decisions
    }

    def parted(quad: Quad) -> Iterator[Quad]:
        s, p, o, g = quad
        if g in sets:
            yield Quad(s, p, o, parts[g][quad.triple])
        elif s in decided:
            for number, of_set in enumerate(parts[decided[s]].values(), 1):
                value = of_set if p == _OF_SET else o
                if p == _IN_FAVOUR_OF:
                    value = next(iter(parts[o].values()))
                yield Quad(_part(s, number), p, value, g)
        else:
            for one, other in product(_each(parts, s), _each(parts, o)):
                yield Quad(one, p, other, g)

    for path, quads in files.items():
        path.write_bytes(serialize((it for q in quads for it in parted(q)), format=RdfFormat.TRIG))


def _a(name: str) -> NamedNode:
    return NamedNode(RN + name)


def _part(whole: object, number: int) -> NamedNode:
    assert isinstance(whole, NamedNode)
    return NamedNode(f"{whole.value}{PART}{number}")


def _each(parts: dict[object, dict[object, NamedNode]], term: object) -> list[object]:
    return [*parts[term].values()] if term in parts else [term]
