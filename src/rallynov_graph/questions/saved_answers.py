"""Answers as JSON and back: what is kept beside a release of terms and of rows of them."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Solutions, Term

Told = str | list[str]


def written(answer: Solutions) -> object:
    """Return the variables and rows of an answer; raise ValueError for a term without a name."""
    rows = [[None if term is None else told(term) for term in row] for row in answer.rows]
    return {"variables": answer.variables, "rows": rows}


def read(kept: object) -> Solutions:
    """Return the answer that was written."""
    if not isinstance(kept, dict):
        raise TypeError(kept)
    variables = tuple(map(str, kept["variables"]))
    return Solutions(variables, tuple(_row(row, len(variables)) for row in kept["rows"]))


def told(value: Term) -> Told:
    """Return a term as it is written; raise ValueError for one without a name."""
    if isinstance(value, NamedNode):
        return value.value
    if isinstance(value, Literal):
        return [value.value, value.language or "", value.datatype.value]
    raise ValueError(value)


def term(kept: Told) -> Term:
    """Return the term that was written."""
    if isinstance(kept, str):
        return NamedNode(kept)
    text, language, datatype = kept
    if language:
        return Literal(text, language=language)
    return Literal(text, datatype=NamedNode(datatype))


def _row(row: Sequence[Told | None], width: int) -> tuple[Term | None, ...]:
    if len(row) != width:
        raise ValueError(row)
    return tuple(None if value is None else term(value) for value in row)
