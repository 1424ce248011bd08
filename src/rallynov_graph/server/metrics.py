"""Counters of the server across its processes, in shared memory.

Each process adds to a row of its own, so that none waits for another and no count is lost when one
ends; whoever reads the figures adds the rows up.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from rallynov_graph.http.queries import Outcome


class Part(IntEnum):
    """The part of the site that answered."""

    SPARQL = 0
    GRAPHS = 1
    PAGES = 2
    OPERATIONS = 3


class Sum(IntEnum):
    """A sum beside the counts of requests."""

    NOT_MODIFIED = 0
    """Answers that the client had."""
    BYTES = 1
    """Bytes of answers."""
    REPLACED = 2
    """Processes that were replaced."""
    SHORT = 3
    """Queries that run and are not long (no sum: what it is now)."""
    LONG = 4
    """Long queries that run (no sum: what it is now)."""


STATUSES: Final = (
    *(200, 204, 301, 302, 303, 304, 308, 400, 403, 404, 405, 406, 408, 410, 413, 414, 415, 422),
    *(429, 500, 502, 503, 504),
    0,
)
"""Every status that is counted by itself; the last place is that of all others."""
BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: the upper bounds of the histogram's buckets; one more is without bound."""

_PLACE: Final = {status: place for place, status in enumerate(STATUSES)}
_BUCKETS: Final = len(Part) * len(STATUSES)
_SECONDS: Final = _BUCKETS + len(Part) * (len(BOUNDS) + 1)
_OUTCOMES: Final = _SECONDS + len(Part)
_SUMS: Final = _OUTCOMES + len(Outcome)
_WIDTH: Final = _SUMS + len(Sum)


class MetricsRow:
    """The figures of a process."""

    def __init__(self, cells: memoryview[float]) -> None:
        self._cells = cells

    def answered(self, part: Part, status: int, seconds: float) -> None:
        """Count a request."""
        cells = self._cells
        cells[part * len(STATUSES) + _PLACE.get(status, len(STATUSES) - 1)] += 1
        cells[_BUCKETS + part * (len(BOUNDS) + 1) + bisect_left(BOUNDS, seconds)] += 1
        cells[_SECONDS + part] += seconds

    def visited(self, outcome: Outcome) -> None:
        """Count a query sent to the query processes."""
        self._cells[_OUTCOMES + outcome] += 1

    def add(self, what: Sum, much: float = 1) -> None:
        """Add to a sum."""
        self._cells[_SUMS + what] += much

    def set(self, what: Sum, much: float) -> None:
        """Set a gauge."""
        self._cells[_SUMS + what] = much


class Metrics:
    """The figures of all processes, which must be created before the processes fork."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._cells = memoryview(mmap.mmap(-1, rows * _WIDTH * 8)).cast("d")

    def row(self, number: int) -> MetricsRow:
        """Return the row of a process; no other process may write it."""
        return MetricsRow(self._cells[number * _WIDTH : (number + 1) * _WIDTH])

    def totals(self) -> list[float]:
        """Return every figure, summed over all processes."""
        return [sum(self._cells[place::_WIDTH]) for place in range(_WIDTH)]


@dataclass(frozen=True)
class Served:
    """The served release, as far as operators need it."""

    release: str = ""
    version: str = ""
    store: int = 0
    """How many bytes of memory the process has that holds the store."""
    public: bool = False
    """Whether everybody may read the figures."""


class Collector:
    """All figures, for prometheus-client."""

    def __init__(self, metrics: Metrics, served: Served) -> None:
        self._totals, self._served = metrics.totals(), served

    def text(self) -> tuple[bytes, str]:
        """Return the figures in Prometheus's format, and its media type."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Any]:
        """Yield every metric."""
        from prometheus_client import core

        requests = core.CounterMetricFamily(
            "rallynov_requests", "Requests answered.", labels=["part", "status"]
        )
        seconds = core.HistogramMetricFamily(
            "rallynov_request_seconds", "Time from request to answer.", labels=["part"]
        )
        totals, bounds = self._totals, [*map(str, BOUNDS), "+Inf"]
        for part in Part:
            name = part.name.lower()
            for place, status in enumerate(STATUSES, part * len(STATUSES)):
                if totals[place]:
                    requests.add_metric([name, str(status or "other")], totals[place])
            reached, buckets = 0.0, []
            for place, bound in enumerate(bounds, _BUCKETS + part * len(bounds)):
                reached += totals[place]
                buckets.append((bound, reached))
            seconds.add_metric([name], buckets, totals[_SECONDS + part])
        outcomes = core.CounterMetricFamily(
            "rallynov_queries", "Queries that were run, by what came of them.", labels=["outcome"]
        )
        for outcome in Outcome:
            outcomes.add_metric([outcome.name.lower()], totals[_OUTCOMES + outcome])
        running = core.GaugeMetricFamily(
            "rallynov_queries_running", "Queries under way, by length.", labels=["length"]
        )
        running.add_metric(["short"], totals[_SUMS + Sum.SHORT])
        running.add_metric(["long"], totals[_SUMS + Sum.LONG])
        yield from (requests, seconds, outcomes, running)
        for amount, name, words in (
            (Sum.NOT_MODIFIED, "rallynov_not_modified", "Answers that the client had already."),
            (Sum.BYTES, "rallynov_answer_bytes", "Bytes of answers."),
            (Sum.REPLACED, "rallynov_processes_replaced", "Processes that were replaced."),
        ):
            yield core.CounterMetricFamily(name, words, totals[_SUMS + amount])
        words = "Memory of the process that holds the store; each busy query process may copy it."
        yield core.GaugeMetricFamily("rallynov_store_bytes", words, self._served.store)
        release = {"id": self._served.release, "version": self._served.version}
        yield core.InfoMetricFamily("rallynov_release", "What is served.", release)
