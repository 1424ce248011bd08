"""Terms and solutions as JSON and back, as they are kept beside a release."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Solutions, Term

EncodedTerm = str | list[str]


def encoded(answer: Solutions) -> object:
    """Return an answer as JSON has it; raise ValueError for a blank node or a triple term."""
    rows = [[None if term is None else encoded_term(term) for term in row] for row in answer.rows]
    return {"variables": answer.variables, "rows": rows}


def decoded(saved: object) -> Solutions:
    """Return the answer that was encoded; raise TypeError, KeyError or ValueError for others."""
    if not isinstance(saved, dict):
        raise TypeError(saved)
    variables = tuple(map(str, saved["variables"]))
    return Solutions(variables, tuple(_row(row, len(variables)) for row in saved["rows"]))


def encoded_term(value: Term) -> EncodedTerm:
    """Return a term as JSON has it; raise ValueError for a blank node or a triple term."""
    if isinstance(value, NamedNode):
        return value.value
    if isinstance(value, Literal):
        return [value.value, value.language or "", value.datatype.value]
    raise ValueError(value)


def decoded_term(encoded: EncodedTerm) -> Term:
    """Return the term that was encoded."""
    if isinstance(encoded, str):
        return NamedNode(encoded)
    text, language, datatype = encoded
    if language:
        return Literal(text, language=language)
    return Literal(text, datatype=NamedNode(datatype))


def _row(row: Sequence[EncodedTerm | None], width: int) -> tuple[Term | None, ...]:
    if len(row) != width:
        raise ValueError(row)
    return tuple(None if value is None else decoded_term(value) for value in row)
