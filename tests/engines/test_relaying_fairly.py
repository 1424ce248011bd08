"""Places at a server behind the site are shared out among clients, also among those who leave."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest

from behind import SLOW, Behind, behind
from rallynov_graph.server import limits
from servers import Server, serving
from waiting import eventually

LONG_AT_ONCE, LONG_OF_ONE, SHORT_OF_ONE = (
    int(it.default) for it in (limits.LONG_AT_ONCE, limits.LONG_OF_ONE, limits.SHORT_OF_ONE)
)
ONE, OTHER, THIRD = "127.0.0.1", "127.0.0.2", "127.0.0.3"


@pytest.fixture
def slow() -> Iterator[Behind]:
    with behind() as server:
        yield server


@contextmanager
def site_on(server: Behind, seconds: str = "60") -> Iterator[Server]:
    options = ("--workers", "1", "--query-timeout", seconds)
    with serving("--endpoint", server.url, *options) as site:
        assert asked(site, ONE, "ASK {}").getresponse().status == 200
        yield site


def asked(site: Server, client: str, query: str, within: float = 8) -> http.client.HTTPConnection:
    """Send a query from the address of a client."""
    place = urlsplit(site.address)
    connection = http.client.HTTPConnection(
        place.hostname or "", place.port, within, source_address=(client, 0)
    )
    connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
    return connection


def test_who_asks_much_leaves_places_to_others(slow: Behind) -> None:
    with site_on(slow) as site:
        many = [asked(site, ONE, f"ASK {{}} #{SLOW}{n}") for n in range(16)]
        assert eventually(lambda: slow.begun >= LONG_OF_ONE)
        for number in range(3):
            assert asked(site, OTHER, f"ASK {{}} #{number}").getresponse().status == 200
        other = asked(site, OTHER, f"ASK {{}} #{SLOW}")
        refused = [one for one in many[LONG_OF_ONE:] if one.getresponse().status == 429]
        assert len(refused) == len(many) - LONG_OF_ONE
        assert eventually(lambda: slow.begun == LONG_OF_ONE + SHORT_OF_ONE + 1)
        slow.finish.set()
        assert [one.getresponse().status for one in many[:LONG_OF_ONE]] == [200] * LONG_OF_ONE
        assert other.getresponse().status == 200


def test_long_visits_of_several_clients_leave_places_to_the_next(slow: Behind) -> None:
    with site_on(slow) as site:
        greedy = [
            asked(site, client, f"ASK {{}} #{SLOW}{number}")
            for client in (ONE, OTHER)
            for number in range(LONG_OF_ONE)
        ]
        assert eventually(lambda: slow.begun == LONG_AT_ONCE)
        time.sleep(0.5)  # all of them are long by now
        third = asked(site, THIRD, f"ASK {{}} #{SLOW}")
        time.sleep(0.5)
        slow.finish.set()
        assert third.getresponse().status == 200
        assert sorted(one.getresponse().status for one in greedy) == [200] * 7 + [503]


def test_who_always_leaves_has_a_bounded_number_at_the_server(slow: Behind) -> None:
    """The server may go on with what was left, so each counts until its time is over.

    A quick answer that nobody takes does not count.
    """
    with site_on(slow) as site:
        for number in range(60):
            asked(site, ONE, f"ASK {{}} # {number}").close()
        assert asked(site, ONE, "ASK {} # last").getresponse().status == 200
        for most in (LONG_OF_ONE, LONG_OF_ONE + SHORT_OF_ONE):
            for number in range(20):
                asked(site, ONE, f"ASK {{}} #{SLOW}{most} {number}").close()
            assert eventually(lambda most=most: slow.begun == most)  # type: ignore[misc]
            time.sleep(0.5)  # all of them are long by now
        assert asked(site, ONE, "ASK {} # refused").getresponse().status == 429
        assert slow.begun == LONG_OF_ONE + SHORT_OF_ONE
        assert asked(site, OTHER, "ASK {} # answered").getresponse().status == 200


def test_a_query_that_is_late_is_ended_at_the_server_too(slow: Behind) -> None:
    with site_on(slow, seconds="1") as site:
        assert asked(site, ONE, f"ASK {{}} #{SLOW}").getresponse().status == 504
        assert eventually(lambda: slow.dropped == 1, 5)
