"""A fair share for each client: who asks much waits for himself, not the others for him."""

import asyncio
import ipaddress
import os
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import LONG, LONG_OF_ONE

AT_ONCE: Final = max(4, 2 * (os.cpu_count() or 1))
"""How many visits of one client a web process sends to the query processes at a time.

Those that have become long do not count: the query processes share these out by themselves.
"""
WAITING: Final = 256
"""How many more of them may wait for that."""
_STEP: Final = 0.02
"""Every so many seconds it is seen which have waited too long, or run long."""
_LONGEST_ADDRESS: Final = 64
"""No address has more characters; a proxy may pass on what is none."""
GREEDY: Final = "You have too many queries running; ask again when they are answered."

Turn = Callable[[bool], None]
"""What is called when a turn has come, or, with False, when it will not."""


class RateLimit:
    """How many visits of each client are under way, and which wait."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._running: dict[int, int] = {}
        self._long: Counter[int] = Counter()
        self._waiting: dict[int, deque[RateLimitPlace]] = {}
        self._looked_after: set[RateLimitPlace] = set()
        self._is_looking = False

    def of(self, client: int, taken: Callable[[], bool] = lambda: True) -> "RateLimitPlace":
        """Return a visit of a client, which has to wait for its turn.

        It counts as long after a while, but not before it is ``taken``.
        """
        return RateLimitPlace(self, client, taken)

    def enter(self, place: "RateLimitPlace") -> bool:
        """Begin a visit if it is its turn; return whether it is."""
        running = self._running.get(place.client, 0)
        if running >= self._most(place.client):
            return False
        self._running[place.client] = running + 1
        self._look_after(place)
        return True

    def wait(self, place: "RateLimitPlace") -> None:
        """Queue a visit until its turn; raise Refused where too many wait already."""
        queue = self._waiting.setdefault(place.client, deque())
        if len(queue) >= WAITING:
            raise Refused(429, GREEDY)
        queue.append(place)
        self._look_after(place)

    def forget(self, place: "RateLimitPlace") -> None:
        """Remove a visit from those that wait."""
        self._looked_after.discard(place)
        queue = self._waiting[place.client]
        queue.remove(place)
        if not queue:
            del self._waiting[place.client]

    def end(self, place: "RateLimitPlace") -> None:
        """Count a visit no more; the client's next one may begin."""
        if not place.is_long:
            self._looked_after.discard(place)
            self._hand_on(place.client)
        elif self._long[place.client] > 1:
            self._long[place.client] -= 1
        else:
            del self._long[place.client]

    def _most(self, client: int) -> int:
        """Return how many short visits of a client may be under way: two if many are long."""
        return 2 if self._long[client] >= LONG_OF_ONE // 2 else AT_ONCE

    def _hand_on(self, client: int) -> None:
        """Pass the place of a visit on to the client's next one."""
        if client in self._waiting and self._running[client] <= self._most(client):
            place = self._waiting[client][0]
            self.forget(place)
            self._look_after(place)
            place.come(True)
        elif self._running[client] > 1:
            self._running[client] -= 1
        else:
            del self._running[client]

    def _look_after(self, place: "RateLimitPlace") -> None:
        place.since = time.monotonic()
        self._looked_after.add(place)
        if not self._is_looking:
            self._is_looking = True
            self._look_soon()

    def _look_soon(self) -> None:
        asyncio.get_running_loop().call_later(_STEP, self._look)

    def _look(self) -> None:
        """Refuse those that have waited too long, and count as long those that have become so."""
        now = time.monotonic()
        try:
            for place in [*self._looked_after]:
                self._look_at(place, now)
        finally:
            self._is_looking = bool(self._looked_after)
            if self._is_looking:
                self._look_soon()

    def _look_at(self, place: "RateLimitPlace", now: float) -> None:
        if place.waits and now - place.since > self._patience:
            self.forget(place)
            place.come(False)
        elif not place.waits and now - place.since > LONG and place.taken():
            self._looked_after.discard(place)
            place.is_long = True
            self._long[place.client] += 1
            self._hand_on(place.client)


class RateLimitPlace:
    """One visit of a client, from its turn to its end."""

    def __init__(self, rate_limit: RateLimit, client: int, taken: Callable[[], bool]) -> None:
        self._rate_limit, self.client, self.taken = rate_limit, client, taken
        self._turn: Turn | None = None
        self._is_begun = False
        self.since = 0.0
        self.is_long = False

    @property
    def waits(self) -> bool:
        """Whether it waits for its turn."""
        return self._turn is not None

    def wait(self, turn: Turn) -> None:
        """Call ``turn`` when the turn has come; raise Refused where too many wait."""
        self._is_begun = self._rate_limit.enter(self)
        if self._is_begun:
            turn(True)
            return
        self._rate_limit.wait(self)
        self._turn = turn

    def come(self, is_begun: bool) -> None:
        """Call who waits: it is begun, or will not be."""
        turn, self._turn, self._is_begun = self._turn, None, is_begun
        if turn is not None:
            turn(is_begun)

    def leave(self) -> None:
        """End it, or wait no longer."""
        if self._turn is not None:
            self._rate_limit.forget(self)
            self._turn = None
        elif self._is_begun:
            self._is_begun = False
            self._rate_limit.end(self)


def number(address: str) -> int:
    """Return a number of 64 bits for a client's address; a network of IPv6 (/64) is one client."""
    return _number(address[:_LONGEST_ADDRESS])


@lru_cache(maxsize=4096)
def _number(address: str) -> int:
    return int.from_bytes(blake2b(network(address, 32, 64).encode(), digest_size=8).digest())


def network(address: str, of_four: int = 24, of_six: int = 48) -> str:
    """Return the network of an address: enough to tell clients apart, too little to know one."""
    return _network(address[:_LONGEST_ADDRESS], of_four, of_six)


@lru_cache(maxsize=4096)
def _network(address: str, of_four: int, of_six: int) -> str:
    try:
        length = of_four if ipaddress.ip_address(address).version == 4 else of_six
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return ""
