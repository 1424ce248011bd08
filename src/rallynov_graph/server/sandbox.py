"""Visitors' queries, each in a process that can be killed and cannot call out.

A zygote holds the store and keeps query processes ready, for each web process one while nobody
asks, and more while visits come. It sleeps until one of them is asked. Each of them takes a line,
a connection to the web process's Unix socket, and answers one visit after the other on it until
none comes for a while. One that a query kills, by time, memory or nesting, is replaced at once;
the zygote notes on the board what it died of, for the web server to tell. A visit that takes long
does not hold up the others: a fresh process takes its place. Its own stays for a while where the
budget has room for what it has copied of the store.
"""

import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn

from rallynov_graph.http.query_jobs import (
    LONG,
    LONG_AT_ONCE,
    LONG_OF_ONE,
    Board,
    Limits,
    Outcome,
)
from rallynov_graph.server.accept_queue import AcceptQueue
from rallynov_graph.server.crew import READY, REST, Crew
from rallynov_graph.server.forking import fork, plain, wake_on
from rallynov_graph.server.memory_budget import Budget, by_default
from rallynov_graph.server.memory_grants import Grants
from rallynov_graph.server.metrics import Metrics, MetricsRow, Sum
from rallynov_graph.server.query_process import QueryProcess
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

FAST: Final = 2 * (os.cpu_count() or 1)
"""How many visits the web processes have under way together, beside those that linger."""
LEAST: Final = 2
"""How many of them each web process has, however many there are."""
_SPARE: Final = 2
"""So many processes more are kept ready for each: one that lingers is replaced when it is long."""
_TICK: Final = 0.05
_TICK_OF_REST: Final = 5.0
_TICK_OF_VISITS: Final = 0.02
_PAUSE_AFTER_ERROR: Final = 0.2
_KILLED_BY: Final = {
    signal.SIGALRM: Outcome.TOO_LONG,
    signal.SIGABRT: Outcome.TOO_MUCH_MEMORY,
    signal.SIGKILL: Outcome.TOO_MUCH_MEMORY,
    signal.SIGSEGV: Outcome.TOO_NESTED,
    signal.SIGBUS: Outcome.TOO_NESTED,
}


