"""Terms as Python values; a term without a Python equivalent stays as written."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Self

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, short_iri
from rallynov_graph.base.terms import Term

_XSD: Final = PREFIXES["xsd"]
_YEAR: Final = re.compile(r"-?\d{4,9}")
_ZONE: Final = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_WHOLE: Final = re.compile(r"\s*[+-]?\d{1,4000}\s*")


class Iri(str):
    """The IRI of a thing, as a text; ``short`` gives its short form."""

    @property
    def short(self) -> str:
        """The address without our namespace (``organisation/legeni``), or prefixed."""
        return short_iri(str(self))


class Text(str):
    """A text with its language, the empty string if it has none."""

    language: str

    def __new__(cls, value: str, language: str = "") -> Self:
        """Return the text in a language."""
        made = super().__new__(cls, value)
        made.language = language
        return made


class OtherValue(str):
    """A value without a Python equivalent, as written, with its datatype.

    Examples are a month (``2013-06``), a period, an impossible date, a blank node.
    """

    datatype: str

    def __new__(cls, value: str, datatype: str = "") -> Self:
        """Return the value of a datatype."""
        made = super().__new__(cls, value)
        made.datatype = datatype
        return made


Value = Iri | Text | OtherValue | int | float | Decimal | bool | date | datetime | time | None
"""A value in a row; a datetime is a date too, and None is unbound."""


def value_of(term: Term | None) -> Value:
    """Return the Python value of a term: years become whole numbers, days become dates."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Iri(term.value)
    if not isinstance(term, Literal):
        return OtherValue(str(term))
    datatype = term.datatype.value
    if term.language or datatype == f"{_XSD}string":
        return Text(term.value, term.language or "")
    read = _READ.get(datatype)
    try:
        return OtherValue(term.value, datatype) if read is None else read(term.value)
    except (KeyError, ValueError, InvalidOperation):
        return OtherValue(term.value, datatype)


def _number(written: re.Pattern[str]) -> Callable[[str], int]:
    """Return a function that parses a number of this form, and raises ValueError otherwise."""

    def read(text: str) -> int:
        if not written.fullmatch(text):
            raise ValueError(text)
        return int(text)

    return read


def _double(text: str) -> float:
    return float({"INF": "inf", "-INF": "-inf"}.get(text, text))


_INTEGERS: Final = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
    "unsignedByte",
)
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    **{_XSD + name: _number(_WHOLE) for name in _INTEGERS},
    f"{_XSD}decimal": Decimal,
    f"{_XSD}double": _double,
    f"{_XSD}float": _double,
    f"{_XSD}boolean": _TRUTHS.__getitem__,
    f"{_XSD}date": lambda text: date.fromisoformat(_ZONE.sub("", text)),
    f"{_XSD}dateTime": datetime.fromisoformat,
    f"{_XSD}time": time.fromisoformat,
    f"{_XSD}gYear": _number(_YEAR),
}
