"""The files of deploy/ do what the documents say, with the programs that they are for."""

import gzip
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

import proxies
from conftest import Ran
from places import ROOT
from proxies import free_port, program, wait_for
from rallynov_graph.release.release import Release
from servers import Server, serving
from waiting import eventually

DEPLOY = ROOT / "deploy"
NAME = "graph.example.org"
MIB = 1 << 20
SECURE: dict[str, Path] = {}
"""The folder of each proxy that has a certificate, by the address without one."""


def nginx(port: int, to: int, folder: Path) -> list[str]:
    """The command that runs our file in an http block, as a user may.

    Its server also listens without a certificate, at the port; where it has one, and where it only
    sends on, stands in two files.
    """
    given = (DEPLOY / "nginx.conf").read_text("utf-8")
    tls, plain = free_port(), free_port()
    (folder / "ports").write_text(f"{tls} {plain}")
    ours = given.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace(":8000", f":{to}")
    both = f"listen 127.0.0.1:{port}; listen 127.0.0.1:{tls} ssl;"
    ours = ours.replace("listen 443 ssl;", both)
    ours = ours.replace(f"/etc/letsencrypt/live/{NAME}", str(folder))
    ours = ours.replace("/var/cache/rallynov", f"{folder}/kept")
    assert ours.count(f":{to}") == ours.count(both) == 1
    subprocess.run(
        [
            *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return proxies.nginx(ours, folder)


def caddy(port: int, to: int, folder: Path) -> list[str]:
    """The command that runs our file, without a certificate."""
    given = (DEPLOY / "Caddyfile").read_text("utf-8")
    ours = given.replace(f"\n{NAME} {{", f"\nhttp://{NAME}:{port} {{").replace(":8000", f":{to}")
    assert ours.count(str(to)) == 1
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{ours}", "utf-8")
    return [program("caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


@pytest.fixture(scope="module")
def behind(release: Release) -> Iterator[Server]:
    limits = ("--proxy", "127.0.0.1", "--query-timeout", "1")
    with serving("--release", str(release.path), *limits) as server:
        yield server


@pytest.fixture(scope="module", params=[nginx, caddy])
def proxied(
    request: pytest.FixtureRequest, behind: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server as it is reached through a proxy."""
    folder = tmp_path_factory.mktemp("proxy")
    command: Callable[[int, int, Path], list[str]] = request.param
    port = free_port()
    process = subprocess.Popen(
        command(port, int(behind.address.rpartition(":")[2]), folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
    )
    try:
        wait_for(port, process)
        made = Server(f"http://127.0.0.1:{port}", process)
        if (folder / "ports").exists():
            SECURE[made.address] = folder
        yield made
    finally:
        process.terminate()
        process.wait(20)


def test_what_visitors_ask_comes_through_and_no_more(
    proxied: Server, behind: Server, subtests: pytest.Subtests
) -> None:
    with subtests.test("pages and queries"):
        page = proxied.ask("GET", "/list/stage", Host=NAME)
        assert (page.status, page.media_type) == (200, "text/html")
        asked = f"/sparql?query={quote('ASK {}')}"
        answer = proxied.ask("GET", asked, Host=NAME, Accept="text/csv")
        assert (answer.status, answer.text.strip()) == (200, "true")
    with subtests.test("visitors are held to https"):
        for path in ("/", "/none"):
            told = proxied.ask("GET", path, Host=NAME).headers["strict-transport-security"]
            assert told == "max-age=31536000"
    with subtests.test("the name stays that of the asker"):
        answer = proxied.ask("GET", "/id/stage/dole", Host=NAME, Accept="text/turtle")
        assert answer.status == 303
        assert "127.0.0.1" not in answer.headers["location"]
    with subtests.test("a visitor does not say where the site lies"):
        said = {"Accept": "text/turtle", "X_Forwarded_Prefix": "/else", "X_Forwarded_Host": "e.org"}
        answer = proxied.ask("GET", "/data/stage/dole", Host=NAME, **said)
        assert f"<http://{NAME}/data/stage/dole>" in answer.text
        assert "//e.org/" not in answer.headers["link"] and "/else" not in answer.headers["link"]
        believed = behind.ask("GET", "/data/stage/dole", **said)
        assert "<http://e.org/else/data/stage/dole>" in believed.text
    with subtests.test("figures are not for everybody"):
        assert proxied.ask("GET", "/metrics", Host=NAME).status == 403
        assert behind.ask("GET", "/metrics").status == 200
    with subtests.test("a query as large as is allowed"):
        query = b"ASK {} #" + b"." * (MIB - 100)
        sent = {"Content_Type": "application/sparql-query", "Accept": "text/csv", "Host": NAME}
        assert proxied.ask("POST", "/sparql", query, **sent).status == 200
        assert proxied.ask("POST", "/sparql", query * 5, **sent).status == 413
    with subtests.test("a long address, one that is too long, and a long head"):
        long = f"/sparql?query={quote('ASK {} #' + '.' * 20_000)}"
        assert proxied.ask("GET", long, Host=NAME, Accept="text/csv").status == 200
        assert proxied.ask("GET", f"/sparql?query={'a' * 33_000}", Host=NAME).status == 414
        head = {"Host": NAME, "Accept": "text/csv," * 2_000, "X_More": "b" * 20_000}
        assert proxied.ask("GET", "/sparql?query=ASK%7B%7D", **head).status == 200


def test_pages_and_answers_are_compressed_and_kept(
    proxied: Server, behind: Server, subtests: pytest.Subtests
) -> None:
    query = f"/sparql?query={quote('SELECT ?s ?kept WHERE { ?s a ?kept } ORDER BY ?s ?kept')}"
    for path in ("/list/organisation", query):
        plain = behind.ask("GET", path, Host=NAME, X_Forwarded_Proto="http")
        taken = {"Host": NAME, "Accept_Encoding": "gzip"}
        answers = [proxied.ask("GET", path, **taken) for _ in range(3)]
        with subtests.test("compressed", path=path):
            assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
            assert {gzip.decompress(answer.body) for answer in answers} == {plain.body}
            assert all(len(answer.body) < len(plain.body) / 2 for answer in answers)
        with subtests.test("what nobody has changed is not sent again", path=path):
            tag = answers[0].headers["etag"]
            assert tag.removeprefix("W/") == plain.headers["etag"].removeprefix("W/")
            assert proxied.ask("GET", path, **taken, If_None_Match=tag).status == 304
        if proxied.address in SECURE:
            with subtests.test("kept when it is asked a second time", path=path):
                kept = [answer.headers["x-cache-status"] for answer in answers]
                assert kept == ["MISS", "MISS", "HIT"]


def test_the_certificate_is_shown_and_http_leads_there(proxied: Server) -> None:
    folder = SECURE.get(proxied.address)
    if folder is None:
        pytest.skip("Caddy gets its certificate from outside")
    tls, plain = map(int, (folder / "ports").read_text().split())
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    with (
        socket.create_connection(("127.0.0.1", tls), 20) as raw,
        trusted.wrap_socket(raw, server_hostname=NAME) as secure,
    ):
        assert secure.version() in ("TLSv1.2", "TLSv1.3")
        secure.sendall(
            f"HEAD /about HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode()
        )
        assert secure.recv(1000).startswith(b"HTTP/1.1 200")
    led = Server(f"http://127.0.0.1:{plain}", proxied.process).ask("GET", "/about?a=b", Host=NAME)
    assert (led.status, led.headers["location"]) == (301, f"https://{NAME}/about?a=b")


def test_a_query_that_takes_too_long_is_told_so_and_not_asked_twice(proxied: Server) -> None:
    endless = quote("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    answer = proxied.ask("GET", f"/sparql?query={endless}", Host=NAME)
    assert answer.status == 504
    assert "1 s" in answer.text


def test_one_address_has_so_many_connections_and_requests_a_second(proxied: Server) -> None:
    """Whoever has more is told 429 by nginx, and is served again when there are fewer."""
    folder = SECURE.get(proxied.address)
    if folder is None:
        pytest.skip("plain Caddy limits no rates: the server does")
    asked: list[int] = []

    def is_told(status: int) -> bool:
        asked.append(proxied.ask("GET", "/robots.txt", Host=NAME).status)
        return asked[-1] == status

    with ExitStack() as unfinished:
        for _ in range(20):
            unfinished.enter_context(sending(proxied, "POST", "Content-Length: 9\r\n\r\nhalf"))
        assert eventually(lambda: is_told(429))
        assert len(asked) < 30, "so few requests are not too many for their rate"
    assert eventually(lambda: is_told(200))
    with sending(proxied, "GET", "\r\n", times=400) as flood:
        said = b""
        while b" 429 " not in said and (piece := flood.recv(MIB)):
            said = said[-20:] + piece
        assert b" 429 " in said
    assert eventually(lambda: is_told(200))


@contextmanager
def sending(to: Server, method: str, rest: str, times: int = 1) -> Iterator[socket.socket]:
    """Send a request, or one several times, without waiting for what is answered."""
    port = int(to.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 20) as opened:
        opened.sendall(f"{method} /robots.txt HTTP/1.1\r\nHost: {NAME}\r\n{rest}".encode() * times)
        yield opened


def test_systemd_finds_nothing_wrong_in_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "rallynov.service").read_text("utf-8")
    if not (found := shutil.which("systemd-analyze")):
        pytest.skip("systemd is not installed")
    here = tmp_path / "rallynov.service"
    here.write_text(unit.replace("/opt/rallynov/bin/rallynov", "/bin/true"), "utf-8")
    command = [found, "verify", str(here)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_the_container_copies_and_runs_exists(rallynov: Callable[..., Ran]) -> None:
    """No container is built here: that would fetch its base from outside."""
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert (ROOT / line.split()[1]).exists(), line
    (command,) = (json.loads(line[4:]) for line in lines if line.startswith("CMD "))
    known = rallynov("serve", "--help").out
    assert {word for word in command if word.startswith("--")} <= {*re.findall(r"--[a-z-]+", known)}
