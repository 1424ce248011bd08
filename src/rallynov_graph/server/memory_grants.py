"""How much memory each query process of a zygote may have: the zygote hands it out, and takes back.

The kernel holds a process to what it was given (``RLIMIT_DATA``), so what is given out together is
what all can take. Each has a share from the start. A visit that is under way is given what is left
before it needs it, an equal part to each, and keeps no more than it may soon need when another
lacks it; the process whose turn is next has a part before its visit comes. So one that is alone
meets no limit but that of a query, however fast it grows. What
a process copies of the store, by writing to it, no limit bounds: it is counted afterwards, and a
process ends where there is no room for it, first one without a visit.
"""

import resource
import sys
import time
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rallynov_graph.http.query_jobs import Board, Limits, Outcome
from rallynov_graph.server import memory
from rallynov_graph.server.memory_budget import Budget

_FORESEEN: Final = 3
"""A visit is given so many times what it has: what doubles has both at a time, and the rest."""
_SHARES: Final = 4
"""And so many shares beyond that."""
_OOM: Final = Path("/proc/self/oom_score_adj")
_FIRST: Final = "1000"


@dataclass
class _Account:
    """What a process may have, and has; in bytes."""

    place: int
    queue: Hashable
    look: memory.Look | None
    store: int
    """What it could write to when it was forked: so much it can copy."""
    limit: int
    """What it may take beside that."""
    booked: int
    """What of the budget was taken for it."""
    used: int = 0
    copied: int = 0
    looked: float = 0.0

    @property
    def charge(self) -> int:
        return max(self.limit, self.used) + self.copied


