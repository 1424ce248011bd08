"""A client who asks much waits for himself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from rallynov_graph.http.protocol import Refused
from rallynov_graph.server import rate_limit
from rallynov_graph.server.rate_limit import AT_ONCE, GREEDY, RateLimit


@asynccontextmanager
async def held(
    all_of: RateLimit, client: int, taken: Callable[[], bool] = lambda: True
) -> AsyncIterator[None]:
    """Have a visit of a client under way; raise Refused where it does not come to that."""
    turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    share = all_of.of(client, taken)
    share.wait(turn.set_result)
    try:
        if not await turn:
            raise Refused(429, GREEDY)
        yield
    finally:
        share.leave()


async def _hold(all_of: RateLimit, client: int, until: asyncio.Event, log: list[int]) -> None:
    async with held(all_of, client):
        log.append(client)
        await until.wait()


def test_others_do_not_wait_for_a_client_that_asks_much() -> None:
    async def story() -> None:
        all_of, end, log = RateLimit(5), asyncio.Event(), list[int]()
        many = [asyncio.ensure_future(_hold(all_of, 1, end, log)) for _ in range(3 * AT_ONCE)]
        await asyncio.sleep(0)
        assert log == [1] * AT_ONCE
        other = asyncio.ensure_future(_hold(all_of, 2, end, log))
        await asyncio.sleep(0)
        assert log[-1] == 2
        end.set()
        await asyncio.gather(*many, other)
        assert log.count(1) == 3 * AT_ONCE
        assert (all_of._running, all_of._waiting, +all_of._long) == ({}, {}, {})

    asyncio.run(story())


def test_who_waits_too_long_or_among_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "LONG", 60)
    monkeypatch.setattr(rate_limit, "WAITING", 1)

    async def story() -> None:
        all_of, end = RateLimit(0.05), asyncio.Event()
        running = [asyncio.ensure_future(_hold(all_of, 1, end, [])) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        waiting = [asyncio.ensure_future(_hold(all_of, 1, end, [])) for _ in range(2)]
        refused = await asyncio.gather(*waiting, return_exceptions=True)
        assert [getattr(error, "status", error) for error in refused] == [429, 429]
        assert all(isinstance(error, Refused) for error in refused)
        end.set()
        await asyncio.gather(*running)
        async with held(all_of, 1):
            pass

    asyncio.run(story())


def test_long_visits_leave_room_for_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "LONG", 0.01)

    async def story() -> None:
        all_of, end, log = RateLimit(5), asyncio.Event(), list[int]()
        many = [asyncio.ensure_future(_hold(all_of, 1, end, log)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0.05)
        async with held(all_of, 1):
            pass
        end.set()
        await asyncio.gather(*many)
        assert all_of._running == {}

    asyncio.run(story())


def test_who_has_long_visits_begins_fewer_short_ones_beside_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limit, "LONG", 0.01)

    async def story() -> None:
        all_of, end, log = RateLimit(60), asyncio.Event(), list[int]()

        async def hold(client: int, *, is_taken: bool) -> None:
            async with held(all_of, client, lambda: is_taken):
                log.append(client)
                await end.wait()

        them = [asyncio.ensure_future(hold(1, is_taken=True)) for _ in range(AT_ONCE)]
        while +all_of._long != {1: AT_ONCE}:
            await asyncio.sleep(0.01)
        log.clear()
        them += [asyncio.ensure_future(hold(1, is_taken=False)) for _ in range(3 * AT_ONCE)]
        them += [asyncio.ensure_future(hold(2, is_taken=False)) for _ in range(3 * AT_ONCE)]
        await asyncio.sleep(0)
        assert 0 < log.count(1) < log.count(2)
        end.set()
        await asyncio.gather(*them)

    asyncio.run(story())
