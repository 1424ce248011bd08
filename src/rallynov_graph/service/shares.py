"""A fair share for each client: who asks much waits for himself, not the others for him."""

import asyncio
import ipaddress
import os
from collections import Counter, deque
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.visits import LONG, LONG_OF_ONE

AT_ONCE: Final = max(4, 2 * (os.cpu_count() or 1))
"""How many visits of one client a web process sends to the query processes at a time.

Those that have become long do not count: the query processes share these out by themselves.
"""
WAITING: Final = 256
"""How many more of them may wait for that."""
GREEDY: Final = "You have too many queries running; ask again when they are answered."


class Shares:
    """How many visits of each client are under way, and which wait."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._running: dict[int, int] = {}
        self._long: Counter[int] = Counter()
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}

    def of(self, client: int, taken: Callable[[], bool] = lambda: True) -> "_Share":
        """Return a block that waits for the client's turn; Refused (429) when it does not come.

        What is done in it counts as long after a while, but not before it is ``taken``.
        """
        return _Share(self, client, taken)

    async def begin(self, client: int) -> None:
        """Wait for the client's turn; raise Refused when it does not come."""
        running = self._running.get(client, 0)
        if running < self._most(client):
            self._running[client] = running + 1
        else:
            await self._turn(client)

    def become_long(self, client: int) -> None:
        """Count a visit of a client as long: his next one may begin."""
        self._long[client] += 1
        self.end(client)

    def end_long(self, client: int) -> None:
        """Count a long visit no more."""
        if self._long[client] > 1:
            self._long[client] -= 1
        else:
            del self._long[client]

    def _most(self, client: int) -> int:
        """Return how many short visits of a client may be under way: two if many are long."""
        return 2 if self._long[client] >= LONG_OF_ONE // 2 else AT_ONCE

    async def _turn(self, client: int) -> None:
        queue = self._waiting.setdefault(client, deque())
        if len(queue) >= WAITING:
            raise Refused(429, GREEDY)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await asyncio.wait_for(turn, self._patience)
        except TimeoutError as error:
            raise Refused(429, GREEDY) from error
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.end(client)
            raise

    def end(self, client: int) -> None:
        """Hand the place of a visit that has ended to the client's next one."""
        queue = self._waiting.get(client, deque())
        while queue and self._running[client] <= self._most(client):
            turn = queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        if not queue:
            self._waiting.pop(client, None)
        left = self._running[client] - 1
        if left:
            self._running[client] = left
        else:
            del self._running[client]


class _Share:
    """One visit of a client, from its turn to its end."""

    def __init__(self, shares: Shares, client: int, taken: Callable[[], bool]) -> None:
        self._shares, self._client, self._taken = shares, client, taken
        self._is_long = False

    async def __aenter__(self) -> None:
        await self._shares.begin(self._client)
        self._wait()

    async def __aexit__(self, *_: object) -> None:
        self._turning.cancel()
        if self._is_long:
            self._shares.end_long(self._client)
        else:
            self._shares.end(self._client)

    def _wait(self) -> None:
        self._turning = asyncio.get_running_loop().call_later(LONG, self._become_long)

    def _become_long(self) -> None:
        if not self._taken():
            self._wait()
            return
        self._is_long = True
        self._shares.become_long(self._client)


@lru_cache(maxsize=4096)
def number(address: str) -> int:
    """Return a number of 64 bits for a client's address; a network of IPv6 (/64) is one client."""
    return int.from_bytes(blake2b(network(address, 32, 64).encode(), digest_size=8).digest())


@lru_cache(maxsize=4096)
def network(address: str, of_four: int = 24, of_six: int = 48) -> str:
    """Return the network of an address: enough to tell clients apart, too little to know one."""
    try:
        length = of_four if ipaddress.ip_address(address).version == 4 else of_six
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return ""