class Grants:
    """What the query processes of one zygote may have, in that zygote."""

    def __init__(self, budget: Budget, row: int, board: Board, limits: Limits) -> None:
        self._budget, self._row, self._board = budget, row, board
        self._ceiling = budget.ceiling(limits)
        self._accounts: dict[int, _Account] = {}
        self._store = 0
        self._was_over = False
        self.visits = 0
        """How many were under way when it was looked at them last."""

    def admit(self, *, needed: bool) -> bool:
        """Reserve the share of a process that is to be forked; return whether there was one.

        One that is ``needed`` may have the last there is.
        """
        share = self._budget.share
        got = self._budget.take(self._row, share, small=needed)
        if got < share:
            self._budget.note(self._row, -got)
            return False
        self._store = memory.writable()
        return True

    def dismiss(self) -> None:
        """Release the share of a process that could not be forked."""
        self._budget.note(self._row, -self._budget.share)

    def enter(self) -> None:
        """Be the first that the kernel ends, in the process that was forked.

        That is said while files can be opened. Where there is no ``/proc``, nothing is said.
        """
        if sys.platform != "linux":
            return
        with suppress(FileNotFoundError):
            _OOM.write_text(_FIRST, "ascii")

    def add(self, pid: int, place: int, queue: Hashable = None) -> None:
        """Hold a process that was forked, to wait at a queue, to its share; keep account of it.

        It does not do so itself: it could come too late, and undo what it was given since.
        """
        look, share = None, self._budget.share
        with suppress(OSError):
            look = memory.Look(pid)
        self._accounts[pid] = _Account(place, queue, look, self._store, share, share)
        self._hold(pid, self._accounts[pid], share)

    def remove(self, pid: int) -> bool:
        """Release what a process had that has ended; return whether it might have had more."""
        account = self._accounts.pop(pid)
        self._budget.note(self._row, -account.booked)
        if account.look is not None:
            account.look.close()
        return self._has_less(account) or self._board.is_crowded(account.place)

    def share_out(self) -> Iterator[tuple[int, Outcome | None]]:
        """Grant the visits that grow what they need; yield the processes that are to be ended.

        One without an outcome is to be ended only if it has no visit.
        """
        following = self._following()
        for pid, account in self._accounts.items():
            self._look_at(pid, account, is_next=pid in following)
        yield from self._too_many()
        busy = [(self._board.busy_since(it.place), pid) for pid, it in self._accounts.items()]
        visits = [pid for _, pid in sorted((s, pid) for s, pid in busy if s)]
        self.visits = len(visits)
        lacking = sum(self._grow(pid) for pid in visits)
        self._budget.lack(self._row, lacking)
        is_lacking = self._budget.lacking() > 0
        if visits and is_lacking:
            self._budget.wake_others(self._row)
        for pid in following if not is_lacking else ():
            account = self._accounts[pid]
            ahead = account.limit - account.used - self._budget.share
            part = (self._budget.left() + ahead) // (2 * len(following))
            self._raise(account, pid, part - ahead)

    def _following(self) -> set[int]:
        """Return the process of each queue that will take the next visit: who has had the last."""
        found: dict[Hashable, tuple[float, int]] = {}
        for pid, it in self._accounts.items():
            if self._board.busy_since(it.place) is None:
                turn = self._board.last_begun(it.place), pid
                found[it.queue] = max(found.get(it.queue, turn), turn)
        return {pid for _, pid in found.values()}

    def _look_at(self, pid: int, account: _Account, *, is_next: bool) -> None:
        """See what a process has, if it had a visit since; take back what it needs no more."""
        if account.look is None:
            return
        is_busy = self._board.busy_since(account.place) is not None
        if is_busy or self._board.last_begun(account.place) >= account.looked:
            account.looked = time.monotonic()
            with suppress(OSError):  # it has ended
                account.used = max(0, account.look.writable() - account.store)
                account.copied = min(account.store, account.look.written())
        kept = self._need(account) if is_busy else account.used + self._budget.share
        if kept < account.limit and (not (is_busy or is_next) or self._budget.lacking()):
            self._hold(pid, account, kept)
        if account.charge != account.booked:
            self._budget.note(self._row, account.charge - account.booked)
            account.booked = account.charge

    def _need(self, account: _Account) -> int:
        """Return what a visit may need until it is looked at again."""
        return min(self._ceiling, _FORESEEN * account.used + _SHARES * self._budget.share)

    def _too_many(self) -> Iterator[tuple[int, Outcome | None]]:
        """Yield what is to be ended for others to have room."""
        budget = self._budget
        idle: list[tuple[int, int]] = []
        busy: list[tuple[int, int]] = []
        for pid, account in self._accounts.items():
            free = self._board.busy_since(account.place) is None
            (idle if free else busy).append((account.charge, pid))
        share, over = budget.share, budget.over() > 0
        costly = [it for it in idle if self._accounts[it[1]].used > max(share, self._ceiling // 4)]
        if budget.lacking():
            costly += [max((it for it in idle if it[0] >= 2 * share), default=(0, 0))]
        yield from ((pid, None) for pid in {pid for _, pid in costly if pid})
        if over and self._was_over and busy and budget.is_largest(self._row):
            _, pid = max(busy)
            alone = self._fits_alone(self._accounts[pid])
            yield pid, Outcome.BUSY if alone else Outcome.TOO_MUCH_MEMORY
        self._was_over = over

    def _grow(self, pid: int) -> int:
        """Grant a visit its part of what is left; return how much it lacks."""
        account = self._accounts[pid]
        if account.look is None:
            return 0
        need, part = self._need(account), account.limit + self._budget.left() // self.visits
        self._raise(account, pid, max(need, part) - account.limit)
        self._board.crowd(account.place, self._has_less(account))
        return max(0, need - account.limit)

    def _raise(self, account: _Account, pid: int, wanted: int) -> None:
        """Grant a process as much more of what is wanted as there is, up to its limit."""
        more = min(self._ceiling - account.limit, wanted)
        if more > 0 and account.look and (got := self._budget.take(self._row, more)):
            account.booked += got
            self._hold(pid, account, account.limit + got)

    def _has_less(self, account: _Account) -> bool:
        """Return whether a visit has less than it would have, were there no others."""
        return account.limit < self._ceiling and self._fits_alone(account)

    def _fits_alone(self, account: _Account) -> bool:
        """Return whether a visit would have all it may have, were there no others."""
        return account.copied + self._ceiling <= self._budget.size * 3 // 4

    def _hold(self, pid: int, account: _Account, limit: int) -> None:
        """Hold a process to a limit from now on."""
        account.limit = limit
        if sys.platform == "linux":
            with suppress(ProcessLookupError):
                bounds = self._bounds(account.store, limit)
                resource.prlimit(pid, resource.RLIMIT_DATA, bounds)

    def _bounds(self, store: int, limit: int) -> tuple[int, int]:
        return store + limit, store + max(limit, self._ceiling)


def has_less() -> bool:
    """Return whether this process, a query process, has less yet than its visit might be given."""
    if sys.platform != "linux":
        return False
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    return soft != hard
