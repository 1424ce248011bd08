"""An edition as nginx and Caddy serve it with the rules that lie in it, and Python without any."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rallynov_graph.edition.deploying import server_files
from rallynov_graph.edition.file_links import POLICY_OF_PAGES
from small_edition import BASE, SmallEdition
from waiting import eventually

HOST = "data.example.org"
REQUIRED = "RALLYNOV_PROXIES"
"""Set to "required", the tests fail where a server is missing; otherwise they are skipped."""


@dataclass(frozen=True)
class WebServer:
    """A web server that is asked as one that has the edition's name."""

    port: int

    def ask(self, path: str, accept: str = "*/*") -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": HOST, "Accept": accept})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, headers, body


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        missing = f"{name} is not installed (on Debian: apt-get install {name})"
        pytest.fail(missing) if os.environ.get(REQUIRED) == "required" else pytest.skip(missing)
    return found


def nginx(port: int, root: Path, folder: Path) -> list[str]:
    ours = (root / "rally/deploy/nginx.conf").read_text("utf-8")
    ours = ours.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/www;", f"{root};")
    as_root = "" if os.getuid() else "user root; "
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{as_root}daemon off; pid {folder}/pid; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{ours}}}\n",
        "utf-8",
    )
    return [program("nginx"), "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]


def caddy(port: int, root: Path, folder: Path) -> list[str]:
    ours = (root / "rally/deploy/Caddyfile").read_text("utf-8")
    ours = ours.replace(f"\n{HOST} {{", f"\nhttp://{HOST}:{port} {{").replace(
        "/srv/www\n", f"{root}\n"
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{ours}", "utf-8")
    return [program("caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


def python(port: int, root: Path, _folder: Path) -> list[str]:
    bound = ["--bind", "127.0.0.1", "--directory", str(root)]
    return [sys.executable, "-m", "http.server", str(port), *bound]


@contextmanager
def serving(
    command: Callable[[int, Path, Path], list[str]], edition: SmallEdition, folder: Path
) -> Iterator[WebServer]:
    root = folder / "www"
    root.mkdir()
    (root / "rally").symlink_to(edition.folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            command(port, root, folder),
            stdout=said,
            stderr=said,
            env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )

    def answers() -> bool:
        with socket.socket() as probe:
            return process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert eventually(answers, 60)
        assert process.poll() is None, (folder / "said").read_text()
        yield WebServer(port)
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def server(
    request: pytest.FixtureRequest,
    edition: SmallEdition,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebServer]:
    with serving(request.param, edition, tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.mark.parametrize(
    ("accept", "to"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "page/stage/dole.html"),
        ("*/*", "page/stage/dole.html"),
        ("text/turtle", "data/stage/dole.ttl"),
        ("application/ld+json", "data/stage/dole.jsonld"),
        ("application/rdf+xml", "data/stage/dole.rdf"),
    ],
)
def test_the_name_of_a_thing_leads_to_what_is_asked_for(
    server: WebServer, accept: str, to: str
) -> None:
    status, headers, _ = server.ask("/rally/id/stage/dole", accept)
    assert status == 303 and headers["location"].endswith(f"/rally/{to}")
    assert "Accept" in headers["vary"]


def test_the_name_of_a_document_leads_to_it(server: WebServer) -> None:
    status, headers, _ = server.ask("/rally/data/stage/dole", "application/n-triples")
    assert status == 303 and headers["location"].endswith("/rally/data/stage/dole.nt")
    status, headers, _ = server.ask("/rally/.well-known/void")
    assert status == 303 and headers["location"].endswith("/rally/void.ttl")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/rally/", "index.html"),
        ("/rally/?lang=en", "index.en.html"),
        ("/rally/?certainty=explicit&lang=en", "index.explicit.en.html"),
        ("/rally/doubts", "doubts.html"),
        ("/rally/ontology?lang=en", "ontology.en.html"),
        ("/rally/accessibility?certainty=explicit&lang=en", "accessibility.en.html"),
        ("/rally/questions/stages.html", "questions/stages.html"),
    ],
)
def test_the_addresses_of_a_server_go_on_working(
    server: WebServer, edition: SmallEdition, address: str, file: str
) -> None:
    status, headers, body = server.ask(address)
    assert (status, body) == (200, edition.text(file))
    assert headers["content-type"].lower() == "text/html; charset=utf-8"
    policy = headers["content-security-policy"]
    assert policy == f"{POLICY_OF_PAGES}; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        ("void.ttl", "text/turtle; charset=utf-8"),
        ("dataset.nq", "application/n-quads"),
        ("cite/ontology.bib", "application/x-bibtex"),
        ("catalog.jsonld", "application/ld+json"),
    ],
)
def test_a_file_says_what_it_is(server: WebServer, file: str, media_type: str) -> None:
    status, headers, _ = server.ask(f"/rally/{file}")
    assert (status, headers["content-type"].lower()) == (200, media_type)


def test_what_is_not_there_is_not_there(server: WebServer) -> None:
    status, _, body = server.ask("/rally/page/stage/nowhere")
    assert status == 404 and 'href="/rally/list/organisation.html"' in body
    assert server.ask("/rally/../")[0] in (400, 403, 404)


def test_a_server_without_rules_serves_it_as_it_lies(edition: SmallEdition, tmp_path: Path) -> None:
    with serving(python, edition, tmp_path) as server:
        for path, file in (("/rally/", "index.html"), ("/rally/doubts.en.html", "doubts.en.html")):
            status, headers, body = server.ask(path)
            assert (status, body) == (200, edition.text(file))
            assert headers["content-type"].startswith("text/html")


def test_rules_of_apache_act_at_any_path_and_those_of_w3id_lead_to_the_base() -> None:
    files = {name: content.decode() for name, content in server_files(BASE)}
    assert BASE not in files[".htaccess"] and "/rally" not in files[".htaccess"]
    assert "AddType text/turtle .ttl" in files[".htaccess"]
    assert f"{BASE}data/$1/$2.ttl [R=303,L]" in files["deploy/w3id.htaccess"]
    assert not [name for name, text in files.items() if re.search(r"@[A-Z_]+@", text)]
