"""Values in memory, up to a bound; the least recently used are dropped first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from sys import getsizeof
from threading import Lock
from typing import Final, Generic, TypeVar, cast

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_SAMPLED: Final = 32
"""The number of parts of a value that are measured; the others count as equally large."""
_MAX_DEPTH: Final = 8


def each_counts_one(_key: object, _value: object) -> int:
    """Return the size of an entry if the capacity is a number of entries."""
    return 1


class Cache(Generic[Key, Value]):
    """Values by key, shared by all threads of a process; the least recently used is dropped first.

    The last value always stays, even if it exceeds the capacity. A key with a text longer than
    ``longest_name`` was made up by a visitor: its value is not kept.
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
        """Return the value of a key, None if there is none."""
        found = self._found(key)
        return None if found is None else found[0]

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value and return it."""
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
        """Return the value of a key; compute it if it is missing."""
        found = self._found(key)
        return self.keep(key, make()) if found is None else found[0]

    def _found(self, key: Key) -> tuple[Value, int] | None:
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
        return found


def memory(_key: object, value: object) -> int:
    """Return about how many bytes a value takes; of many parts, only some are measured."""
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
    """Return the parts of a value; the text of a graph's term is outside of Python's memory."""
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
