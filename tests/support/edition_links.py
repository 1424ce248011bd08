"""The links of a folder of pages, followed from file to file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_LINK: Final = re.compile(r"<[a-z][^>]*?\s(?:href|src|action)=\"([^\"]*)\"")
_ID: Final = re.compile(r"\sid=\"([^\"]+)\"")
_SCRIPT: Final = re.compile(r"<script type=\"application/ld\+json\">.*?</script>", re.DOTALL)


def links_of(html: str) -> set[str]:
    """Return what a page links to, as it is written."""
    return {unescape(it) for it in _LINK.findall(_SCRIPT.sub("", html))}


def broken_links(folder: Path, place: str = "/") -> Iterator[str]:
    """Yield each link of a page that leads to no file, or to no part of it.

    A link that begins at the root of the host is broken, but for one below the edition's place on
    the page of what is not there.
    """
    names: dict[Path, set[str]] = {}
    for page in sorted(folder.rglob("*.html")):
        html = page.read_text("utf-8")
        for link in sorted(links_of(html)):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path, start = unquote(parts.path), page.parent
            if page.name.startswith("404.") and path.startswith(place):
                path, start = path.removeprefix(place), folder
            target = (start / (path or page.name)).resolve()
            if path.startswith("/") or not target.is_file():
                yield f"{page.relative_to(folder)}: {link}"
            elif parts.fragment and target.suffix == ".html":
                if target not in names:
                    names[target] = {unescape(it) for it in _ID.findall(target.read_text("utf-8"))}
                if unquote(parts.fragment) not in names[target]:
                    yield f"{page.relative_to(folder)}: {link} names no part"
