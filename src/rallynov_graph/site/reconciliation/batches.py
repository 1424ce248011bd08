"""The batches that programs send to reconcile names or to extend a table, read with care."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID
from rallynov_graph.site.reconciliation.candidates import (
    PropertyCondition,
    PropertyValue,
    Query,
    thing_of,
)

BATCH: Final = 100
"""How many queries a batch may have."""
MOST_IDS: Final = 500
MOST_PROPERTIES: Final = 50
MOST_VALUES: Final = 20
MOST_VALUES_IN_ALL: Final = 500
"""How many values of properties a whole batch may have."""
MOST_TYPES: Final = 20
MOST_CANDIDATES: Final = 50
LONGEST: Final = 2000
"""How many characters an identifier or a value may have."""
T = TypeVar("T")

_STRICTNESS: Final = ("any", "all", "should")


class RequestedColumn(NamedTuple):
    """A column that a program asks for: a property, the certainty and the number of its values."""

    id: str
    property: str
    certainty: str
    """The weakest certainty of its values; the empty string for all values."""
    most: int
    """How many values a cell has at most; 0 for all values."""


class UnreadableBatch(Exception):
    """A batch is not as the protocol has it; carries the reason, its words' values, the path."""

    def __init__(self, key: str, path: str, status: int = 400, **values: object) -> None:
        super().__init__(key)
        self.key, self.path, self.status, self.values = key, path, status, values


def queries(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their names; raise UnreadableBatch."""
    batch = _object(_parsed("queries", text), "queries")
    _at_most(batch, BATCH, "queries")
    parsed = {name: _query(value, f"queries.{name[:LONGEST]}") for name, value in batch.items()}
    count = sum(len(condition.values) for it in parsed.values() for condition in it.conditions)
    if count > MOST_VALUES_IN_ALL:
        raise UnreadableBatch("many_values", "queries", 413, n=count, most=MOST_VALUES_IN_ALL)
    return parsed


def extension(text: str) -> tuple[list[str], list[RequestedColumn]]:
    """Return the things and the columns of a table to extend; raise UnreadableBatch."""
    batch = _object(_parsed("extend", text), "extend")
    ids = _each(batch.get("ids"), "extend.ids", MOST_IDS, _text)
    columns = _each(
        batch.get("properties"), "extend.properties", MOST_PROPERTIES, _requested_column
    )
    return ids, columns


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableBatch("json", name, line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableBatch("json", name, line=1, column=1) from error


def _query(value: Any, path: str) -> Query:
    members = _object(value, path)
    text = _text(members["query"], f"{path}.query", empty=True) if "query" in members else ""
    conditions = _each(members.get("properties", []), f"{path}.properties", MOST_VALUES, _condition)
    if not text.strip() and not conditions:
        raise UnreadableBatch("nothing", path)
    types = members.get("type") or []
    return Query(
        text,
        tuple(
            _each(types if isinstance(types, list) else [types], f"{path}.type", MOST_TYPES, _id)
        ),
        _one_of(members.get("type_strict", "any"), f"{path}.type_strict", _STRICTNESS),
        min(_positive(members.get("limit", 10), f"{path}.limit"), MOST_CANDIDATES),
        tuple(conditions),
    )


def _condition(value: Any, path: str) -> PropertyCondition:
    members = _object(value, path)
    values = members.get("v")
    listed = values if isinstance(values, list) else [values]
    return PropertyCondition(
        _property(members.get("pid"), f"{path}.pid"),
        tuple(_each(listed, f"{path}.v", MOST_VALUES, _value)),
    )


def _value(value: Any, path: str) -> PropertyValue:
    if isinstance(value, dict):
        return PropertyValue(id=_id(value, path))
    if isinstance(value, bool):
        return PropertyValue(str(value).lower())
    if isinstance(value, int | float):
        return PropertyValue(str(value))
    return PropertyValue(_text(value, path))


def _requested_column(value: Any, path: str) -> RequestedColumn:
    members = _object(value, path)
    settings = _object(members.get("settings") or {}, f"{path}.settings")
    certainty = settings.get("certainty") or ""
    limit = settings.get("limit") or 0
    return RequestedColumn(
        _text(members.get("id"), f"{path}.id"),
        _property(members.get("id"), f"{path}.id"),
        certainty and _one_of(certainty, f"{path}.settings.certainty", CERTAINTIES),
        limit and _positive(limit, f"{path}.settings.limit"),
    )


def property_of(identifier: str) -> NamedNode | None:
    """Return the property of a prefixed name or an IRI; None for any other text."""
    found = thing_of(identifier)
    return None if found is None or found.value.startswith(ID) else found


def _property(value: Any, path: str) -> str:
    found = property_of(_text(value, path))
    if found is None:
        raise UnreadableBatch("property", path)
    return found.value


def _id(value: Any, path: str) -> str:
    """Return an identifier, which is a text or the ``id`` of an object."""
    return _text(value.get("id"), f"{path}.id") if isinstance(value, dict) else _text(value, path)


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableBatch("object", path)
    return value


def _each(value: Any, path: str, most: int, read: Callable[[Any, str], T]) -> list[T]:
    if not isinstance(value, list):
        raise UnreadableBatch("array", path)
    _at_most(value, most, path)
    return [read(item, f"{path}[{number}]") for number, item in enumerate(value)]


def _at_most(value: Mapping[str, Any] | Sequence[Any], most: int, path: str) -> None:
    if len(value) > most:
        raise UnreadableBatch("many", path, 413, n=len(value), most=most)


def _text(value: Any, path: str, empty: bool = False) -> str:
    """Return a text without the lone surrogates that JSON can write."""
    if not isinstance(value, str) or not (value.strip() or empty):
        raise UnreadableBatch("text", path)
    cleaned = value.encode("utf-8", "replace").decode("utf-8")
    return cleaned[:LONGEST] if empty else _short(cleaned, path)


def _short(text: str, path: str) -> str:
    if len(text) > LONGEST:
        raise UnreadableBatch("long", path, most=LONGEST)
    return text


def _one_of(value: Any, path: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UnreadableBatch("one_of", path, known=", ".join(known))
    return str(value)


def _positive(value: Any, path: str) -> int:
    """Return a whole number, which may be written 10.0."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value < 1
        or value != value // 1
    ):
        raise UnreadableBatch("number", path)
    return int(min(value, 1e6))
