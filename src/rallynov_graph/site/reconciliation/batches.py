"""What a program sends to have names reconciled or a table extended; or what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.site.reconciliation.candidates import PropertyCondition, PropertyValue, Query
from rallynov_graph.site.reconciliation.extension import RequestedColumn, property_of

BATCH: Final = 100
"""How many queries are answered at once."""
MOST_IDS: Final = 500
MOST_PROPERTIES: Final = 50
MOST_VALUES: Final = 20
MOST_WANTED: Final = 500
"""How many values of properties a batch may have in all."""
MOST_TYPES: Final = 20
MOST_CANDIDATES: Final = 50
LONGEST: Final = 2000
"""How many characters an identifier or a value may have."""
T = TypeVar("T")

_STRICT: Final = ("any", "all", "should")


class UnreadableBatch(Exception):
    """What was sent cannot be taken; says where in it, and why."""

    def __init__(self, key: str, at: str, status: int = 400, **values: object) -> None:
        super().__init__(key)
        self.key, self.at, self.status, self.values = key, at, status, values


def queries(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their names; raise Unreadable."""
    sent = _object(_parsed("queries", text), "queries")
    _at_most(sent, BATCH, "queries")
    parsed = {name: _query(value, f"queries.{name[:LONGEST]}") for name, value in sent.items()}
    wanted = sum(
        len(condition.values) for query in parsed.values() for condition in query.conditions
    )
    if wanted > MOST_WANTED:
        raise UnreadableBatch("many_values", "queries", 413, n=wanted, most=MOST_WANTED)
    return parsed


def extension(text: str) -> tuple[list[str], list[RequestedColumn]]:
    """Return the things and the properties that are wanted of each; raise Unreadable."""
    sent = _object(_parsed("extend", text), "extend")
    ids = _each(sent.get("ids"), "extend.ids", MOST_IDS, _text)
    columns = _each(sent.get("properties"), "extend.properties", MOST_PROPERTIES, _requested_column)
    return ids, columns


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableBatch("json", name, line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise UnreadableBatch("json", name, line=1, column=1) from error


def _query(sent: Any, at: str) -> Query:
    members = _object(sent, at)
    text = _text(members["query"], f"{at}.query", empty=True) if "query" in members else ""
    conditions = _each(members.get("properties", []), f"{at}.properties", MOST_VALUES, _condition)
    if not text.strip() and not conditions:
        raise UnreadableBatch("nothing", at)
    types = members.get("type") or []
    return Query(
        text,
        tuple(_each(types if isinstance(types, list) else [types], f"{at}.type", MOST_TYPES, _id)),
        _one_of(members.get("type_strict", "any"), f"{at}.type_strict", _STRICT),
        min(_positive(members.get("limit", 10), f"{at}.limit"), MOST_CANDIDATES),
        tuple(conditions),
    )


def _condition(sent: Any, at: str) -> PropertyCondition:
    members = _object(sent, at)
    values = members.get("v")
    listed = values if isinstance(values, list) else [values]
    return PropertyCondition(
        _property(members.get("pid"), f"{at}.pid"),
        tuple(_each(listed, f"{at}.v", MOST_VALUES, _value)),
    )


def _value(sent: Any, at: str) -> PropertyValue:
    if isinstance(sent, dict):
        return PropertyValue(id=_id(sent, at))
    if isinstance(sent, bool):
        return PropertyValue(str(sent).lower())
    if isinstance(sent, int | float):
        return PropertyValue(str(sent))
    return PropertyValue(_text(sent, at))


def _requested_column(sent: Any, at: str) -> RequestedColumn:
    members = _object(sent, at)
    settings = _object(members.get("settings") or {}, f"{at}.settings")
    certainty = settings.get("certainty") or ""
    limit = settings.get("limit") or 0
    return RequestedColumn(
        _text(members.get("id"), f"{at}.id"),
        _property(members.get("id"), f"{at}.id"),
        certainty and _one_of(certainty, f"{at}.settings.certainty", CERTAINTIES),
        limit and _positive(limit, f"{at}.settings.limit"),
    )


def _property(sent: Any, at: str) -> str:
    found = property_of(_text(sent, at))
    if found is None:
        raise UnreadableBatch("property", at)
    return found.value


def _id(sent: Any, at: str) -> str:
    """Return an identifier, which is a text or stands in an object."""
    return _text(sent.get("id"), f"{at}.id") if isinstance(sent, dict) else _text(sent, at)


def _object(sent: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise UnreadableBatch("object", at)
    return sent


def _each(sent: Any, at: str, most: int, read: Callable[[Any, str], T]) -> list[T]:
    if not isinstance(sent, list):
        raise UnreadableBatch("array", at)
    _at_most(sent, most, at)
    return [read(item, f"{at}[{number}]") for number, item in enumerate(sent)]


def _at_most(sent: Mapping[str, Any] | Sequence[Any], most: int, at: str) -> None:
    if len(sent) > most:
        raise UnreadableBatch("many", at, 413, n=len(sent), most=most)


def _text(sent: Any, at: str, empty: bool = False) -> str:
    """Return a text; JSON can write halves of characters, which are none."""
    if not isinstance(sent, str) or not (sent.strip() or empty):
        raise UnreadableBatch("text", at)
    cleaned = sent.encode("utf-8", "replace").decode("utf-8")
    return cleaned[:LONGEST] if empty else _short(cleaned, at)


def _short(text: str, at: str) -> str:
    if len(text) > LONGEST:
        raise UnreadableBatch("long", at, most=LONGEST)
    return text


def _one_of(sent: Any, at: str, known: tuple[str, ...]) -> str:
    if sent not in known:
        raise UnreadableBatch("one_of", at, known=", ".join(known))
    return str(sent)


def _positive(sent: Any, at: str) -> int:
    """Return a whole number; programs write 10 as 10.0 too."""
    if isinstance(sent, bool) or not isinstance(sent, int | float) or sent < 1 or sent != sent // 1:
        raise UnreadableBatch("number", at)
    return int(min(sent, 1e6))
