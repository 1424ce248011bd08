"""Visitors' queries: what they may use, what they cannot do, and that nobody else notices."""

import http.client
import json
import os
import re
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY, HUNGRY, NUMBERS, SMALL, asleep, busiest, post, seconds
from places import ROOT
from rallynov_graph.server.limits import ALL, memory_of_machine
from servers import DATA, Server, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
GIBIBYTE = 1 << 30
SLOW_ASK = "ASK {{ {} FILTER(?v0 + ?v1 + ?v2 + ?v3 < 0) }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(6))
)
LARGE = "SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) {{ {} BIND('{}' AS ?x) }}".format(
    " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(50)))} }}" for i in range(2)),
    "abcdefghij" * 2_500,
)
"""The length of a text of 62 MB."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose queries may take a minute and a gibibyte; it believes a proxy here."""
    file = tmp_path_factory.mktemp("patient") / "data.trig"
    file.write_text(DATA, "utf-8")
    options = ("--query-timeout", "60", "--workers", "1", "--query-memory", "1G")
    with serving("--data", str(file), *options, "--proxy", "127.0.0.1") as running:
        yield running


def address(query: str, number: int = 0) -> str:
    return f"/sparql?query={quote(f'{query} #{number}')}"


def many(server: Server, query: str, clients: list[str], held: ExitStack) -> list[socket.socket]:
    """Ask a query for clients of the proxy, and wait for nothing."""
    return [
        held.enter_context(server.asking(address(query, number), "", f"X-Forwarded-For: {client}"))
        for number, client in enumerate(clients)
    ]


def answered(asking: list[socket.socket]) -> list[socket.socket]:
    waiting = select.poll()
    for client in asking:
        waiting.register(client, select.POLLIN)
    ready = {descriptor for descriptor, _ in waiting.poll(0)}
    return [client for client in asking if client.fileno() in ready]


def statuses(asking: list[socket.socket]) -> set[int]:
    return {int(client.recv(64, socket.MSG_PEEK).split()[1]) for client in answered(asking)}


