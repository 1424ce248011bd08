"""The datatypes of table columns: those of values in their usual form; others stay texts."""

import re
from datetime import date
from typing import Final

from pyoxigraph import Literal

from rallynov_graph.base.namespaces import PREFIXES

_XSD: Final = PREFIXES["xsd"]
_FORMS: Final = {
    "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    "decimal": re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"),
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
    "gYear": re.compile(r"[0-9]{4}"),
    "gYearMonth": re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"),
}
"""The forms that all readers of tables read as the same value."""


def common_datatype(previous: str | None, value: Literal) -> str:
    """Return the datatype that a value shares with the previous ones, if there are any.

    It is the empty string where they differ, or where one is not in its usual form.
    """
    name = value.datatype.value.removeprefix(_XSD)
    if previous not in (None, name) or name not in _FORMS:
        return ""
    if _FORMS[name].fullmatch(value.value) is None or (name == "date" and not _is_day(value.value)):
        return ""
    return name


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
