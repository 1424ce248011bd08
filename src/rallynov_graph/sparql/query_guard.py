"""Refuse queries that are not plain SPARQL before a remote server gets them.

Virtuoso answers ``bif:http_get("http://…")``, under any spelling of that name, by a request to that
address: forbidding SERVICE alone would not keep a visitor's query from calling other servers.
"""

import re
from collections.abc import Iterator
from typing import Final

from rallynov_graph.base.errors import QueryError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.rdf.tokens import (
    Token,
    declarations,
    decoded,
    form_of,
    is_update,
    position_at,
    reads_two_ways,
    tokens,
    undeclared_prefixes,
)

_OWN_NAMES: Final = re.compile(r"^(?:bif|sql|java):|openlinksw|jena\.(?:apache|hpl)", re.IGNORECASE)
"""The names under which Virtuoso and Jena have functions and properties of their own.

Some read files, some call out, some run a class of Java that is named.
"""
_XSD: Final = PREFIXES["xsd"]
_BEFORE_PARENTHESES: Final = frozenset(
    word
    for line in """
    ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI
    FLOOR GROUP_CONCAT HASLANG HASLANGDIR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC
    ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW OBJECT
    PREDICATE RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512
    STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID
    SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE URI UUID YEAR
    A ASC BIND BY DESC DISTINCT FILTER HAVING IN REDUCED SELECT VALUES
    """.splitlines()
    for word in line.split()
)
"""The functions of SPARQL 1.1 and 1.2; in the last line, its other words before a parenthesis."""
_MODIFIERS: Final = ("ORDER", "GROUP", "HAVING")
_MOST_DECLARATIONS: Final = 4
"""A prefix that is declared more often than this is meant to confuse the guard."""
_ESCAPED: Final = re.compile(r"\\(.)")


def refuse_invalid(query: str) -> None:
    """Raise QueryError unless it is a plain SPARQL 1.1 query: servers accept more than that."""
    if not form_of(query) and not is_update(query):
        raise QueryError(
            "This is not a SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE is expected."
        )
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


def calls_other_functions(query: str) -> bool:
    """Whether a query may use functions other than SPARQL's own.

    SPARQL's own are its built-in functions and the casts of XML Schema.
    """
    plain = decoded(query)
    texts = (query,) if plain == query else (query, plain)
    return any(map(_calls_others, texts))


def _calls_others(text: str) -> bool:
    if reads_two_ways(text) or any(map(_OWN_NAMES.search, _names(text))):
        return True
    namespaces = _namespaces(text)
    for token in _called(text):
        if token.kind == "word":
            if token.word not in _BEFORE_PARENTHESES:
                return True
        elif not all(iri.startswith(_XSD) for iri in _meanings(token, namespaces)):
            return True
    return False


def _called(text: str) -> Iterator[Token]:
    """Yield the words, names and IRIs before a parenthesis, except the property of a list.

    In a pattern, outside all parentheses, ``p (1 2)`` is a list. A list within a list is taken for
    a call.
    """
    depths, is_modifier = [0], False
    earlier = last = Token("", "", 0)
    for token in tokens(text):
        sign = token.text if token.kind == "sign" else ""
        if sign == "(" and last.kind in ("word", "name", "iri"):
            is_value = depths[-1] > 0 or is_modifier or earlier.word == "FILTER"
            if last.kind == "word" or is_value:
                yield last
        if sign == "{":
            depths.append(0)
        elif sign == "}" and len(depths) > 1:
            depths.pop()
        depths[-1] += (sign == "(") - (sign == ")")
        if sign in ("{", "}"):
            is_modifier = False
        elif token.word in _MODIFIERS:
            is_modifier = True
        earlier, last = last, token


def _namespaces(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for prefix, namespace in declarations(text):
        found.setdefault(prefix, set()).add(namespace)
    return found


def _meanings(token: Token, namespaces: dict[str, set[str]]) -> Iterator[str]:
    """Yield each IRI that a token may mean; none for an undeclared prefix."""
    if token.kind == "iri":
        yield token.text[1:-1]
        return
    prefix, _, local = token.text.partition(":")
    for start in namespaces.get(prefix, ()):
        yield start + _ESCAPED.sub(r"\1", local)


def _names(query: str) -> Iterator[str]:
    """Yield every IRI of a query, prefixed names in each possible meaning.

    A relative IRI needs no base: a host name cannot be split between the two.
    """
    namespaces = _namespaces(query)
    if any(len(starts) > _MOST_DECLARATIONS for starts in namespaces.values()):
        yield "sql:"
        return
    for token in tokens(query):
        if token.kind == "name":
            yield token.text
        if token.kind in ("name", "iri"):
            yield from _meanings(token, namespaces)
