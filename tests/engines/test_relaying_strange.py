"""A server behind the site that answers something else than it is asked."""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from behind import EMPTY, Behind, Said, behind, table, truth
from rallynov_graph.base.errors import EndpointError
from rallynov_graph.sparql.remote_store import RemoteStore
from servers import Answer, Server, fork, serving

SECRET = "db7.internal"
"""The host of a server that visitors are not to hear of."""
FAULT = f"error at 1:8: expected http://{SECRET}:8890/admin, password"
PAGES = (
    "/",
    "/list/stage",
    "/network",
    "/about",
    "/ontology",
    "/resource?iri=urn:x",
    "/search?q=x",
)
TROUBLES = {
    "redirect": Said("", 302, headers={"Location": f"http://{SECRET}/sparql?token=1"}),
    "redirect for good": Said("", 308, headers={"Location": f"http://{SECRET}/"}),
    "error": Said(f"connect to {SECRET}:1111 failed: password", 500, "text/plain"),
    "page": Said(f"<h1>{SECRET}</h1>", 200, "text/html"),
    "refusal": Said(FAULT, 400, "text/plain"),
    "refusal of another make": Said(f"Virtuoso 37000 Error: {SECRET} password", 400, "text/plain"),
    "denied": Said(f"{SECRET} password", 403, "text/plain"),
    "busy": Said(f"{SECRET} password", 503, "text/plain"),
    "cut off": Said(EMPTY, headers={"X-SPARQL-MaxRows": f"10 of {SECRET}"}),
    "out of time": Said(f"S1T00 Error: {SECRET} Transaction timed out", 500, "text/plain"),
    "half": Said(EMPTY[:30] + SECRET),
    "no table": Said(f'{{"head": {{"{SECRET}": 1}}, "password": true}}'),
    "table for a truth": table(SECRET, **{SECRET: "password"}),
}
STATUS = {"refusal": 400, "refusal of another make": 400, "busy": 503, "cut off": 422}
STATUS["out of time"] = 504


@pytest.fixture(scope="module")
def server() -> Iterator[Behind]:
    with behind() as made:
        yield made


@pytest.fixture(scope="module")
def site(server: Behind) -> Iterator[Server]:
    with serving("--endpoint", server.url, "--workers", "1", "--query-timeout", "5") as running:
        assert running.query("ASK {}", "application/json").status == 200
        assert running.ask("GET", "/", Accept="text/html").status == 200
        yield running


def tells_nothing(answer: Answer, server: Behind) -> bool:
    place = urlsplit(server.url)
    said = answer.text + str(answer.headers)
    hidden = (SECRET, "password", f":{place.port}", place.path)
    return not any(word in said for word in hidden)


def test_visitors_are_told_in_our_words(
    site: Server, server: Behind, subtests: pytest.Subtests
) -> None:
    for trouble, said in TROUBLES.items():
        server.answer = lambda _, said=said: said  # type: ignore[misc]
        asked = f"/sparql?query={quote(f'SELECT ?x {{ }} # {trouble}')}"
        for accept in ("application/json", "text/csv", "text/html"):
            with subtests.test(trouble, accept=accept):
                answer = site.ask("GET", asked, Accept=accept)
                assert answer.status == STATUS.get(trouble, 502), answer.text[:500]
                assert tells_nothing(answer, server), answer.text
        for path in (*PAGES, "/api/questions/stages", "/questions/stages.csv", "/readyz"):
            with subtests.test(trouble, path=path):
                answer = site.ask("GET", path, Accept="text/html")
                assert answer.status != 500
                assert tells_nothing(answer, server), answer.text
    server.answer = lambda _: None
    assert site.query("ASK { # well again\n }", "application/json").status == 200


def test_the_operator_reads_what_happened_in_one_line() -> None:
    with behind() as server, serving("--endpoint", server.url, "--workers", "1") as site:
        assert site.query("ASK {}").status == 200
        words = f"first {SECRET}\n\x1b[31msecond\r\nthird"
        server.answer = lambda _: Said(words, 500, "text/plain")
        for number in range(3):
            assert site.query(f"ASK {{}} # {number}").status == 502
        server.answer = lambda _: None
        site.stop()
        assert site.process.stderr is not None
        lines = site.process.stderr.read().splitlines()
    assert [line for line in lines if SECRET in line] == [
        f"rallynov: {server.url} answers 500 Internal Server Error: "
        f"first {SECRET} [31msecond third."
    ]


def test_a_redirect_is_followed_to_nowhere() -> None:
    with behind() as other, behind() as server:
        server.answer = lambda _: Said("", 307, headers={"Location": other.url})
        seen: list[str] = []
        other.answer = lambda query: seen.append(query) or truth(True)
        with pytest.raises(EndpointError, match="sends on to"):
            RemoteStore(server.url).ask("ASK {}")
        assert seen == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda q: table("a", "b", a="1", b="2") if "SELECT" in q else truth("merged" not in q),
        lambda _: Said("<h1>Welcome</h1>", 200, "text/html"),
    ],
    ids=["other columns", "a page"],
)
def test_what_is_no_sparql_server_is_told_at_the_start_in_a_sentence(answer) -> None:  # type: ignore[no-untyped-def]
    with behind(answer) as server:
        process = fork("--port", "0", "--endpoint", server.url)
        said, told = process.communicate(timeout=300)
    assert (process.returncode, said) == (2, "")
    assert len(told.splitlines()) == 1, told
    assert server.url in told


def test_a_page_that_is_answered_otherwise_than_asked_is_502(site: Server, server: Behind) -> None:
    def nonsense(query: str) -> Said | None:
        if "SELECT" not in query:
            return truth(True)
        columns = [word[1:] for word in query.partition("SELECT")[2].split() if word[0] == "?"]
        return table(*columns, **dict.fromkeys(columns, "nonsense"))

    server.answer = nonsense
    for path in PAGES:
        answer = site.ask("GET", path, Accept="text/html")
        assert answer.status in (200, 404, 502), path
        assert tells_nothing(answer, server), path
    server.answer = lambda _: None
    assert site.ask("GET", "/", Accept="text/html").status == 200
