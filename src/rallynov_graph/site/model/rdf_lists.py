"""RDF lists as a page shows them: their first members, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statements import Statement, statements_of_unnamed_nodes, term_key

FIRST: Final = PREFIXES["rdf"] + "first"
REST: Final = PREFIXES["rdf"] + "rest"
MOST_MEMBERS: Final = 60
"""How many members of a list a page shows; the data have them all."""
_END: Final = PREFIXES["rdf"] + "nil"


@dataclass(frozen=True)
class Members:
    """The members of a list, in order; not whole where it is too long, or leads into itself."""

    terms: tuple[Term, ...]
    whole: bool


@dataclass(frozen=True)
class ListCells:
    """The cells of the lists around a thing."""

    values: dict[str, Term]
    following: dict[str, Term]

    def members(self, head: Term) -> Members | None:
        """Return the members of the list that begins with a cell; None where it begins none."""
        terms: list[Term] = []
        visited: set[str] = set()
        cell = head
        while term_key(cell) in self.values and term_key(cell) not in visited:
            if len(terms) == MOST_MEMBERS:
                return Members(tuple(terms), False)
            visited.add(term_key(cell))
            terms.append(self.values[term_key(cell)])
            cell = self.following[term_key(cell)]
        return Members(tuple(terms), term_key(cell) == _END) if terms else None


NO_LISTS: Final = ListCells({}, {})


def list_cells(
    view: GraphView, iri: str, statements_of_nodes: dict[str, list[Statement]]
) -> ListCells:
    """Return the cells of the lists that a thing or its unnamed nodes point to.

    The query runs only where a statement about a blank node may belong to a list.
    """
    all_statements = [
        statement for statements in statements_of_nodes.values() for statement in statements
    ]
    if not any(s.path == FIRST or isinstance(s.other_end, BlankNode) for s in all_statements):
        return NO_LISTS
    values: dict[str, Term] = {}
    following: dict[str, Term] = {}
    for cell, value, next_cell in view.queries.rows("lists", thing=NamedNode(iri)).rows:
        assert cell is not None and value is not None and next_cell is not None
        if term_key(cell) not in values:
            values[term_key(cell)], following[term_key(cell)] = value, next_cell
    return ListCells(values, following)


def inside_lists(view: GraphView, iri: str, cells: ListCells) -> dict[str, list[Statement]]:
    """Return the statements about the blank nodes that are members of lists around a thing."""
    if not any(isinstance(value, BlankNode) for value in cells.values.values()):
        return {}
    return statements_of_unnamed_nodes(view, "inside_lists", iri)
