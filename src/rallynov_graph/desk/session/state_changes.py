"""What differs between two states as a page has them: a few items, not thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
Splice = list[Any]
"""Where, how many items go there, and which come."""


def changes_of(old: Json, new: Json) -> Json:
    """Return what differs in the new state: values, and of lists the splices that make it."""
    return {
        key: splices(old[key], value) if isinstance(value, list) else value
        for key, value in new.items()
        if old.get(key) is not value and old.get(key) != value
    }


def splices(old: Sequence[Any], new: Sequence[Any]) -> list[Splice]:
    """Return splices that make one list the other, to be carried out one after the other."""
    gone = {*map(_name, old)} - {*map(_name, new)}
    come = {*map(_name, new)} - {*map(_name, old)}
    found: list[Splice] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and (old[i] is new[j] or old[i] == new[j]):
            i, j = i + 1, j + 1
            continue
        if i < len(old) and _name(old[i]) in gone:
            step, put = (1, 0), []
        elif j < len(new) and _name(new[j]) in come:
            step, put = (0, 1), [new[j]]
        elif i < len(old) and j < len(new) and _name(old[i]) == _name(new[j]):
            step, put = (1, 1), [new[j]]
        else:
            return [[0, len(old), list(new)]]  # something moved
        _append(found, j, step[0], put)
        i, j = i + step[0], j + step[1]
    return found


def _append(found: list[Splice], at: int, drop: int, put: list[Any]) -> None:
    """Add a splice, as part of the one before where both touch."""
    if found and found[-1][0] + len(found[-1][2]) == at:
        found[-1][1] += drop
        found[-1][2] += put
    else:
        found.append([at, drop, [*put]])


def _name(item: Any) -> object:
    """Return what tells an item of a list from the others."""
    if not isinstance(item, dict):
        return tuple(item) if isinstance(item, (list, tuple)) else item
    part = item.get("part")
    return item.get("id") or item.get("address") or (part and part["address"])
