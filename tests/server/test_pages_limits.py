"""What a page asks of the store has the limits and the share of a visitor's query."""

import json
import select
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from conftest import Ran
from engines import oxigraph
from heavy_queries import HEAVY, asleep
from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import data_dir
from rallynov_graph.questions.catalogue import load
from rallynov_graph.rdf.formats import RESULTS
from rallynov_graph.release import loading
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.messages import load as words_of
from servers import Server, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
THEMES = 600
"""So many themes of one stage: all pairs of them take far longer than the tests let them."""
SLOW = "themes_meeting_at_stages"
QUICK = "?stage=stage/quiet"
KINDS = ("/questions/{}", "/questions/{}.csv", "/questions/{}.json", "/api/questions/{}")


def crowd() -> Iterator[str]:
    """A stage with many themes and one with two, as N-Quads."""
    rn, a, label = PREFIXES["rn"], PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
    themes = [f"theme/crowd-{number}" for number in range(THEMES)]
    yield quad("graph/crowd", a, f"<{rn}AssertionSet>", "ours")
    yield quad("graph/crowd", rn + "certainty", f"<{rn}explicit>", "ours")
    yield quad("graph/ours", a, f"<{rn}CurationGraph>", "ours")
    for theme in themes:
        yield quad(theme, a, f"<{PREFIXES['skos']}Concept>", "ours")
        yield quad(theme, label, f'"{theme}"', "ours")
    for stage, of_stage in (("stage/crowd", themes), ("stage/quiet", themes[:2])):
        yield quad(stage, a, f"<{rn}Stage>", "crowd")
        yield quad(stage, label, f'"{stage}"', "ours")
        for theme in of_stage:
            yield quad(stage, PREFIXES["dcterms"] + "subject", f"<{ID}{theme}>", "crowd")


def quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{ID}{subject}> <{predicate}> {value} <{ID}graph/{graph}> .\n"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("crowded")
    (folder / "data").mkdir()
    shutil.copy(data_dir() / "dataset.trig", folder / "data")
    (folder / "data" / "crowd.nq").write_text("".join(crowd()), "utf-8")
    return build(folder / "releases", data=folder / "data", checked=False)


@pytest.fixture(scope="module")
def hurried(crowded: Release) -> Iterator[Server]:
    """The crowded release, served with a short time limit."""
    options = ("--release", str(crowded.path), "--workers", "1", "--query-timeout", "0.5")
    with serving(*options) as running:
        yield running


@pytest.fixture(scope="module")
def unhurried(crowded: Release) -> Iterator[Server]:
    """The crowded release, served by one web process that gives each question a minute.

    It lets them wait as long, for a slow machine makes a hundred pages in more than 10 s.
    """
    options = ("--release", str(crowded.path), "--workers", "1", "--query-timeout", "60")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RALLYNOV_QUERY_WAIT", "60")
        with serving(*options) as running:
            yield running


@pytest.fixture
def patient(unhurried: Server) -> Server:
    """The unhurried server, once it has ended the questions of those who left."""
    assert eventually(lambda: running(unhurried) == 0, within=30)
    return unhurried


def running(server: Server) -> int:
    """Return how many queries the server says that it is at."""
    return int(server.figure("rallynov_queries_running"))


