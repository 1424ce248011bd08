"""A made-up document of two parts, with its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from werkzeug.serving import make_server

from places import TESTS
from rallynov_graph.release.documents import SourceFile, loaded
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

PHONE = " ".join(("01", "99", "00", "12", "34"))


MAIL = "@".join(("anne", "example.org"))


TEXT = f"Élan 𝄞 <b>Anne</b> parle.\n\nTél. : {PHONE} ou {MAIL}\nFin."


AT = TEXT.index

STYLED = f"{TEXT}\n\nElle **dit « oui *au* rallye » la 3^{{ème}} fois** ; rien d’autre."
"""The same with words in styles and a quotation."""


ADDED = "Mot retrouvé."
BETTER = f"{TEXT}\n{ADDED}"
"""A second text of it, in which a passage lies that the first has not."""


def document(text: str = TEXT) -> str:
    """Return a made-up document of two parts, its passages and what they carry, as TriG.

    The text is TEXT, or goes on from there.
    """
    trig = (TESTS / "letters" / "made-up-carnet.trig").read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return trig.replace("SHA-256", digest).replace("LENGTH", str(len(text)))


def second_text() -> str:
    """Return TriG: the second text, a passage of it in the first part, and what rests on it."""
    return (TESTS / "letters" / "second-text.trig").read_text("utf-8")


def store_of(trig: str, tmp_path: Path) -> EmbeddedStore:
    file = tmp_path / "essai.trig"
    file.write_text(trig, "utf-8")
    return EmbeddedStore.of_files([file]).pages()


@contextmanager
def serving_document(text: str, folder: Path, more: str = "") -> Iterator[str]:
    """Have the site of the document at an address, its text beside its facts, and more facts."""
    file = folder / "essai.txt"
    file.write_bytes(text.encode())
    store = store_of(document(text) + more, folder)
    site = create_app(store, of_server=True, texts=loaded(store, [SourceFile.read(file)]))
    with serving_site(site) as address:
        yield address


@contextmanager
def serving_site(site: Flask) -> Iterator[str]:
    """Have a site at an address of this process."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        running.join()
        server.server_close()
