"""RDF lists as a page shows them: their members in order, up to a number, each cell once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statements import Statement, key, unnamed

FIRST: Final = PREFIXES["rdf"] + "first"
REST: Final = PREFIXES["rdf"] + "rest"
MOST_MEMBERS: Final = 60
"""How many members of a list a page shows; the data have them all."""
_END: Final = PREFIXES["rdf"] + "nil"


@dataclass(frozen=True)
class Members:
    """What a list holds, in order; not whole where it goes on, or leads back into itself."""

    terms: tuple[Term, ...]
    whole: bool


@dataclass(frozen=True)
class Cells:
    """The cells of the lists around a thing."""

    values: dict[str, Term]
    following: dict[str, Term]

    def members(self, head: Term) -> Members | None:
        """Return what the list holds that begins with a cell; None where no list does."""
        terms: list[Term] = []
        seen: set[str] = set()
        cell = head
        while key(cell) in self.values and key(cell) not in seen:
            if len(terms) == MOST_MEMBERS:
                return Members(tuple(terms), False)
            seen.add(key(cell))
            terms.append(self.values[key(cell)])
            cell = self.following[key(cell)]
        return Members(tuple(terms), key(cell) == _END) if terms else None


NO_LISTS: Final = Cells({}, {})


def cells(view: GraphView, iri: str, inner: dict[str, list[Statement]]) -> Cells:
    """Return the cells of the lists that a thing or its unnamed nodes point to.

    It is asked only where what is said of the unnamed nodes may be a list.
    """
    told = [statement for statements in inner.values() for statement in statements]
    if not any(s.path == FIRST or isinstance(s.other, BlankNode) for s in told):
        return NO_LISTS
    values: dict[str, Term] = {}
    following: dict[str, Term] = {}
    for cell, value, then in view.queries.rows("lists", thing=NamedNode(iri)).rows:
        assert cell is not None and value is not None and then is not None
        if key(cell) not in values:
            values[key(cell)], following[key(cell)] = value, then
    return Cells(values, following)


def inside_lists(view: GraphView, iri: str, found: Cells) -> dict[str, list[Statement]]:
    """Return what is said of the unnamed nodes that the lists around a thing hold."""
    if not any(isinstance(value, BlankNode) for value in found.values.values()):
        return {}
    return unnamed(view, "inside_lists", iri)
