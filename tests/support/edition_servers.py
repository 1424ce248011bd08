"""Web servers that serve the folder of an edition below ``/rally/``."""

from __future__ import annotations

import http.client
import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import proxies
from proxies import program
from small_edition import SmallEdition
from waiting import eventually

HOST = "data.example.org"


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


def nginx(port: int, root: Path, folder: Path) -> list[str]:
    ours = (root / "rally/deploy/nginx.conf").read_text("utf-8")
    ours = ours.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/www;", f"{root};")
    return proxies.nginx(ours, folder)


def caddy(port: int, root: Path, folder: Path) -> list[str]:
    ours = (root / "rally/deploy/Caddyfile").read_text("utf-8")
    ours = ours.replace(f"\n{HOST} {{", f"\nhttp://{HOST}:{port} {{").replace(
        "/srv/www\n", f"{root}\n"
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{ours}", "utf-8")
    return [program("caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


APACHE: Final = """
ServerName data.example.org
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/errors
DefaultRuntimeDir {folder}
User {user}
{modules}
TypesConfig /dev/null
DocumentRoot {root}
<Directory {root}>
  Options FollowSymLinks
  AllowOverride All
  Require all granted
</Directory>
"""
MODULES: Final = ("authz_core", "dir", "env", "headers", "mime", "mpm_event", "rewrite")
APACHE_MODULES: Final = Path("/usr/lib/apache2/modules")


def apache(port: int, root: Path, folder: Path) -> list[str]:
    """Apache as on a host whose customers have nothing but the files in their folder."""
    found = program("apache2")
    modules = "\n".join(
        f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so" for name in MODULES
    )
    if not os.getuid():  # its processes are another user's, who may not look into ours
        for place in {folder, *folder.parents, *(root / "rally").resolve().parents}:
            if place.stat().st_uid == 0 and place != place.parent:
                place.chmod(place.stat().st_mode | 0o111)
    user = "www-data" if not os.getuid() else pwd.getpwuid(os.getuid()).pw_name
    own = APACHE.format(port=port, folder=folder, root=root, modules=modules, user=user)
    (folder / "apache.conf").write_text(own, "utf-8")
    return [found, "-f", f"{folder}/apache.conf", "-D", "FOREGROUND"]


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
