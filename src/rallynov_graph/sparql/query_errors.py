"""What the engine says of a query that it cannot read or answer, as one readable sentence."""

import re
from typing import Final

from rallynov_graph.base.errors import QueryError
from rallynov_graph.rdf.tokens import position_at, undeclared_prefixes

ENGINE_ERRORS: Final = (ValueError, OSError, RuntimeError)
"""The exceptions of the engine for a valid query that it cannot answer."""
_AT: Final = re.compile(r"^error at (\d+):(\d+): expected (?:one of )?(.*)$", re.DOTALL)
_SENTENCE: Final = re.compile(r"(?:^|, )([A-Za-z]+(?: (?:[A-Za-z]+|\*)){2,})(?=,|$)")
EXCERPT: Final = 40
"""How many characters of a faulty query an error repeats."""


def engine_error(error: Exception) -> QueryError:
    """Return the engine's error for a query that it cannot finish."""
    return QueryError(f"The query cannot be answered: {str(error).rstrip('.')}.")


def syntax_error(message: str, query: str) -> QueryError:
    """Return the engine's message of a syntax error as one readable sentence, with its place."""
    place = _AT.match(message)
    if place is None:
        return QueryError(f"The query is not valid SPARQL: {message}")
    line, column = int(place[1]), int(place[2])
    sentences = _SENTENCE.findall(place[3])
    undeclared = undeclared_prefixes(query)
    if undeclared:
        prefix, start = min(undeclared.items(), key=lambda item: item[1])
        line, column = position_at(query, start)
        reason = f"the prefix {prefix}: is not declared"
        if query[start - 1 : start] == "<":
            reason += ", or the IRI has a character that it may not have, such as a space"
    elif sentences:
        reason = "; ".join(sentences)
    else:
        reason = f"unexpected {_excerpt(query, line, column)}"
    text = f"The query is not valid SPARQL: line {line}, column {column}: {reason}."
    return QueryError(text, line, column)


def _excerpt(query: str, line: int, column: int) -> str:
    """Return the beginning of the query from a place on, in quotes."""
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    if not rest:
        return "end of line" if line < len(lines) else "end of the query"
    return f"\u201c{rest[:EXCERPT]}\u2026\u201d" if len(rest) > EXCERPT else f"\u201c{rest}\u201d"
