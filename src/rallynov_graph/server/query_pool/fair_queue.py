"""Choose whose query runs next: a limited number runs at once, and clients take turns."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.queries import Outcome
from rallynov_graph.server import limits
from rallynov_graph.server.limits import Limit

BUSY: Final = "All query processes are busy; ask again in a moment."
GREEDY: Final = "You have too many queries running; ask again when they are answered."


class Place:
    """The place of a running query, or of a page being made."""

    is_long = False

    def __init__(self, client: str) -> None:
        self.client = client
        self.end: Callable[[Outcome], None] = lambda _: None
        """Ends the query to make room for others."""


class FairQueue:
    """The places of a web process, and the queries or pages that wait for one."""

    def __init__(self, patience: float, at_once: Limit, of_one: Limit) -> None:
        """``patience`` is the number of seconds that a query waits for a place."""
        self._patience = patience
        self._at_once, self._of_one = int(at_once.value), int(of_one.value)
        self._short: Counter[str] = Counter()
        self._free = self._at_once
        self.long: list[Place] = []
        """The places of long queries, the oldest first."""
        self._waiting: OrderedDict[str, deque[asyncio.Future[Place]]] = OrderedDict()
        self._count = 0

    @property
    def short(self) -> int:
        """The number of running queries that are not long."""
        return self._at_once - self._free

    async def enter(self, client: str) -> Place:
        """Return a place for a client's query; raise Refused if none becomes free in time."""
        if self._free and not self._waiting and self._short[client] < self._of_one:
            return self._take(client)
        return await self._wait(client)

    def become_long(self, place: Place) -> None:
        """Give the place of a long query to another one; end the youngest if too many are long."""
        place.is_long = True
        self.long.append(place)
        having = Counter(it.client for it in self.long)
        if having[place.client] > limits.LONG_OF_ONE.value:
            self._end_youngest(place.client, Outcome.GREEDY)
        elif len(self.long) > limits.LONG_AT_ONCE.value:
            self._end_youngest(having.most_common(1)[0][0], Outcome.BUSY)
        self._give_back(place)

    def leave(self, place: Place) -> None:
        """Free the place of a query that has ended."""
        if not place.is_long:
            self._give_back(place)
        elif place in self.long:
            self.long.remove(place)

    def _take(self, client: str) -> Place:
        self._free -= 1
        self._short[client] += 1
        return Place(client)

    def _give_back(self, place: Place) -> None:
        self._free += 1
        self._short[place.client] -= 1
        if not self._short[place.client]:
            del self._short[place.client]
        self._call_next()

    def _end_youngest(self, client: str, outcome: Outcome) -> None:
        youngest = next(it for it in reversed(self.long) if it.client == client)
        self.long.remove(youngest)
        youngest.end(outcome)

    async def _wait(self, client: str) -> Place:
        if len(self._waiting.get(client, ())) >= limits.WAITING_OF_ONE.value:
            raise Refused(429, GREEDY)
        if self._count >= limits.WAITING.value:
            raise Refused(503, BUSY)
        turn: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        own = self._waiting.setdefault(client, deque())
        own.append(turn)
        self._count += 1
        self._call_next()
        timer = asyncio.get_running_loop().call_later(self._patience, turn.cancel)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the turn came as the client left
                self.leave(turn.result())
            elif turn in own:
                own.remove(turn)
                self._forget(client, own)
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise Refused(503, BUSY) from None
        finally:
            timer.cancel()

    def _forget(self, client: str, own: deque[asyncio.Future[Place]]) -> None:
        """Stop counting a waiting query of a client."""
        self._count -= 1
        if not own and self._waiting.get(client) is own:
            del self._waiting[client]

    def _call_next(self) -> None:
        """Give free places to waiting queries, one turn for each client."""
        for client in [*self._waiting]:
            while self._free and self._short[client] < self._of_one and client in self._waiting:
                own = self._waiting[client]
                turn = own.popleft()
                self._forget(client, own)
                if turn.done():
                    continue  # its client has left a moment ago
                turn.set_result(self._take(client))
                if client in self._waiting:
                    self._waiting.move_to_end(client)
                break
            if not self._short[client]:
                del self._short[client]
