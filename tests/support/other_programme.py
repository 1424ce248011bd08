"""What the programme of the demonstration shows in a process of its own.

Run as a script it speaks for a process of that programme: it visits its site and files, and prints
what it found of our rally, as JSON.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rallynov_graph.base.programme import SETTING

NAMES: Final = re.compile(
    r"[Rr]ally[’' ]nov|Rallynov|[Ff]ranche.[Cc]omt|[Cc]arnets? de route|[Bb]esan[cç]on|[Ll]egeni"
    r"|\bMutualité|rallynov[-.](?:nq|ttl|trig|svg|png|chart)|\{rallynov-|sid(?:/|%2F)rallynov"
)
"""What is only of our rally; nothing of it is anywhere but in the program's own vocabulary."""
WORDS: Final = re.compile(r"\b(?:carnets?|rallyes?|rally|logbooks?)\b", re.IGNORECASE)
"""What only our documents and our rally are called; the vocabulary of the program keeps them."""
VOCABULARY: Final = ("/ontology", "/report", "/shapes", "/context", "/docs")
"""Pages that show the program's own terms, shapes and documents, and say so."""
VOCABULARY_FILES: Final = ("ontology.nt", "shapes.ttl")
"""The same in an archive; a manifest names among its sources where the terms are written:"""
TERMS: Final = "ontology/rallynov.ttl"
ADDRESSES: Final = (
    "/", "/?lang=en", "/about?lang=en", "/nothing-here?lang=en", "/nothing-here",
    "/page/person/nobody", "/id/person/nobody", "/sparql?query=SELECT",
    "/opensearch.xml", "/search/opensearch.xml", "/sitemap.xml", "/robots.txt", "/void.ttl",
    "/dcat.ttl", "/.well-known/void", "/reconcile", "/api/openapi.json", "/cite.bib", "/cite.ris",
    "/dataset.nq", "/list/stage.ics", "/report", "/downloads", "/changes", "/about", "/api",
)  # fmt: skip
NOT_READ: Final = re.compile(r"certainty=|lang=en")
"""What an address asks that is read at those addresses alone that are named above."""


def speak(folder: Path) -> str:
    """Return what this script prints in a process of a programme."""
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, SETTING: str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _read(folder: Path) -> None:
    from rallynov_graph.base.kinds import NAVIGATION
    from rallynov_graph.release import release
    from rallynov_graph.site.application import create_app
    from rallynov_graph.sparql.embedded import EmbeddedStore

    built = release.load(folder / "releases")
    app = create_app(EmbeddedStore.of_release(built).pages(), built)
    client = app.test_client()
    adapter = app.url_map.bind("")
    seen: Counter[tuple[str, ...]] = Counter()
    read: set[str] = set()
    found: list[str] = []
    pages: dict[str, str] = {}
    failed: list[str] = []
    shown = {f"/list/{kind}" for kind in NAVIGATION}
    waiting = deque(ADDRESSES)
    while waiting:
        address = waiting.popleft().partition("#")[0]
        path, _, query = address.partition("?")
        try:
            endpoint, values = adapter.match(path)
        except Exception:
            endpoint, values = path, {}
        view = (endpoint, str(values.get("kind", "")) if path in shown else "")
        is_wanted = address in ADDRESSES or not (seen[view] or NOT_READ.search(query))
        if address in read or not is_wanted:
            continue
        seen[view] += 1
        read.add(address)
        answer = client.get(address)
        if answer.status_code >= 500:
            failed.append(address)
        text = html.unescape(answer.get_data().decode("utf-8", "replace"))
        pages[address] = text
        if not address.startswith(VOCABULARY):
            head = answer.headers.get("content-disposition", "")
            found += _hits(NAMES, address, f"{text}\n{head}")
        if answer.mimetype == "text/html" and not address.startswith(VOCABULARY):
            found += _words(address, text)
        if answer.mimetype == "text/html":
            links = re.findall(r'(?:href|action)="(/[^"]*)"', answer.get_data(as_text=True))
            waiting += [html.unescape(link) for link in links if "/static/" not in link]
    found += _in_files(built)
    print(json.dumps({"found": found, "pages": len(read), "failed": failed, "home": pages["/"],
                      "english": pages["/?lang=en"]}))  # fmt: skip


def _words(place: str, page: str) -> Iterator[str]:
    """Yield what a reader sees of our words on a page; queries are no text for readers."""
    shown = re.sub(r"(?s)<(script|style|pre|code|textarea).*?</\1>|<[^>]*>", " ", page)
    return _hits(WORDS, place, re.sub(r"https?://\S+|/carnet\S*", "", shown))


def _hits(pattern: re.Pattern[str], place: str, text: str) -> Iterator[str]:
    for hit in pattern.finditer(text):
        yield f"{place}: {text[max(0, hit.start() - 50) : hit.end() + 30]!r}"


def _in_files(built) -> Iterator[str]:  # type: ignore[no-untyped-def]
    from rallynov_graph.exports.dumps import DUMPS

    for dump in DUMPS:
        file = io.BytesIO()
        dump.write(built, file, None)
        yield from _hits(NAMES, dump.file, dump.file)
        content = file.getvalue()
        if content.startswith(b"PK"):
            with zipfile.ZipFile(file) as package:
                names = [it for it in package.namelist() if it not in VOCABULARY_FILES]
                parts = [package.read(name) for name in names]
        else:
            parts = [content]
        for part in parts:
            text = part.decode("utf-8", "replace").replace(TERMS, "")
            yield from _hits(NAMES, dump.file, text)


if __name__ == "__main__":
    _read(Path(sys.argv[1]))
