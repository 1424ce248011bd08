"""What a program sends to have names reconciled or a table extended; or what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.site.reconciliation.candidates import Condition, PropertyValue, Query
from rallynov_graph.site.reconciliation.extension import Wished, property_of

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


class Unreadable(Exception):
    """What was sent cannot be taken; says where in it, and why."""

    def __init__(self, key: str, at: str, status: int = 400, **values: object) -> None:
        super().__init__(key)
        self.key, self.at, self.status, self.values = key, at, status, values


def queries(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their names; raise Unreadable."""
    sent = _object(_parsed("queries", text), "queries")
    _at_most(sent, BATCH, "queries")
    asked = {name: _query(value, f"queries.{name[:LONGEST]}") for name, value in sent.items()}
    wanted = sum(len(one.values) for query in asked.values() for one in query.conditions)
    if wanted > MOST_WANTED:
        raise Unreadable("many_values", "queries", 413, n=wanted, most=MOST_WANTED)
    return asked


def extension(text: str) -> tuple[list[str], list[Wished]]:
    """Return the things and the properties that are wanted of each; raise Unreadable."""
    sent = _object(_parsed("extend", text), "extend")
    ids = _each(sent.get("ids"), "extend.ids", MOST_IDS, _text)
    wished = _each(sent.get("properties"), "extend.properties", MOST_PROPERTIES, _wished)
    return ids, wished


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable("json", name, line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("json", name, line=1, column=1) from error


def _query(sent: Any, at: str) -> Query:
    told = _object(sent, at)
    text = _text(told["query"], f"{at}.query", empty=True) if "query" in told else ""
    conditions = _each(told.get("properties", []), f"{at}.properties", MOST_VALUES, _condition)
    if not text.strip() and not conditions:
        raise Unreadable("nothing", at)
    types = told.get("type") or []
    return Query(
        text,
        tuple(_each(types if isinstance(types, list) else [types], f"{at}.type", MOST_TYPES, _id)),
        _one_of(told.get("type_strict", "any"), f"{at}.type_strict", _STRICT),
        min(_positive(told.get("limit", 10), f"{at}.limit"), MOST_CANDIDATES),
        tuple(conditions),
    )


def _condition(sent: Any, at: str) -> Condition:
    told = _object(sent, at)
    values = told.get("v")
    them = values if isinstance(values, list) else [values]
    return Condition(
        _property(told.get("pid"), f"{at}.pid"), tuple(_each(them, f"{at}.v", MOST_VALUES, _value))
    )


def _value(sent: Any, at: str) -> PropertyValue:
    if isinstance(sent, dict):
        return PropertyValue(id=_id(sent, at))
    if isinstance(sent, bool):
        return PropertyValue(str(sent).lower())
    if isinstance(sent, int | float):
        return PropertyValue(str(sent))
    return PropertyValue(_text(sent, at))


def _wished(sent: Any, at: str) -> Wished:
    told = _object(sent, at)
    settings = _object(told.get("settings") or {}, f"{at}.settings")
    certainty = settings.get("certainty") or ""
    limit = settings.get("limit") or 0
    return Wished(
        _text(told.get("id"), f"{at}.id"),
        _property(told.get("id"), f"{at}.id"),
        certainty and _one_of(certainty, f"{at}.settings.certainty", CERTAINTIES),
        limit and _positive(limit, f"{at}.settings.limit"),
    )


def _property(sent: Any, at: str) -> str:
    found = property_of(_text(sent, at))
    if found is None:
        raise Unreadable("property", at)
    return found.value


def _id(sent: Any, at: str) -> str:
    """Return an identifier, which is a text or stands in an object."""
    return _text(sent.get("id"), f"{at}.id") if isinstance(sent, dict) else _text(sent, at)


def _object(sent: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise Unreadable("object", at)
    return sent


def _each(sent: Any, at: str, most: int, read: Callable[[Any, str], T]) -> list[T]:
    if not isinstance(sent, list):
        raise Unreadable("array", at)
    _at_most(sent, most, at)
    return [read(one, f"{at}[{n}]") for n, one in enumerate(sent)]


def _at_most(sent: Mapping[str, Any] | Sequence[Any], most: int, at: str) -> None:
    if len(sent) > most:
        raise Unreadable("many", at, 413, n=len(sent), most=most)


def _text(sent: Any, at: str, empty: bool = False) -> str:
    """Return a text; JSON can write halves of characters, which are none."""
    if not isinstance(sent, str) or not (sent.strip() or empty):
        raise Unreadable("text", at)
    whole = sent.encode("utf-8", "replace").decode("utf-8")
    return whole[:LONGEST] if empty else _short(whole, at)


def _short(text: str, at: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable("long", at, most=LONGEST)
    return text


def _one_of(sent: Any, at: str, known: tuple[str, ...]) -> str:
    if sent not in known:
        raise Unreadable("one_of", at, known=", ".join(known))
    return str(sent)


def _positive(sent: Any, at: str) -> int:
    """Return a whole number; programs write 10 as 10.0 too."""
    if isinstance(sent, bool) or not isinstance(sent, int | float) or sent < 1 or sent != sent // 1:
        raise Unreadable("number", at)
    return int(min(sent, 1e6))
