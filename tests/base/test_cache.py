"""Values kept in memory: how many, which go first, how large they are."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.terms import Solutions


def sizes(_key: str, value: int) -> int:
    return value


def test_the_value_used_longest_ago_goes_first() -> None:
    cache: Cache[str, int] = Cache(2)
    cache.keep("one", 1)
    cache.keep("two", 2)
    assert cache.get("one") == 1
    cache.keep("three", 3)
    assert [cache.get(key) for key in ("one", "two", "three")] == [1, None, 3]
    assert len(cache) == cache.held == 2


def test_what_is_kept_never_takes_more_than_its_room() -> None:
    cache: Cache[str, int] = Cache(100, sizes)
    for number in range(50):
        cache.keep(str(number % 7), number)
        assert cache.held <= 100
    cache.keep("6", 60)
    cache.keep("6", 10)
    assert cache.held == sum(cache.get(str(key)) or 0 for key in range(7))


def test_what_was_kept_last_stays_whatever_its_size() -> None:
    cache: Cache[str, int] = Cache(100, sizes)
    cache.keep("small", 10)
    cache.keep("huge", 1000)
    assert (cache.get("small"), cache.get("huge")) == (None, 1000)
    cache.keep("small", 10)
    assert (cache.get("small"), cache.get("huge"), cache.held) == (10, None, 10)


def test_a_value_is_made_once_also_where_it_is_none() -> None:
    cache: Cache[str, None] = Cache(2)
    made: list[None] = []
    for _ in range(3):
        assert cache.once("key", lambda: made.append(None)) is None
    assert len(made) == 1


def test_an_error_is_not_kept() -> None:
    cache: Cache[str, float] = Cache(2)
    with pytest.raises(ZeroDivisionError):
        cache.once("key", lambda: 1 / 0)
    assert cache.once("key", lambda: 1.0) == 1.0


def test_nothing_is_kept_under_a_name_that_a_visitor_made_up() -> None:
    cache: Cache[object, int] = Cache(9, longest_name=3)
    cache.keep("long name", 1)
    cache.keep(("fr", "long name"), 1)
    cache.keep(("fr", "abc", 5000), 1)
    assert len(cache) == 1


def test_threads_use_a_cache_side_by_side() -> None:
    cache: Cache[int, int] = Cache(20, lambda _key, value: value)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work(start: int) -> bool:
        return all(
            cache.once((start + n * 7) % 30, lambda n=n: (start + n * 7) % 30 % 3)
            == (start + n * 7) % 30 % 3
            for n in range(3000)
        )

    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(before)
    assert cache.held == sum(cache.get(key) or 0 for key in range(30)) <= 20


def test_memory_grows_with_what_a_value_holds() -> None:
    node, text = NamedNode("http://example.org/a"), Literal("x" * 10_000)
    few = Solutions(("a", "b"), tuple((node, None) for _ in range(1000)))
    many = Solutions(("a", "b"), tuple((node, None) for _ in range(10_000)))
    long = Solutions(("a", "b"), tuple((node, text) for _ in range(1000)))
    assert 9 < memory("", many) / memory("", few) < 11
    assert memory("", long) > 10_000_000
    assert memory("", {"a": {"b": 1 << 80_000}}) > 10_000
    assert memory("", ["x" * 1000] * 33) == pytest.approx(33 * sys.getsizeof("x" * 1000), rel=0.05)


def test_a_large_value_is_measured_by_some_of_its_parts() -> None:
    class Counted(list[object]):
        looked = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            type(self).looked += 1
            return super().__iter__()

    memory("", tuple(Counted([n]) for n in range(5000)))
    assert 0 < Counted.looked <= 64