@contextmanager
def many(server: Server, count: int, path: str) -> Iterator[list[socket.socket]]:
    """So many clients that ask for a page, each from an address of its own."""
    with ExitStack() as held:
        yield [
            held.enter_context(server.asking(path, f"127.0.1.{number + 1}", "Accept: text/html"))
            for number in range(count)
        ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_question_that_takes_too_long_is_ended_and_said_so(
    hurried: Server, language: str
) -> None:
    words = words_of()[language]
    page = hurried.ask("GET", f"/questions/{SLOW}?lang={language}", Accept="text/html")
    assert (page.status, page.media_type) == (504, "text/html")
    assert words["error.title_504"] in page.text
    assert words["error.refused_504"] in page.text
    assert page.headers["cache-control"] == "no-store"
    answer = hurried.ask("GET", f"/api/questions/{SLOW}?lang={language}")
    assert (answer.status, answer.media_type) == (504, "application/problem+json")
    assert json.loads(answer.body)["detail"] == words["error.refused_504"]
    assert answer.headers["content-language"] == language


def test_the_next_question_notices_nothing(hurried: Server) -> None:
    for path in (kind.format(SLOW) for kind in KINDS):
        assert hurried.ask("GET", path).status == 504
        assert hurried.ask("GET", f"{path}{QUICK}").status == 200
    assert eventually(lambda: running(hurried) == 0)


def test_pages_that_wait_for_an_answer_hold_up_no_others(patient: Server) -> None:
    with many(patient, 12, f"/questions/{SLOW}") as clients:
        assert eventually(lambda: running(patient) > 1)
        for path in ("/about", "/questions/stages", "/api/questions/stages"):
            assert patient.ask("GET", path).status == 200, path
        waits = {*clients} - {*select.select(clients, [], [], 0)[0]}
        assert waits, "the page waited for all questions that take long"


def test_one_client_with_many_pages_leaves_turns_to_others(patient: Server) -> None:
    with ExitStack() as held:
        for _ in range(100):
            held.enter_context(patient.asking(f"/questions/{SLOW}.csv", "127.0.2.9"))
        assert eventually(lambda: running(patient) > 0)
        begun = time.monotonic()
        with patient.asking(f"/questions/{SLOW}{QUICK}", "127.0.2.10") as other:
            assert other.recv(12) == b"HTTP/1.1 200"
        assert time.monotonic() - begun < 5, "each of the others may take 60 s"
    assert eventually(lambda: running(patient) == 0, within=30)


def test_a_page_has_a_time_limit(crowded: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RALLYNOV_PAGE_SECONDS", "1")
    with serving("--release", str(crowded.path), "--workers", "1") as server:
        late = server.ask("GET", f"/questions/{SLOW}")
        assert (late.status, late.media_type) == (504, "text/plain")
        assert "Cette page demande trop de temps" in late.text and "takes too long" in late.text
        assert eventually(lambda: running(server) == 0)
        assert server.ask("GET", f"/questions/{SLOW}{QUICK}").status == 200


@pytest.mark.parametrize("path", ["/sparql/check", "/sparql", "/reconcile"])
def test_half_sent_requests_hold_up_no_page(patient: Server, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n".encode()
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\nquery="
    with ExitStack() as held:
        for _ in range(40):
            held.enter_context(patient.connected()).sendall(head)
        begun = time.monotonic()
        assert [patient.ask("GET", "/about").status for _ in range(3)] == [200] * 3
        assert time.monotonic() - begun < 5, "the bodies may take 10 s"


def test_pages_that_wait_are_all_made_once_they_can_be(patient: Server) -> None:
    with ExitStack() as held:
        with asleep(patient):
            waiting = held.enter_context(many(patient, 100, "/questions/stages"))
            assert [patient.ask("GET", "/about").status for _ in range(3)] == [200] * 3
            time.sleep(0.5)
        told = [client.recv(12) for client in waiting]
        assert {*told} == {b"HTTP/1.1 200"}


@pytest.mark.parametrize("path", [f"/questions/{SLOW}", f"/questions/{SLOW}.csv"])
def test_a_question_ends_when_its_reader_leaves(patient: Server, path: str) -> None:
    with many(patient, 4, path):
        assert eventually(lambda: running(patient) > 1)
    assert eventually(lambda: running(patient) == 0, within=30)
    assert patient.ask("GET", f"{path}{QUICK}").status == 200


def test_one_client_has_a_share_of_the_questions_that_take_long(patient: Server) -> None:
    paths = [kind.format(SLOW) for kind in KINDS for _ in range(6)]
    with ExitStack() as held:
        greedy = [held.enter_context(patient.asking(path)) for path in paths]
        refused: dict[socket.socket, bytes] = {}
        end = time.monotonic() + 25
        while len(refused) < 8 and time.monotonic() < end:
            for client in select.select({*greedy} - {*refused}, [], [], 1)[0]:
                refused[client] = client.recv(1 << 16)
        assert len(refused) >= 8
        for said in refused.values():
            assert said.startswith((b"HTTP/1.1 429 ", b"HTTP/1.1 503 "))
            assert b"retry-after: 5" in said.lower()
        other = held.enter_context(patient.asking(f"/questions/{SLOW}{QUICK}", "127.0.2.1"))
        assert other.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


def test_pages_are_made_while_the_same_client_waits_for_answers(patient: Server) -> None:
    with ExitStack() as held:
        path = f"/sparql?query={quote(HEAVY)}"
        asking = [
            held.enter_context(patient.asking(path, "", "Accept: text/html")) for _ in range(4)
        ]
        assert eventually(lambda: running(patient) == 4)
        assert patient.ask("GET", f"/questions/{SLOW}{QUICK}", Accept="text/html").status == 200
        assert select.select(asking, [], [], 0)[0] == []


def test_a_question_to_another_server_has_the_same_limits(
    crowded: Release, hurried: Server
) -> None:
    with oxigraph() as behind:
        loading.load(crowded, behind)
        options = ("--workers", "1", "--query-timeout", "0.5")
        with serving("--endpoint", behind.url, *options) as site:
            late = site.ask("GET", f"/questions/{SLOW}", Accept="text/html")
            assert late.status == 504
            assert behind.url not in late.text
            path = f"/questions/{SLOW}.csv{QUICK}"
            assert site.ask("GET", path).body == hurried.ask("GET", path).body


def test_a_question_has_the_same_answer_served_as_at_hand(
    server: Server, client: FlaskClient, subtests: pytest.Subtests
) -> None:
    paths = [f"/questions/{name}.csv" for name in load()]
    paths += [f"/questions/stages.{form.name}?certainty=inferred" for form in RESULTS]
    paths += ["/api/questions/stages.json?size=3&page=2", "/api/questions/stages.csv?lang=en"]
    for path in paths:
        with subtests.test(path):
            served, here = server.ask("GET", path), client.get(path, base_url=server.address)
            assert (served.status, served.body) == (200, here.data)


def test_a_question_has_the_same_answer_served_as_on_the_command_line(
    server: Server, rallynov: Callable[..., Ran], release: Release
) -> None:
    for name in ("stages", "things_on_theme", "open_questions"):
        said = rallynov("query", name, "--release", str(release.path), "--format", "csv")
        assert (said.status, said.out) == (0, server.ask("GET", f"/questions/{name}.csv").text)
