"""Pages that wait for answers: they hold up no other page, and one client has not all of them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from rallynov_graph.http.protocol import ASK, Refused
from rallynov_graph.http.query_jobs import Limits, Outcome, QueryJob, Reply
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.server.endpoint import Endpoint
from rallynov_graph.server.page_threads import MOST_OF_ONE, MOST_WAITING, PAGE_THREADS, Pages
from rallynov_graph.server.query_runner import Done, JobTask
from rallynov_graph.server.worker_pool import Gone


class Slow:
    """Answers all queries at once, when it is told to."""

    limits = Limits()

    def __init__(self) -> None:
        self.answered = asyncio.Event()
        self.asked = 0

    async def ask(self, visit: QueryJob, gone: Gone) -> Reply:
        self.asked += 1
        try:
            await self.answered.wait()
        finally:
            self.asked -= 1
        return Reply(Outcome.ANSWERED, b"yes", RESULTS_JSON)

    def begin(self, visit: QueryJob, gone: Gone, done: Done) -> JobTask:
        return JobTask(self.ask(visit, gone), done)

    def has_taken(self, visit: QueryJob) -> bool:
        return True


def application(environ: Any, start_response: Any) -> list[bytes]:
    """A site of two pages, of which one asks something."""
    status, body = "200 OK", b"no question"
    if environ["PATH_INFO"] == "/question":
        try:
            body = environ[ASK]("ASK {}", RESULTS_JSON, None).content
        except Refused as refused:
            status = f"{refused.status} Refused"
    start_response(status, [("content-type", "text/plain")])
    return [body]


class Reader:
    """Somebody who asks for a page, and may leave."""

    def __init__(self, pages: Pages, path: str, address: str, query: bytes = b"") -> None:
        self.left, self.status, self.body = asyncio.Event(), 0, b""
        scope = {
            **{"type": "http", "method": "GET", "path": path, "query_string": query},
            **{"http_version": "1.1", "headers": [], "client": (address, 1)},
        }
        self.answer = asyncio.ensure_future(pages(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, object]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(500):
        if holds():
            return True
        await asyncio.sleep(0.02)
    return False


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have a scene come to its end, or fail."""
    asyncio.run(asyncio.wait_for(scene(), 30))


def address(number: int) -> str:
    return f"192.0.2.{number}"


async def waiting(pages: Pages, slow: Slow, count: int) -> list[Reader]:
    """Return so many readers, each an other client, whose questions are being answered."""
    readers = [Reader(pages, "/question", address(number)) for number in range(count)]
    assert await eventually(lambda: slow.asked == count)
    return readers


def test_a_page_that_asks_nothing_is_made_beside_all_that_wait() -> None:
    async def scene() -> None:
        slow = Slow()
        pages = Pages(application, Endpoint(slow))
        readers = await waiting(pages, slow, MOST_WAITING)
        others = [Reader(pages, "/", address(200)) for _ in range(2 * PAGE_THREADS)]
        await asyncio.gather(*(other.answer for other in others))
        assert {(other.status, other.body) for other in others} == {(200, b"no question")}
        late = Reader(pages, "/question", address(200))
        await late.answer
        assert late.status == 503
        slow.answered.set()
        await asyncio.gather(*(reader.answer for reader in readers))
        assert {(reader.status, reader.body) for reader in readers} == {(200, b"yes")}

    play(scene)


def test_one_client_has_not_all_places_of_those_that_wait() -> None:
    async def scene() -> None:
        slow = Slow()
        pages = Pages(application, Endpoint(slow))
        greedy = [Reader(pages, "/question", address(1)) for _ in range(MOST_OF_ONE + 5)]
        assert await eventually(lambda: sum(reader.status == 429 for reader in greedy) == 5)
        before = slow.asked
        other = Reader(pages, "/question", address(2))
        assert await eventually(lambda: slow.asked > before)
        slow.answered.set()
        await asyncio.gather(other.answer, *(reader.answer for reader in greedy))
        assert other.status == 200

    play(scene)


def test_who_leaves_is_waited_for_no_longer_wherever_his_question_is() -> None:
    async def scene() -> None:
        slow = Slow()
        pages = Pages(application, Endpoint(slow))
        readers = [Reader(pages, "/question", address(1)) for _ in range(MOST_OF_ONE)]
        assert await eventually(lambda: slow.asked > 0)
        for reader in readers:
            reader.left.set()
        await asyncio.gather(*(reader.answer for reader in readers))
        assert slow.asked == 0
        again = Reader(pages, "/question", address(1))
        assert await eventually(lambda: slow.asked == 1)
        slow.answered.set()
        await again.answer
        assert (again.status, again.body) == (200, b"yes")

    play(scene)


def test_an_address_that_no_page_can_be_made_of_takes_no_place() -> None:
    async def scene() -> None:
        pages = Pages(application, Endpoint(Slow()))
        broken = [Reader(pages, "/", address(1), b"\xff").answer for _ in range(2 * PAGE_THREADS)]
        ended = await asyncio.gather(*broken, return_exceptions=True)
        assert {type(error) for error in ended} == {UnicodeDecodeError}
        reader = Reader(pages, "/", address(1))
        await reader.answer
        assert reader.status == 200

    play(scene)
