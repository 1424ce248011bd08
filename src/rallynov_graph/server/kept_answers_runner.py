"""Who has queries answered: what is kept beside the release first, then the processes for it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import parse_query_results

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import Limits, Outcome, QueryJob, Reply
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import RESULTS_JSON, Format
from rallynov_graph.release.kept_answers import LONGEST, KeptAnswers, keeps
from rallynov_graph.server.answer_cache import depends_on_address, is_volatile
from rallynov_graph.server.query_runner import Begun, JobTask, QueryRunner, Sandbox
from rallynov_graph.server.worker_pool import Done, Gone

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

KEPT_FROM: Final = 0.05
"""An answer that took fewer seconds is found again sooner than read again."""


def with_kept(runner: Sandbox, release: Release | None) -> QueryRunner:
    """Return who answers queries to a release: first what is kept beside it, if it keeps any."""
    return KeptAnswersRunner(runner, release.kept_answers) if keeps(release) else runner


class KeptAnswersRunner:
    """Answers what is kept, in any format of results; another runner answers the rest.

    What took long, and is the same at any address and time, is kept for the next.
    """

    def __init__(self, runner: Sandbox, kept: KeptAnswers) -> None:
        self._runner, self._kept = runner, kept

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._runner.limits

    @property
    def most_connections(self) -> int:
        """How many descriptors the lines to query processes take."""
        return self._runner.most_connections

    def begin(self, visit: QueryJob, gone: Gone, done: Done) -> Begun:
        """Answer a query; ``done`` is called later, once, with what comes of it."""
        form = visit.results
        if form is None or not _is_of_whole(visit):
            return self._runner.begin(visit, gone, done)
        content = self._kept.find(readable(visit.store_query.query))
        if content is None or len(content) > self.limits.answer:
            return self._runner.begin(visit, gone, partial(self._answered, visit, done))
        return JobTask(_written(content, form), done)

    def has_taken(self, visit: QueryJob) -> bool:
        """Return whether a query process has taken a query that was asked."""
        return self._runner.has_taken(visit)

    def _answered(self, visit: QueryJob, done: Done, reply: Reply | Refused | None) -> None:
        if (
            isinstance(reply, Reply)
            and reply.outcome is Outcome.ANSWERED
            and reply.form is RESULTS_JSON
            and reply.seconds >= KEPT_FROM
            and len(reply.content) <= LONGEST
            and not is_volatile(visit.store_query.query)
            and not depends_on_address(visit.store_query.query)
        ):
            query, content = readable(visit.store_query.query), reply.content
            asyncio.get_running_loop().run_in_executor(None, self._kept.keep, query, content)
        done(reply)


def _is_of_whole(visit: QueryJob) -> bool:
    """Return whether a query asks the release as it is, not some of its graphs."""
    asked = visit.store_query
    return asked.default_graphs is None and asked.named_graphs is None and asked.functions is None


async def _written(content: bytes, form: Format) -> Reply:
    """Return a kept answer in a format; another one than it is kept in is made in a thread."""
    if form is not RESULTS_JSON:
        content = await asyncio.to_thread(_in_format, content, form)
    return Reply(Outcome.ANSWERED, content, form)


def _in_format(content: bytes, form: Format) -> bytes:
    written = parse_query_results(content, format=RESULTS_JSON.results).serialize(
        format=form.results
    )
    assert written is not None  # None only where a file is named
    return written
