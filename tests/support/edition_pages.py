"""An edition of some pages alone, made as ``rallynov publish`` makes all, and served as files."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rallynov_graph.base.namespaces import BASE
from rallynov_graph.base.resources import web_dir
from rallynov_graph.edition.addresses import SiteAddress
from rallynov_graph.edition.folder import FileWriter
from rallynov_graph.edition.links import Rewriter
from rallynov_graph.edition.publishing import PageMaker, Sites, as_edition, finish
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

_QUESTION = "/questions/things_on_theme"
ANSWERING = ("/sparql", "/search", "/doubts", "/network", _QUESTION, f"{_QUESTION}.rq")
"""Pages whose forms are answered in the browser."""
LISTED = (
    "/list/innovation",
    *(f"/list/passage{it}" for it in ("", *map("?page={}".format, (2, 3, 4)))),
)
"""Pages of lists, which are narrowed in the browser."""
CARNET = "/carnet/carnet-2", "/carnet/carnet-2?page=2"
TELLING = ("/about", "/api", "/releases", "/changes", "/absent/offline")
"""Pages that tell what an edition is."""
OF_SCRIPTS = (
    *("/engine/", "/terms.json", "/questions.json", "/network.json", "/offline.js"),
    "/carnet/texts.json",
)
"""How the addresses begin of what scripts ask for."""
OF_LISTS = ".facets.json"
"""How those end of what lists are narrowed by."""


def write(store: EmbeddedStore, release: Release, folder: Path, paths: Iterable[str]) -> None:
    """Write the pages at some paths, and the files that their scripts ask for."""
    app = as_edition(create_app(store.pages(), release))
    writer = FileWriter(folder, folder / "before")
    maker = PageMaker(Sites({"": app}), writer)
    waiting = [SiteAddress.of(path) for path in paths]
    seen, made = set(waiting), []
    while waiting:
        made.append(maker.made(waiting.pop()))
        links = {it for it in made[-1].links if is_of_scripts(it)} - seen
        waiting += links
        seen |= links
    single = {address for group in made for address in group.single}
    rewriter = Rewriter(BASE, single.__contains__)
    for group in made:
        finish(writer, rewriter, [it for it in group.files if it.written is None])
    (folder / "static").symlink_to(web_dir() / "static")


def is_of_scripts(address: SiteAddress) -> bool:
    """Tell whether a script asks for what lies at an address."""
    return address.path.startswith(OF_SCRIPTS) or address.path.endswith(OF_LISTS)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what is asked for."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address at which ``python -m http.server`` would serve a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
