"""A query from its request to its reply: its client's turn, then who runs it."""

import traceback
from functools import partial

from rallynov_graph.http import responses
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import QueryJob, Reply
from rallynov_graph.server.query_runner import Begun, QueryRunner
from rallynov_graph.server.rate_limit import GREEDY, RateLimit
from rallynov_graph.server.worker_pool import Client, Done


class PendingQuery:
    """A query of which ``done`` is told once, now or later, unless it is ended before."""

    def __init__(
        self,
        runner: QueryRunner,
        rate_limit: RateLimit,
        visit: QueryJob,
        client: Client,
        done: Done,
    ) -> None:
        """Raise Refused where too many of its client's wait already."""
        self._runner, self._visit = runner, visit
        self._client, self._done = client, done
        self._begun: Begun | None = None
        self._place = rate_limit.of(visit.client, partial(runner.has_taken, visit))
        self._place.wait(self._turn)

    def end(self) -> None:
        """Want no reply any more."""
        if self._begun is not None:
            self._begun.end()
        self._place.leave()

    def _turn(self, has_come: bool) -> None:
        if self._client.is_lost:
            self._finish(None)
        elif not has_come:
            self._finish(Refused(429, GREEDY))
        else:
            try:
                self._begun = self._runner.begin(self._visit, self._client.departure, self._finish)
            except UnicodeEncodeError:
                self._finish(Refused(400, "The request is not UTF-8."))
            except Exception:
                traceback.print_exc()
                self._finish(responses.WRONG)

    def _finish(self, reply: Reply | Refused | None) -> None:
        self._begun = None  # it knows this one, too: the collector would have to part them
        self._place.leave()
        self._done(reply)
