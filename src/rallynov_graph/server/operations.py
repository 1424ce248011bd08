"""What the server tells those who run it: whether it lives, whether it is ready, its figures."""

import asyncio
import ipaddress
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rallynov_graph.http import responses
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import Outcome, QueryJob, Reply
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import NO_STORE, Response
from rallynov_graph.rdf import formats
from rallynov_graph.server.endpoint import Send
from rallynov_graph.server.metrics import BOUNDS, Metrics, Part, Sum
from rallynov_graph.server.query_pool.clients import Client, QueryRunner
from rallynov_graph.sparql.embedded import StoreQuery

PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics", "*"})
"""The last is the server as a whole, which can only be asked for its methods."""
_PATIENCE: Final = 2.0
"""A query that asks nothing is answered within so many seconds by a server that is ready."""
_FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"})


@dataclass(frozen=True)
class Served:
    """What is served, as far as operators ask."""

    release: str = ""
    version: str = ""
    store: int = 0
    """How many bytes of memory the process has that holds the store."""
    public: bool = False
    """Whether everybody may read the figures."""


class Operations:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    methods = "GET, HEAD, OPTIONS"
    longest_body = 0

    def __init__(self, runner: QueryRunner, metrics: Metrics, served: Served) -> None:
        self._runner, self._metrics, self._served = runner, metrics, served
        self.stopping = False

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Send the answer to a request to one of ``PATHS``, now or later."""
        answering = asyncio.ensure_future(self._answer(request))
        answering.add_done_callback(lambda done: send(done.result()))
        return True

    async def _answer(self, request: HttpRequest) -> Response:
        try:
            if request.method == "OPTIONS":
                return responses.response(204, responses.preflight(self.methods))
            if request.method not in ("GET", "HEAD"):
                raise Refused(405, f"{request.method} is not possible here, but {self.methods}.")
            body, media_type = await self._content(request)
        except Refused as refused:
            return responses.refusal(refused, request.head.accept, self.methods)
        except Exception:
            traceback.print_exc()
            return responses.BROKEN
        extra = [(b"content-type", media_type.encode()), NO_STORE]
        return responses.response(200, extra, body)

    async def _content(self, request: HttpRequest) -> tuple[bytes, str]:
        if request.path == "/metrics":
            if not (self._served.public or _is_near(request)):
                raise Refused(403, "The figures are told on the server's own machine only.")
            return self._metrics_text()
        if request.path == "/readyz":
            await self._make_sure()
        return b"ok\n", "text/plain; charset=utf-8"

    async def _make_sure(self) -> None:
        """Raise Refused unless a query is answered."""
        if self.stopping:
            raise Refused(503, "The server is about to stop.")
        job = QueryJob(StoreQuery("ASK {}"), formats.RESULTS_CSV, None)
        try:
            reply = await asyncio.wait_for(self._runner.ask(job), _PATIENCE)
        except (TimeoutError, Refused):
            reply = Reply(Outcome.BUSY)
        if reply.outcome is not Outcome.ANSWERED:
            raise Refused(503, "No query process answers in time.")

    def _metrics_text(self) -> tuple[bytes, str]:
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Any]:
        """Yield every metric, as prometheus-client takes them."""
        yield from _of_requests(self._metrics)
        yield from _of_queries(self._metrics)
        yield from self._now()

    def _now(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        running = GaugeMetricFamily(
            "rallynov_queries_running", "Queries under way, by length.", labels=["length"]
        )
        running.add_metric(["short"], self._metrics.sum(Sum.SHORT))
        running.add_metric(["long"], self._metrics.sum(Sum.LONG))
        yield running
        yield GaugeMetricFamily(
            "rallynov_store_bytes",
            "Memory of the process that holds the store; each busy query process may copy it.",
            self._served.store,
        )
        yield GaugeMetricFamily(
            "rallynov_cache_bytes", "Answers kept.", self._metrics.sum(Sum.HELD)
        )
        yield InfoMetricFamily(
            "rallynov_release",
            "What is served.",
            {"id": self._served.release, "version": self._served.version},
        )


def _of_requests(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    requests = CounterMetricFamily(
        "rallynov_requests", "Requests answered.", labels=["part", "status"]
    )
    seconds = HistogramMetricFamily(
        "rallynov_request_seconds", "Time from request to answer.", labels=["part"]
    )
    for part in Part:
        name = part.name.lower()
        for status, count in metrics.requests(part).items():
            requests.add_metric([name, str(status or "other")], count)
        counts, total = metrics.durations(part)
        reached, buckets = 0.0, []
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
            reached += count
            buckets.append((bound, reached))
        seconds.add_metric([name], buckets, total)
    yield requests
    yield seconds


def _of_queries(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily

    outcomes = CounterMetricFamily(
        "rallynov_queries", "Queries that were run, by what came of them.", labels=["outcome"]
    )
    for outcome in Outcome:
        outcomes.add_metric([outcome.name.lower()], metrics.visits(outcome))
    yield outcomes
    for amount, name, description in (
        (Sum.HITS, "rallynov_cache_hits", "Answers that were kept from before."),
        (Sum.NOT_MODIFIED, "rallynov_not_modified", "Answers that the client had already."),
        (Sum.BYTES, "rallynov_answer_bytes", "Bytes of answers, before compression."),
        (Sum.REPLACED, "rallynov_processes_replaced", "Processes that ended and were replaced."),
    ):
        yield CounterMetricFamily(name, description, metrics.sum(amount))


def _is_near(request: HttpRequest) -> bool:
    """Return whether a request comes from this machine, and not through a proxy on it."""
    if not request.client or _FORWARDED & request.head.headers.keys():
        return False
    try:
        return ipaddress.ip_address(request.client).is_loopback
    except ValueError:
        return False
