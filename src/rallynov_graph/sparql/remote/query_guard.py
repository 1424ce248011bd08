"""Queries that are not plain SPARQL, refused before a remote server gets them.

Virtuoso answers ``bif:http_get("http://…")``, under any spelling of that name, by a request to that
address: the ban on SERVICE alone would not keep a visitor's query from calling out.
"""

import re
from collections.abc import Iterator
from typing import Final

from rallynov_graph.base.errors import QueryError
from rallynov_graph.rdf.tokens import (
    decoded,
    form_of,
    is_update,
    position_at,
    reads_two_ways,
    tokens,
    undeclared_prefixes,
)

_OWN_FUNCTIONS: Final = re.compile(r"^(?:bif|sql):|openlinksw", re.IGNORECASE)
"""The names under which Virtuoso has functions of its own; some read files, some call out."""
_HINT: Final = re.compile(r"bif|sql|openlinksw", re.IGNORECASE)
_MOST_DECLARATIONS: Final = 4
"""A prefix that is declared more often than this is meant to confuse the guard."""
_ESCAPED: Final = re.compile(r"\\(.)")


def refuse_invalid(query: str) -> None:
    """Raise QueryError for what is no plain query of SPARQL 1.1: servers accept more than that."""
    if not form_of(query) and not is_update(query):
        raise QueryError("This is no SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE is expected.")
    undeclared = undeclared_prefixes(decoded(query))
    if undeclared:
        prefix, start = min(undeclared.items(), key=lambda item: item[1])
        line, column = position_at(query, start)
        raise QueryError(
            f"The query is not valid SPARQL: line {line}, column {column}: "
            f"the prefix {prefix}: is not declared.",
            line,
            column,
        )


def calls_functions_of_a_server(query: str) -> bool:
    """Return whether a query names a function of one make of server alone, or may name one."""
    plain = decoded(query)
    texts = (query,) if plain == query else (query, plain)
    return any(map(_names_server_function, texts))


def _names_server_function(text: str) -> bool:
    if _HINT.search(text) and reads_two_ways(text):
        return True
    return any(map(_OWN_FUNCTIONS.search, _names(text)))


def _names(query: str) -> Iterator[str]:
    """Yield every IRI of a query, prefixed names in each way in which they may be meant.

    A relative IRI needs no base: the name of a host cannot be split between the two.
    """
    query_tokens = [*tokens(query)]
    namespaces: dict[str, set[str]] = {}
    for word, prefix, iri in zip(query_tokens, query_tokens[1:], query_tokens[2:], strict=False):
        if word.text.upper() == "PREFIX" and iri.kind == "iri":
            starts = namespaces.setdefault(prefix.text.partition(":")[0], set())
            starts.add(iri.text[1:-1])
            if len(starts) > _MOST_DECLARATIONS:
                yield f"sql:{prefix.text}"
                return
    for token in query_tokens:
        if token.kind == "iri":
            yield token.text[1:-1]
        elif token.kind == "name":
            prefix_, _, local = token.text.partition(":")
            for start in (f"{prefix_}:", *namespaces.get(prefix_, ())):
                yield start + _ESCAPED.sub(r"\1", local)
