"""Values that are kept in memory, within a bound; those that were used longest ago go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from sys import getsizeof
from threading import Lock
from typing import Final, Generic, TypeVar, cast

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_SAMPLED: Final = 32
"""Of a value with more parts, so many are measured; the others are taken to be as large."""
_MAX_DEPTH: Final = 8


def each_counts_one(_key: object, _value: object) -> int:
    """Return the size of an entry where room is a number of entries."""
    return 1


class Cache(Generic[Key, Value]):
    """Values by key, for all threads of a process; the one used longest ago goes first.

    What was kept last stays, be it larger than all the room. A key with a longer text than
    ``longest_name`` is one that a visitor made up: nothing is kept under it.
    """

    def __init__(
        self,
        room: int,
        size: Callable[[Key, Value], int] = each_counts_one,
        longest_name: int | None = None,
    ) -> None:
        self.room, self.held = room, 0
        self._size, self._longest_name = size, longest_name
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, None where it is not kept."""
        found = self._found(key)
        return None if found is None else found[0]

    def keep(self, key: Key, value: Value) -> Value:
        """Return the value, which is kept from now on."""
        if self._longest_name is not None and _longest(key) > self._longest_name:
            return value
        entry = value, self._size(key, value)
        with self._lock:
            replaced = self._entries.pop(key, None)
            self._entries[key] = entry
            self.held += entry[1] - (0 if replaced is None else replaced[1])
            while self.held > self.room and len(self._entries) > 1:
                _, (_, size) = self._entries.popitem(last=False)
                self.held -= size
        return value

    def once(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made where it is not kept."""
        found = self._found(key)
        return self.keep(key, make()) if found is None else found[0]

    def _found(self, key: Key) -> tuple[Value, int] | None:
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
        return found


def memory(_key: object, value: object) -> int:
    """Return about how many bytes a value takes; of many parts only some are measured."""
    return _memory(value, _MAX_DEPTH)


def _memory(value: object, depth: int) -> int:
    own = getsizeof(value)
    if isinstance(value, str | bytes | int | float) or value is None or not depth:
        return own
    parts = _parts(value)
    if not parts:
        return own
    sample = parts[:: -(-len(parts) // _SAMPLED)]
    return own + sum(_memory(part, depth - 1) for part in sample) * len(parts) // len(sample)


def _parts(value: object) -> list[object]:
    """Return what a value is made of; a term of a graph has its text outside of Python."""
    if isinstance(value, Mapping):
        return [*value.items()]
    if isinstance(value, tuple | list | Set):
        return [*cast("Iterable[object]", value)]
    if hasattr(value, "__dict__"):
        return [*vars(value).values()]
    return [getattr(value, "value", None)]


def _longest(key: object) -> int:
    parts = key if isinstance(key, tuple) else (key,)
    return max((len(part) for part in parts if isinstance(part, str)), default=0)
