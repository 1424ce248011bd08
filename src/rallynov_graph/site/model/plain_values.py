"""Terms as values of JSON."""

from math import isfinite
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

_XSD: Final = PREFIXES["xsd"]


_INTEGERS: Final = frozenset(
    f"{_XSD}{name}" for name in ("integer", "int", "long", "short", "nonNegativeInteger")
)


_DECIMALS: Final = frozenset(f"{_XSD}{name}" for name in ("decimal", "double", "float"))


_DIGITS: Final = 15
"""A longer number stays a text."""


Value = str | int | float | bool | None
"""A thing is its IRI, a literal its number, truth value or text, and no term is null."""


def plain(term: Term | None) -> Value:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal):
        return _value(term.value, term.datatype.value)
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return None if term is None else str(term)


def _value(text: str, datatype: str) -> Value:
    try:
        if datatype in _INTEGERS and len(text) <= _DIGITS:
            return int(text)
        if datatype in _DECIMALS and isfinite(float(text)):
            return float(text)
    except ValueError:
        return text
    if datatype == f"{_XSD}boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    return text
