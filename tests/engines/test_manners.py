"""How a server is asked: over connections that stay, within its time, and not when it is busy."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal

from behind import EMPTY, Said, behind, speaking, truth
from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

TRIPLES = "application/n-triples"


def test_one_connection_serves_many_questions() -> None:
    with behind() as server:
        store = RemoteStore(server.url)
        for _ in range(20):
            assert store.ask("ASK {}") is False
        assert (server.asked, server.connections) == (20, 1)


def test_an_answer_that_is_given_up_takes_its_connection_with_it() -> None:
    with behind(lambda query: Said("x" * 300_000) if "long" in query else None) as server:
        asked = Server(server.url)
        with pytest.raises(EndpointError) as long:
            asked.query("SELECT ?long {}", longest=1000)
        assert long.value.failure is Failure.TOO_LARGE
        assert RemoteStore(asked).ask("ASK {}") is False
        assert server.connections == 2


def test_a_time_limit_goes_with_each_request() -> None:
    with behind() as server:
        store = RemoteStore(server.url, timeout=7)
        store.ask("ASK {}")
        assert server.last["timeout"] == "7"
        assert server.last["x-bigdata-max-query-millis"] == "7000"
        assert "field timeout" not in server.last


def test_virtuoso_is_told_its_time_limit_in_its_way(virtuoso_address: str) -> None:
    server = Server(f"{virtuoso_address}/sparql")
    assert RemoteStore(server).ask("ASK {}")
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
    with pytest.raises(EndpointError) as late:
        RemoteStore(server, timeout=1).select(heavy)
    assert late.value.failure is Failure.LATE


def busy(*headers: tuple[str, str]) -> Said:
    return Said("", 503, headers=dict(headers))


def test_a_busy_server_is_left_in_peace_for_as_long_as_it_says() -> None:
    with behind(lambda _: busy(("Retry-After", "50"))) as server:
        store = RemoteStore(server.url)
        for _ in range(5):
            with pytest.raises(EndpointError) as told:
                store.ask("ASK {}")
            assert told.value.failure is Failure.BUSY
        assert server.asked == 1
        assert "left in peace for" in str(told.value)


def test_a_short_wait_is_waited() -> None:
    answers = [truth(True), busy(("Retry-After", "1"))]
    with behind(lambda _: answers.pop()) as server:
        assert RemoteStore(server.url).ask("ASK {}")
        assert server.asked == 2


PARTS = [
    (Said(truth(True).body, 206), Failure.TOO_LARGE),
    (Said(truth(True).body, headers={"X-SPARQL-MaxRows": "9"}), Failure.TOO_LARGE),
    (Said(truth(True).body, 206, headers={"X-SPARQL-Anytime": "timeout=9"}), Failure.LATE),
]


def test_a_part_of_an_answer_is_none() -> None:
    for said, failure in PARTS:
        with behind(lambda _, said=said: said) as server, pytest.raises(EndpointError) as part:
            RemoteStore(server.url).ask("ASK {}")
        assert part.value.failure is failure


@pytest.fixture
def server_without_lengths() -> Iterator[str]:
    """A server whose answers end where the connection does: graphs as well as tables."""

    def answer(request: bytes) -> str:
        is_graph = b"CONSTRUCT" in request
        kind, body = (TRIPLES, "") if is_graph else ("application/sparql-results+json", EMPTY)
        return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n{body}"

    with speaking(answer) as url:
        yield url


def test_triples_without_an_end_may_be_a_part_and_a_table_tells_its_end(
    server_without_lengths: str,
) -> None:
    assert RemoteStore(server_without_lengths).select("SELECT * {}").rows == ()
    with pytest.raises(EndpointError, match="how long its answer is"):
        RemoteStore(server_without_lengths).construct("CONSTRUCT WHERE { ?s ?p ?o }")


def table_in_xml(text: str) -> Said:
    """A table of one text, which is written as it is told."""
    return Said(
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="o"/></head>'
        f'<results> <result> <binding name="o"> <literal xml:lang="fr">{text}</literal> </binding>'
        " </result> </results></sparql>",
        media_type="application/sparql-results+xml",
    )


def test_a_table_in_xml_keeps_the_spaces_of_its_texts() -> None:
    for text in ("a", " a", "a\n", " ", "\t a &amp; b  ", ""):
        with behind(lambda _, text=text: table_in_xml(text)) as server:
            ((found,),) = RemoteStore(server.url).select("SELECT ?o {}").rows
        assert found == Literal(text.replace("&amp;", "&"), language="fr")
