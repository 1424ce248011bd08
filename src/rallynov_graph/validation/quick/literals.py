"""What literals mean, as pySHACL sees it: by the values that rdflib reads from them."""

import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.validation.rdflib_terms import as_literal

_XSD: Final = PREFIXES["xsd"]
_STRING: Final = f"{_XSD}string"
_LANGUAGE_STRING: Final = f"{PREFIXES['rdf']}langString"
_ANY: Final = f"{PREFIXES['rdfs']}Literal"
_ANY_DATATYPE: Final = f"{PREFIXES['rdfs']}Datatype"
_PYTHON_TYPES: Final[dict[str, type]] = {
    f"{_XSD}integer": int,
    f"{_XSD}float": float,
    f"{_XSD}decimal": Decimal,
    f"{_XSD}boolean": bool,
    f"{_XSD}date": datetime.date,
    f"{_XSD}time": datetime.time,
    f"{_XSD}dateTime": datetime.datetime,
}
"""The datatypes of which a value must have been read; others are only not ill-typed."""
_REMEMBERED: Final = 50_000
"""How many literals are not read again; the same years and numbers come back in all of the data."""


in_rdflib: Final = lru_cache(_REMEMBERED)(as_literal)


def has_datatype(literal: Literal, datatype: NamedNode) -> bool:
    """Whether a literal is of a datatype, and its text one that the datatype allows."""
    wanted, own = datatype.value, literal.datatype.value
    if wanted in (_STRING, _LANGUAGE_STRING):
        return own == wanted
    if wanted == own:
        return _is_well_typed(literal, wanted)
    if wanted == _ANY_DATATYPE:
        return own not in (_STRING, _LANGUAGE_STRING)
    return wanted == _ANY


def order(left: Literal, right: Literal) -> int | None:
    """Return how a literal compares with another (-1, 0 or 1), None where they do not compare."""
    first, second = in_rdflib(left), in_rdflib(right)
    if isinstance(first.value, str) != isinstance(second.value, str):
        return None
    try:
        if first.eq(second):
            return 0
        # rdflib puts even times with and without a zone in an order; Python does not.
        by_value = isinstance(first.value, (datetime.datetime, datetime.time))
        above = first.value > second.value if by_value else first > second
    except (TypeError, NotImplementedError):
        return None
    return 1 if above else -1


def is_below(left: NamedNode | Literal, right: NamedNode | Literal, *, or_equal: bool) -> bool:
    """Whether a term comes before another; an IRI counts as its text, and text as no number."""
    first, second = _text(left), _text(right)
    if first is not None and second is not None:
        return first <= second if or_equal else first < second
    if isinstance(left, NamedNode) or isinstance(right, NamedNode) or first != second:
        return False
    one, other = in_rdflib(left), in_rdflib(right)
    try:
        return bool(one <= other if or_equal else one < other)
    except TypeError:
        return False


def _text(term: NamedNode | Literal) -> str | None:
    """Return the text of an IRI, or of a literal that is read as text."""
    if isinstance(term, NamedNode):
        return term.value
    value = in_rdflib(term).value
    return value if isinstance(value, str) else None


def _is_well_typed(literal: Literal, datatype: str) -> bool:
    read = in_rdflib(literal)
    if read.ill_typed:
        return False
    python_type = _PYTHON_TYPES.get(datatype)
    return python_type is None or isinstance(read.value, python_type)