def kill(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("times", [2_500, 20_000, 400_000])
def test_nesting_that_kills_a_process_is_a_clear_error(guarded: Server, times: int) -> None:
    answer = post(guarded, f"ASK {'{' * times}{'}' * times}")
    assert (answer.status, answer.text) == (400, "The query is nested too deeply.\n")
    assert post(guarded, SMALL).status == 200


@pytest.mark.parametrize("query", [HEAVY, SLOW_ASK], ids=["count", "ask"])
def test_a_query_that_never_ends_is_ended(guarded: Server, query: str) -> None:
    ready = guarded.queries()
    answer = post(guarded, query)
    assert (answer.status, answer.text) == (504, "The query took longer than 1 s.\n")
    assert eventually(lambda: not ready <= guarded.queries()), "the process asked still runs"
    page = guarded.ask("GET", address(query), Accept="text/html")
    assert (page.status, page.media_type) == (504, "text/html")
    assert post(guarded, SMALL).status == 200


def test_a_query_that_takes_all_memory_is_ended(patient: Server) -> None:
    answer = post(patient, HUNGRY)
    assert (answer.status, "memory" in answer.text) == (422, True)
    assert post(patient, SMALL).status == 200


def test_an_answer_beyond_the_limit_is_an_error(patient: Server) -> None:
    values = " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(2))
    long = f"SELECT (CONCAT('{'x' * 4000}', STR(?v0)) AS ?x) {{ {values} }}"
    answer = post(patient, long)
    assert (answer.status, "LIMIT" in answer.text) == (422, True)


@pytest.mark.parametrize("more", [b"", b"x"], ids=len)
@pytest.mark.parametrize("accept", ["application/json", "text/html"], ids=["program", "browser"])
def test_a_query_ends_when_its_asker_leaves(patient: Server, accept: str, more: bytes) -> None:
    with patient.asking(address(HEAVY), "", f"Accept: {accept}") as client:
        assert eventually(lambda: patient.figure("rallynov_queries_running") == 1)
        assert eventually(lambda: seconds(busiest(patient)) > 0.1)
        asked = busiest(patient)
        client.sendall(more)
    assert eventually(lambda: asked not in patient.queries())
    assert eventually(lambda: patient.figure("rallynov_queries_running") == 0)


def test_who_leaves_while_he_waits_is_not_asked_for(patient: Server) -> None:
    with ExitStack() as others:
        with asleep(patient), ExitStack() as leaving:
            many(patient, SMALL, [f"192.0.2.{n}" for n in range(60)], leaving)
            stays = many(patient, "ASK { ?s ?p ?o }", [f"192.0.2.{n}" for n in range(8)], others)
            many(patient, HEAVY, ["192.0.2.1"], leaving)
            time.sleep(0.5)
        assert eventually(lambda: len(answered(stays)) == 8)
        assert statuses(stays) == {200}
    assert eventually(lambda: patient.figure("rallynov_queries_running") == 0)


def test_a_query_process_that_is_killed_is_replaced(patient: Server) -> None:
    for _ in range(3):
        kill(patient.queries())
        assert post(patient, SMALL).status == 200
    with patient.asking(address(HEAVY)) as client:
        assert eventually(lambda: answered([client]) or seconds(busiest(patient)) > 0.1)
        assert answered([client]) == [], client.recv(1000)
        kill(patient.queries())
        assert client.recv(64).startswith((b"HTTP/1.1 422 ", b"HTTP/1.1 503 "))
    assert post(patient, SMALL).status == 200


def test_processes_that_die_at_their_start_are_not_forked_without_end(patient: Server) -> None:
    assert post(patient, SMALL).status == 200
    killed: set[int] = set()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        found = patient.queries() - killed
        kill(found)
        killed |= found
    assert 0 < len(killed) < 40
    assert patient.process.stderr is not None
    assert "Query processes end as soon as they start" in patient.process.stderr.readline()
    assert eventually(lambda: post(patient, SMALL).status == 200)


def test_each_process_draws_its_own_chances(patient: Server) -> None:
    """A process that is forked inherits what its parent would draw next."""
    query = "SELECT (CONCAT(STR(UUID()), STR(RAND())) AS ?x) {}"
    drawn = set()
    for _ in range(3):
        with ThreadPoolExecutor(8) as clients:
            answers = clients.map(lambda _: patient.query(query).text, range(16))
        drawn |= {*answers}
        kill(patient.queries())
    assert len(drawn) == 48


def test_no_query_of_thousands_on_one_connection_is_lost(patient: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(patient.address).netloc, timeout=30)
    for number in range(3000):
        connection.request("GET", f"/sparql?query=ASK%7B%7D%23{number}")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, number
    connection.close()


def test_a_query_process_cannot_call_out(guarded: Server) -> None:
    """Nearly every number that a descriptor may have is taken: one is that of who asks."""
    assert post(guarded, SMALL).status == 200
    assert eventually(lambda: guarded.queries() and all(map(is_confined, guarded.queries())))


def is_confined(pid: int) -> bool:
    try:
        most, _ = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        taken = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    except (OSError, ValueError):
        return False
    return len({*range(most)} - taken) <= 2


# Shares


def test_small_queries_are_answered_while_heavy_ones_run(patient: Server) -> None:
    with ExitStack() as held:
        asking = many(patient, HEAVY, ["192.0.2.1"] * 4, held)
        assert eventually(lambda: seconds(busiest(patient)) > 0.1)
        for _ in range(5):
            assert post(patient, SMALL).status == 200
        assert answered(asking) == [], "a heavy one was answered before it"


def test_one_client_has_a_share_of_the_queries_that_take_long(patient: Server) -> None:
    with ExitStack() as held:
        greedy = many(patient, HEAVY, ["192.0.2.1"] * 7, held)
        assert eventually(lambda: len(answered(greedy)) >= 3)
        other = many(patient, HEAVY, ["192.0.2.2"] * 4, held)
        time.sleep(1)
        assert (len(answered(greedy)), answered(other)) == (3, [])
        assert statuses(greedy) <= {429, 503}
        third = many(patient, HEAVY, ["192.0.2.3"], held)
        assert eventually(lambda: len(answered(greedy + other)) == 4)
        assert statuses(greedy + other) <= {429, 503}
        assert answered(third) == [], "a newcomer waits for one of those who have most"
        assert post(patient, SMALL).status == 200


def test_who_is_refused_is_told_why_and_when_to_ask_again(guarded: Server) -> None:
    with ThreadPoolExecutor(12) as clients:
        path = partial(address, HEAVY)
        told = [
            *clients.map(lambda n: guarded.ask("GET", path(n), Accept="text/json, */*"), range(12))
        ]
    assert {it.status for it in told} <= {429, 503, 504}
    assert all(it.headers["retry-after"] for it in told if it.status != 504)
    assert all(json.loads(it.body)["detail"] for it in told)
    assert post(guarded, SMALL).status == 200


def test_a_network_of_ipv6_is_one_client_and_others_are_others(patient: Server) -> None:
    """Who has one such address has all of its network: he would be as many clients as he likes."""
    with ExitStack() as held:
        same = many(patient, HEAVY, [f"2001:db8:1:2::{n + 1}" for n in range(6)], held)
        assert eventually(lambda: answered(same))
        assert statuses(same) <= {429, 503}
    assert eventually(lambda: patient.figure("rallynov_queries_running") == 0)
    with ExitStack() as held:
        other = many(patient, HEAVY, [f"2001:db8:1:{n}::1" for n in range(6)], held)
        assert eventually(lambda: patient.figure("rallynov_queries_running") == 6)
        assert answered(other) == []


def test_who_waits_among_too_many_of_his_own_is_refused_at_once(patient: Server) -> None:
    with ExitStack() as held, asleep(patient):
        asking = many(patient, "ASK { ?s ?p 1 }", ["192.0.2.1"] * 500, held)
        assert eventually(lambda: bool(answered(asking))), "those who wait do so for longer"
        time.sleep(0.5)
        assert 0 < len(answered(asking)) < 450
        assert statuses(asking) == {429}
    assert post(patient, SMALL).status == 200


# Memory


def private(pids: set[int]) -> int:
    """Return how many bytes processes have that they share with no other."""
    found = 0
    for pid in pids:
        with suppress(OSError):
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            found += 1024 * sum(map(int, re.findall(r"^Private_\w+: +(\d+) kB", told, re.M)))
    return found


def test_one_query_has_much_where_nobody_else_needs_it(patient: Server) -> None:
    assert eventually(lambda: post(patient, LARGE).status == 200)


def test_all_queries_together_keep_to_the_budget(patient: Server) -> None:
    before = {*patient.children()} - patient.queries()
    with ExitStack() as held:
        asking = many(patient, LARGE, [f"192.0.2.{number // 4}" for number in range(8)], held)
        most, until = 0, time.monotonic() + 30
        while len(answered(asking)) < 8 and time.monotonic() < until:
            most = max(most, private(patient.queries()))
            time.sleep(0.02)
        assert statuses(asking) <= {200, 422, 503}
        assert 64 << 20 < most <= GIBIBYTE
    assert eventually(lambda: post(patient, SMALL).status == 200)
    assert before <= patient.children(), "nothing else has ended"


@pytest.mark.parametrize(
    ("groups", "files", "there"),
    [
        ("0::/\n", {"memory.max": "4096\n"}, 4096),
        ("0::/\n", {"memory.max": "max\n"}, None),
        ("0::/a/b\n", {"a/memory.max": "4096\n", "a/b/memory.max": "8192\n"}, 4096),
        ("0::/docker/not-to-be-seen\n", {"memory.max": "4096\n"}, 4096),
        ("4:cpu,memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": "4096\n"}, 4096),
        (None, {"memory.max": "4096\n"}, None),
    ],
    ids=["container", "none", "slice", "outside", "v1", "unknown"],
)
def test_what_there_is_is_the_least_that_a_control_group_leaves(
    tmp_path: Path, groups: str | None, files: dict[str, str], there: int | None
) -> None:
    for name, content in files.items():
        file = tmp_path / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "ascii")
    if groups is not None:
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text(groups, "ascii")
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert memory_of_machine(tmp_path) == (there or whole)


@pytest.mark.parametrize("document", ["sparql-service.md", "sparql-service.fr.md"])
def test_the_documents_have_every_limit_as_it_is(document: str) -> None:
    """French figures have spaces that do not break, and octets."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \| `([A-Z_]+|--query-timeout)` \|$", text, re.M)
    shown = [
        (setter, value.replace("\u00a0", " ").replace("io", "iB")) for _, value, _, setter in rows
    ]
    mark = " " if document.endswith(".fr.md") else ","
    values = [f"{it.default:,} {it.unit}".strip().replace(",", mark) for it in ALL]
    assert shown == [(it.set_by, value) for it, value in zip(ALL, values, strict=True)]
    if mark == ",":
        assert [(of, beyond) for of, _, beyond, _ in rows] == [(it.of, it.beyond) for it in ALL]
