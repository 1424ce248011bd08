"""Queries within queries: a query about things is run on the things that other queries find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rallynov_graph.base.errors import QueryError

THINGS: Final = re.compile(r"^([ \t]*)VALUES \?thing \{ UNDEF \}[ \t]*$", re.MULTILINE)
"""The line of a query that says that it is about any thing."""
_HEADER: Final = re.compile(r"^#\+.*\n?", re.MULTILINE)
_PREFIX: Final = re.compile(r"^PREFIX\s+(\S*:)\s*(<[^>]*>)[ \t]*\n?", re.MULTILINE)
_ORDER: Final = re.compile(r"^ORDER BY [^\n]*\s*\Z", re.MULTILINE)


def nested(outer: str, inner: Sequence[str], ordered: bool = True) -> str:
    """Return a query about the things that all inner queries find.

    Its rows have the outer query's order, unless ``ordered`` is false. Raises QueryError where the
    outer query is about no things, or two queries mean different namespaces by one prefix.
    """
    if THINGS.search(outer) is None:
        raise QueryError("This query is not about any thing, so others cannot find its things.")
    prefixes: dict[str, str] = {}
    body = _body(outer, prefixes)
    groups = [_ORDER.sub("", _body(query, prefixes)).strip() for query in inner]

    def put(place: re.Match[str]) -> str:
        indent = place[1]
        return "\n".join(f"{indent}{{\n{_indented(group, indent)}\n{indent}}}" for group in groups)

    body = body if ordered else in_no_order(body)
    written = THINGS.sub(put, body).strip()
    declared = "".join(f"PREFIX {name} {iri}\n" for name, iri in sorted(prefixes.items()))
    return f"{declared}\n{written}\n" if declared else f"{written}\n"


def in_no_order(query: str) -> str:
    """Return a query whose rows come in any order, which costs less."""
    return _ORDER.sub("", query)


def _body(query: str, prefixes: dict[str, str]) -> str:
    """Return a query without its header and prefixes; the prefixes are added to the others."""
    for name, iri in _PREFIX.findall(query):
        if prefixes.setdefault(name, iri) != iri:
            raise QueryError(f"The prefix {name} means {prefixes[name]} and {iri}.")
    return _PREFIX.sub("", _HEADER.sub("", query))


def _indented(text: str, indent: str) -> str:
    return "\n".join(f"{indent}  {line}" if line else "" for line in text.splitlines())
