"""RDF terms, and the solutions of a query: the values that all packages exchange."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

Term = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Term | None]
TermFunctions = dict[NamedNode, Callable[..., Term | None]]
"""Functions that a query may call beside SPARQL's own, by their names; None is an error."""
RowTerms = tuple[Term | None, ...]
"""The terms of a row, in the order of its columns; None is unbound."""


def parsed_term(text: str) -> Term:
    """Return the term that a text is in N-Triples; raise SyntaxError."""
    statement = f"<x:s> <x:p> {text} ."
    term: Term = next(iter(parse(statement, format=RdfFormat.N_TRIPLES))).object
    return term


@dataclass(frozen=True)
class Solutions:
    """The answer of a SELECT: its variables in order, its rows in order (None is unbound)."""

    variables: tuple[str, ...]
    rows: tuple[RowTerms, ...]

    def __iter__(self) -> Iterator[Row]:
        return (dict(zip(self.variables, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)