class Zygote:
    """The process that forks query processes and sees how they end. It never starts a thread."""

    def __init__(
        self,
        store: EmbeddedStore,
        listeners: Sequence[socket.socket],
        board: Board,
        limits: Limits,
        row: MetricsRow | None = None,
        budget: tuple[Budget, int] | None = None,
    ) -> None:
        """``listeners`` are the queues of the web processes, each with query processes of its own.

        The budget comes with the row of this zygote; without one, it has one to itself.
        """
        self._store, self._board, self._limits = store, board, limits
        self._queues = [AcceptQueue(listener) for listener in listeners]
        self._most_ready = at_once(len(listeners)) + _SPARE
        self._crews = {queue: Crew(self._most_ready) for queue in self._queues}
        self._places: dict[int, int] = {}
        self._of: dict[int, AcceptQueue] = {}
        self._forked = 0
        self._row = row or Metrics(1).row(0)
        self._since: dict[int, float] = {}
        self._lined: set[int] = set()
        self._engaged: set[int] = set()
        """The queues, by descriptor, at which nobody is free."""
        self._awaited: set[int] = set()
        """Those of them at which somebody waits."""
        self._budget, own = budget or (Budget(by_default(), 1, most(len(listeners))), 0)
        self._grants = Grants(self._budget, own, board, limits)
        self._bell = self._budget.bell(own)
        self._living, self._alive = os.pipe()
        self._is_short = self._stopping = False

    def run(self, life: int) -> NoReturn:
        """Keep query processes ready until SIGTERM, or until the pipe of the parent's life ends."""
        signal.signal(signal.SIGTERM, self._stop)
        woken = wake_on(signal.SIGCHLD)
        while not self._stopping:
            for queue in self._queues:
                queue.call()
            self._reap()
            self._share_out()
            self._complete()
            self._share_memory()  # last, so that the process whose turn is next has its part
            self._wait(woken, life)
        for pid in self._places:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        os._exit(0)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _wait(self, woken: int, life: int) -> None:
        """Wait until there may be something to do: a moment during visits, for long in a rest."""
        pause = self._pause()
        sleeps = pause is None or pause > _TICK
        bell = self._bell.fileno()
        watched = [woken, life, bell] if sleeps else [woken, life, *self._engaged]
        ready, _, _ = select.select(watched, [], [], pause)
        self._awaited = self._engaged.intersection(ready)
        if woken in ready:
            os.read(woken, 4096)
        if bell in ready:
            self._bell.silence()
        self._stopping |= life in ready

    def _pause(self) -> float | None:
        """Return after how many seconds to look at the processes again, if nothing wakes us."""
        if self._grants.visits:
            return _TICK_OF_VISITS
        has_line = any(self._board.has_line(place) for place in self._places.values())
        if has_line or self._lined or self._is_short or self._budget.lacking():
            return _TICK
        return _TICK_OF_REST if len(self._places) > READY * len(self._queues) else None

    def _complete(self) -> None:
        """Keep so many processes at each queue as it needs, beside those whose visit is long.

        A line counts when it is seen again: to fork takes time from the first visit that comes.
        Where somebody waits and nobody is free, one more is started at once.
        """
        now = time.monotonic()
        long = {pid for _, pid in self._long()}
        before, self._lined = (
            self._lined,
            {pid for pid, place in self._places.items() if self._board.has_line(place)},
        )
        lined = before & self._lined - long
        self._is_short = False
        self._engaged = set()
        for queue in self._queues:
            running = [pid for pid, of in self._of.items() if of is queue]
            lingering = min(len(long.intersection(running)), LONG_AT_ONCE)
            wanted = self._crews[queue].wanted(len(lined.intersection(running)), now) + lingering
            if queue.fileno() in self._awaited and self._lined.issuperset(running):
                wanted = max(wanted, len(running) + 1)
            if wanted <= len(running) < self._most_ready and self._lined.issuperset(running):
                self._engaged.add(queue.fileno())
            self._is_short |= not all(self._add(queue, at) for at in range(len(running), wanted))
            self._end_rested(running, len(running) - wanted, now)

    def _add(self, queue: AcceptQueue, number: int) -> bool:
        """Start a process at a queue that has so many; return whether there was room for it."""
        return self._grants.admit(needed=number < LEAST) and self._fork(queue)

    def _end_rested(self, running: list[int], spare: int, now: float) -> None:
        """End so many of these processes, if they have had nothing to do for a while."""
        rested = sorted((self._used(pid), pid) for pid in running if self._used(pid) < now - REST)
        for _, pid in rested[: max(0, spare)]:
            self._end_idle(pid)

    def _used(self, pid: int) -> float:
        """Return when a process began its last visit, or was started."""
        return max(self._since[pid], self._board.last_begun(self._places[pid]))

    def _long(self) -> list[tuple[float, int]]:
        """Return the visits that are long by now, each as its begin and its process."""
        before = time.monotonic() - LONG
        since = [(self._board.busy_since(place), pid) for pid, place in self._places.items()]
        return sorted((begun, pid) for begun, pid in since if begun is not None and begun < before)

    def _share_out(self) -> None:
        """End the visits by which long ones are too many: the youngest of who has the most.

        Were they left to run, no process would be free for the small ones.
        """
        of_client: dict[int, list[int]] = {}
        long = self._long()
        for _, pid in long:
            of_client.setdefault(self._board.client(self._places[pid]), []).append(pid)
        for pids in of_client.values():
            while len(pids) > LONG_OF_ONE:
                self._kill(pids.pop(), Outcome.GREEDY)
        while sum(map(len, of_client.values())) > LONG_AT_ONCE:
            self._kill(max(of_client.values(), key=len).pop(), Outcome.BUSY)

    def _share_memory(self) -> None:
        """Grant each process what its visit needs, and free what is needed elsewhere."""
        for pid, outcome in [*self._grants.share_out()]:
            self._end_idle(pid) if outcome is None else self._kill(pid, outcome)

    def _end_idle(self, pid: int) -> None:
        """End a process unless it has begun a visit: it is held while that is looked at."""
        os.kill(pid, signal.SIGSTOP)
        ended, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self._bury(ended, status)
        elif self._board.busy_since(self._places[pid]) is None:
            os.kill(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGCONT)

    def _kill(self, pid: int, outcome: Outcome) -> None:
        self._board.fail(self._places[pid], outcome)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _fork(self, queue: AcceptQueue) -> bool:
        """Start a process, for which memory was taken; tell whether the system let us."""
        place = self._forked % Board.PLACES
        self._forked += 1
        self._board.clear(place)
        self._board.hold_line(place, False)
        try:
            pid = fork()
        except OSError:  # the machine has no room for it by now
            self._grants.dismiss()
            return False
        if pid:
            self._places[pid], self._of[pid] = place, queue
            self._since[pid] = time.monotonic()
            self._grants.add(pid, place, queue)
            return True
        try:
            plain(signal.SIGINT, signal.SIGHUP)
            self._grants.enter()
            child = QueryProcess(self._store, self._board, place, self._limits, self._bell)
            child.run(queue, self._living)
        except BaseException:
            os._exit(1)
        os._exit(0)

    def _reap(self) -> None:
        """Note every process that has ended."""
        for pid in list(self._places):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            self._bury(pid, status)
            if os.WIFEXITED(status) and status:
                time.sleep(_PAUSE_AFTER_ERROR)

    def _bury(self, pid: int, status: int) -> None:
        """Note why a process has ended, and release what it had."""
        place = self._places.pop(pid)
        del self._of[pid], self._since[pid]
        crowded = self._grants.remove(pid)
        self._board.rest(place)
        if status:
            self._row.add(Sum.REPLACED)
            lacked = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGABRT
            outcome = Outcome.BUSY if lacked and crowded else _outcome(status)
            self._board.fail(place, outcome)


def at_once(webs: int) -> int:
    """Return how many visits each of so many web processes is to have under way."""
    return max(LEAST, -(-FAST // webs))


def most(webs: int) -> int:
    """Return how many query processes one store has at most, for so many web processes."""
    return webs * (at_once(webs) + _SPARE) + LONG_AT_ONCE


def _outcome(status: int) -> Outcome:
    if os.WIFSIGNALED(status):
        return _KILLED_BY.get(signal.Signals(os.WTERMSIG(status)), Outcome.BROKEN)
    return Outcome.BROKEN
