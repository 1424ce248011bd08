"""Values kept in memory: how many, which go first, how large they are."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from rallynov_graph.base.cache import Cache


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
