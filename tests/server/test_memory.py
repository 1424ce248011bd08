"""The memory of all visitors' queries together: how much there is, and that it is not exceeded."""

import multiprocessing
import os
import re
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY, HUNGRY, SMALL, busiest, post, seconds
from rallynov_graph.http.query_jobs import MEBIBYTE, Board, Limits, Outcome
from rallynov_graph.server import memory
from rallynov_graph.server.generation import Settings
from rallynov_graph.server.memory_budget import SMALLEST, Budget
from rallynov_graph.server.memory_grants import Grants
from servers import DATA, children, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
NUMBERS = " ".join(map(str, range(50)))
LARGE = "SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) {{ {} BIND('{}' AS ?x) }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(2)), "abcdefghij" * 2_500
)
"""The length of a text of 62 MB."""
GIBIBYTE = 1024 * MEBIBYTE


@pytest.mark.parametrize(
    ("groups", "files", "there"),
    [
        ("0::/\n", {"memory.max": "4096\n"}, 4096),
        ("0::/\n", {"memory.max": "max\n"}, None),
        ("0::/\n", {}, None),
        (
            "0::/system.slice/r.service\n",
            {"system.slice/memory.max": "4096\n", "system.slice/r.service/memory.max": "8192\n"},
            4096,
        ),
        (
            "0::/system.slice/r.service\n",
            {"system.slice/memory.max": "max\n", "system.slice/r.service/memory.max": "8192\n"},
            8192,
        ),
        ("0::/docker/not-to-be-seen\n", {"memory.max": "4096\n"}, 4096),
        ("0::/../beside\n", {"memory.max": "4096\n"}, 4096),
        (
            "3:cpuset:/\n4:cpu,memory:/a/b\n0::/\n",
            {
                "memory/memory.limit_in_bytes": "9223372036854771712\n",
                "memory/a/b/memory.limit_in_bytes": "4096\n",
                "memory.max": "max\n",
            },
            4096,
        ),
        (None, {"memory.max": "4096\n"}, None),
    ],
    ids=["container", "none", "nothing", "slice", "unit", "outside", "above", "v1", "unknown"],
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
    assert memory.of_machine(tmp_path) == (there or whole)


def test_what_is_taken_is_never_more_than_the_budget() -> None:
    budget = Budget(GIBIBYTE, 4, 16)
    context = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    for row in range(4):
        ours, theirs = context.Pipe()
        context.Process(target=greedy, args=(budget, row, theirs), daemon=True).start()
        ends.append(ours)
    got = [end.recv() for end in ends]
    assert sum(got) == budget.taken() == budget.size
    budget.clear(0)
    assert budget.taken() == budget.size - got[0]


def greedy(budget: Budget, row: int, end: Connection) -> None:
    end.send(sum(budget.take(row, (1 << 18) + row, small=True) for _ in range(5_000)))


def test_what_is_large_leaves_a_quarter_to_what_is_small() -> None:
    budget = Budget(GIBIBYTE, 2, 16)
    assert budget.take(0, 2 * GIBIBYTE) <= budget.size * 3 // 4
    assert budget.take(1, MEBIBYTE) == 0
    assert budget.take(1, MEBIBYTE, small=True) == MEBIBYTE


def test_nobody_waits_for_one_that_was_killed_while_it_took() -> None:
    budget = Budget(GIBIBYTE, 1, 16)
    reads, writes = os.pipe()
    pid = os.fork()
    if not pid:
        with budget._locked():
            os.write(writes, b".")
            signal.pause()
    os.read(reads, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert budget.take(0, 5) == 5


def test_two_generations_of_several_releases_share_one_budget() -> None:
    settings = Settings(workers=2, releases=2, memory=GIBIBYTE)
    budget = settings.budget()
    for row in range(4):
        assert budget.take(row, 7) == 7
    assert budget.taken() == 28
    assert settings.least_memory == 4 * 2 * 2 * SMALLEST


def test_who_has_what_others_lack_ends_a_process_without_a_visit() -> None:
    """Two zygotes: one has an idle process with many copies, the other lacks room."""
    budget, board = Budget(GIBIBYTE, 2, 16), Board()
    grants = Grants(budget, 0, board, Limits())
    kept = bytearray(b".") * (128 * MEBIBYTE)
    assert grants.admit(needed=True)
    pid = os.fork()
    if not pid:
        for at in range(0, len(kept), 4096):
            kept[at] = 0
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    grants.add(pid, 0)
    os.waitpid(pid, os.WUNTRACED)
    board.begin(0)
    board.clear(0)
    assert [*grants.share_out()] == []
    assert budget.taken() >= 128 * MEBIBYTE, "what it has copied does not count"
    budget.lack(1, MEBIBYTE)
    assert [*grants.share_out()] == [(pid, None)]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    grants.remove(pid)
    assert budget.taken() == 0


@pytest.fixture
def data(tmp_path: Path) -> str:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    return str(file)


def private(pids: set[int]) -> int:
    """Return how many bytes processes have that they share with no other."""
    found = 0
    for pid in pids:
        with suppress(OSError):
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            found += 1024 * sum(map(int, re.findall(r"^Private_\w+: +(\d+) kB", told, re.M)))
    return found


def test_the_queries_of_all_clients_together_keep_to_the_budget(data: str) -> None:
    budget = GIBIBYTE
    options = ("--query-timeout", "60", "--workers", "1", "--query-memory", "1G")
    with serving("--data", data, *options) as server, ExitStack() as open_ones:
        zygote, generation = server.zygote(), server.generation()
        place = urlsplit(server.address)
        asking = []
        for number in range(8):
            asker = socket.create_connection(
                (place.hostname, place.port), source_address=(f"127.0.0.{2 + number // 4}", 0)
            )
            asking.append(open_ones.enter_context(asker))
            path = f"/sparql?query={quote(LARGE + f' # {number}')}"
            asker.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        most, until = 0, time.monotonic() + 30
        while len(select.select(asking, [], [], 0)[0]) < 8 and time.monotonic() < until:
            most = max(most, private(children(zygote)))
            time.sleep(0.02)
        told = {asker.recv(4096).split(b" ", 2)[1] for asker in asking}
        assert told <= {b"200", b"503"}, "each would have had enough, were it alone"
        assert b"503" in told, "all together needed no more than there was"
        assert 64 * MEBIBYTE < most <= budget
        assert post(server, SMALL).status == 200
        assert (server.zygote(), server.generation()) == (zygote, generation)


def test_one_query_has_much_where_nobody_else_needs_it(data: str) -> None:
    options = ("--query-timeout", "60", "--workers", "1", "--query-memory", "1G")
    with serving("--data", data, *options) as server:
        zygote = server.zygote()
        place = urlsplit(server.address)
        assert post(server, SMALL).status == 200
        time.sleep(0.3)  # whoever has answered last is given room
        with socket.create_connection((place.hostname, place.port)) as asker:
            path = f"/sparql?query={quote(LARGE)}"
            asker.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            most = 0
            while not select.select([asker], [], [], 0.02)[0]:
                most = max(most, private(children(zygote)))
            assert asker.recv(4096).split(b" ", 2)[1] == b"200"
        assert most > 100 * MEBIBYTE, "it needs no more than a share"


def test_query_processes_are_the_first_that_the_kernel_ends(data: str) -> None:
    with serving("--data", data, "--workers", "1") as server:
        queries = children(server.zygote())
        others = {server.process.pid, *server.children()} - queries
        score = lambda pid: Path(f"/proc/{pid}/oom_score_adj").read_text().strip()  # noqa: E731
        assert eventually(lambda: {score(pid) for pid in queries} == {"1000"})
        assert "1000" not in {score(pid) for pid in others - children(server.zygote())}


def test_a_query_that_is_killed_is_told_so(data: str) -> None:
    with serving("--data", data, "--query-timeout", "60", "--workers", "1") as server:
        place = urlsplit(server.address)
        with socket.create_connection((place.hostname, place.port)) as asker:
            asker.sendall(f"GET /sparql?query={quote(HEAVY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert eventually(lambda: seconds(busiest(server)) > 0.3, within=20)
            os.kill(busiest(server), signal.SIGKILL)
            assert asker.recv(4096).startswith(b"HTTP/1.1 422 ")
        assert post(server, SMALL).status == 200


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group for memory, below ours, where one can be made."""
    top = Path("/sys/fs/cgroup/memory")
    if not top.exists():
        top = Path("/sys/fs/cgroup")
    made = top / f"rallynov-test-{os.getpid()}"
    try:
        made.mkdir()
    except OSError as error:
        pytest.skip(f"no control group can be made: {error}")
    yield made
    assert eventually(lambda: not (made / "cgroup.procs").read_text().strip(), within=20)
    made.rmdir()


def bound(group: Path, size: int) -> None:
    for name in ("memory.max", "memory.limit_in_bytes"):
        if (group / name).exists():
            return (group / name).write_text(str(size), "ascii") and None
    pytest.skip("control groups do not bound memory here")


def test_where_the_kernel_ends_a_query_the_service_goes_on(data: str, group: Path) -> None:
    """The control group has less than the budget: an administrator's mistake."""
    options = ("--query-timeout", "60", "--workers", "1", "--query-memory", "4G")
    with serving("--data", data, *options) as server:
        bound(group, 4 * GIBIBYTE)
        everything = {server.process.pid, server.generation(), server.zygote(), *server.children()}
        for pid in everything:
            with suppress(OSError):
                (group / "cgroup.procs").write_text(str(pid), "ascii")
        zygote, webs = server.zygote(), server.webs()
        for pid in children(zygote):
            os.kill(pid, signal.SIGKILL)  # those that come are of the group
        assert eventually(lambda: post(server, SMALL).status == 200)
        bound(group, 200 * MEBIBYTE)
        answer = post(server, HUNGRY)
        assert (answer.status, "memory" in answer.text) == (422, True)
        assert post(server, SMALL).status == 200
        assert (server.zygote(), server.webs()) == (zygote, webs)


def test_the_board_tells_who_lacks_memory_because_of_others() -> None:
    board = Board()
    begun = board.begin(3)
    assert (board.last_begun(3), board.is_crowded(3)) == (begun, False)
    board.crowd(3, True)
    assert board.is_crowded(3)
    board.clear(3)
    assert (board.last_begun(3), board.is_crowded(3)) == (begun, False)
    board.rest(3)
    assert board.last_begun(3) == 0
    assert Outcome.BUSY is not Outcome.TOO_MUCH_MEMORY


def test_not_all_that_there_is_is_given_out() -> None:
    """What a process copies of the store by writing to it is counted afterwards."""
    size = 1 << 30
    assert 0 < Budget(size, 1, 1).take(0, size, small=True) < size
