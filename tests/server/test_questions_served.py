"""The catalogue while it is served: its questions have the limits and the share of a visitor."""

import json
import re
import select
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from conftest import Ran
from engines import oxigraph
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

THEMES = 600
"""So many themes of one stage: all pairs of them take far longer than the tests let them."""
SLOW = "themes_meeting_at_stages"
KINDS = ("/questions/{}", "/questions/{}.csv", "/questions/{}.json", "/api/questions/{}")


def quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{ID}{subject}> <{predicate}> {value} <{ID}graph/{graph}> .\n"


def crowd() -> Iterator[str]:
    """A stage with many themes, as N-Quads."""
    rn, skos = PREFIXES["rn"], PREFIXES["skos"]
    a, label = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
    yield quad("graph/crowd", a, f"<{rn}AssertionSet>", "ours")
    yield quad("graph/crowd", rn + "certainty", f"<{rn}explicit>", "ours")
    yield quad("graph/ours", a, f"<{rn}CurationGraph>", "ours")
    yield quad("stage/crowd", a, f"<{rn}Stage>", "crowd")
    yield quad("stage/crowd", label, '"Foule"', "ours")
    for number in range(THEMES):
        theme = f"theme/crowd-{number}"
        yield quad(theme, a, f"<{skos}Concept>", "ours")
        yield quad(theme, label, f'"Foule {number}"', "ours")
        yield quad("stage/crowd", PREFIXES["dcterms"] + "subject", f"<{ID}{theme}>", "crowd")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("crowded")
    shutil.copytree(data_dir(), folder / "data")
    (folder / "data" / "crowd.nq").write_text("".join(crowd()), "utf-8")
    return build(folder / "releases", data=folder / "data", checked=False)


@pytest.fixture(scope="module")
def hurried(crowded: Release) -> Iterator[Server]:
    """The crowded release, served with a short time limit."""
    options = ("--release", str(crowded.path), "--workers", "1", "--query-timeout", "1")
    with serving(*options) as running:
        yield running


@pytest.fixture(scope="module")
def unhurried(crowded: Release) -> Iterator[Server]:
    """The crowded release, served by one web process that gives each question a minute."""
    options = ("--release", str(crowded.path), "--workers", "1", "--query-timeout", "60")
    with serving(*options) as running:
        yield running


@pytest.fixture
def patient(unhurried: Server) -> Server:
    """The unhurried server, once it has ended the questions of those who left."""
    assert eventually(lambda: running(unhurried) == 0, within=30)
    return unhurried


def asking(server: Server, path: str, accept: str = "text/html", host: str = "") -> socket.socket:
    """Ask for a page, and wait for nothing."""
    place = urlsplit(server.address)
    assert place.port
    client = socket.create_connection((place.hostname or "", place.port), source_address=(host, 0))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n".encode())
    return client


@contextmanager
def many(server: Server, count: int, path: str) -> Iterator[list[socket.socket]]:
    """So many clients that ask for a page, each from an address of its own."""
    with ExitStack() as held:
        yield [
            held.enter_context(asking(server, path, host=f"127.0.1.{number + 1}"))
            for number in range(count)
        ]


def running(server: Server) -> int:
    """Return how many queries the server says that it is at."""
    told = server.ask("GET", "/metrics").text
    return sum(
        map(int, map(float, re.findall(r"^rallynov_queries_running\{.*\} (\S+)", told, re.M)))
    )


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


@pytest.mark.parametrize("path", [kind.format(SLOW) for kind in KINDS])
def test_the_next_question_notices_nothing(hurried: Server, path: str) -> None:
    assert hurried.ask("GET", path).status == 504
    assert hurried.ask("GET", f"{path}?stage=stage/bge-franche-comte").status == 200
    assert eventually(lambda: running(hurried) == 0, within=30)


def test_other_pages_are_made_while_questions_are_answered(patient: Server) -> None:
    with many(patient, 12, f"/questions/{SLOW}") as clients:
        assert eventually(lambda: running(patient) > 1, within=30)
        for path in ("/about", "/questions/stages", "/api/questions/stages"):
            assert patient.ask("GET", path).status == 200, path
        waits = {*clients} - {*select.select(clients, [], [], 0)[0]}
        assert waits, "the page waited for all questions that take long"


def test_a_question_ends_when_its_reader_leaves(patient: Server) -> None:
    with many(patient, 4, f"/questions/{SLOW}.csv"):
        assert eventually(lambda: running(patient) > 1, within=30)
    assert eventually(lambda: running(patient) == 0, within=30)
    assert patient.ask("GET", f"/questions/{SLOW}?stage=stage/bge-franche-comte").status == 200


def test_one_client_has_a_share_of_the_questions_that_take_long(patient: Server) -> None:
    paths = [kind.format(SLOW) for kind in KINDS for _ in range(3)]
    with ExitStack() as held:
        greedy = [held.enter_context(asking(patient, path, "*/*")) for path in paths]
        refused: dict[socket.socket, bytes] = {}
        end = time.monotonic() + 20
        while len(refused) < 8 and time.monotonic() < end:
            for client in select.select({*greedy} - {*refused}, [], [], 1)[0]:
                refused[client] = client.recv(1 << 16)
        assert len(refused) == 8, "four of one client run, not more"
        for said in refused.values():
            assert said.startswith(b"HTTP/1.1 429 ")
            assert b"retry-after: 5" in said.lower()
        other = asking(
            patient, f"/questions/{SLOW}?stage=stage/bge-franche-comte", host="127.0.2.1"
        )
        with held.enter_context(other):
            assert other.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


def test_a_question_to_another_server_has_the_same_limits(
    crowded: Release, hurried: Server
) -> None:
    with oxigraph() as behind:
        loading.load(crowded, behind)
        options = ("--workers", "1", "--query-timeout", "1")
        with serving("--endpoint", behind.url, *options) as site:
            late = site.ask("GET", f"/questions/{SLOW}", Accept="text/html")
            assert late.status == 504
            assert behind.url not in late.text
            path = f"/questions/{SLOW}.csv?stage=stage/bge-franche-comte"
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
    for name in ("stages", "innovations_on_theme", "open_questions"):
        said = rallynov("query", name, "--release", str(release.path), "--format", "csv")
        assert (said.status, said.out) == (0, server.ask("GET", f"/questions/{name}.csv").text)
