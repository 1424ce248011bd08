"""The links of a folder of pages, followed from file to file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_LINK: Final = re.compile(r"\s(?:href|src|action)=\"([^\"]*)\"")
_ID: Final = re.compile(r"\sid=\"([^\"]+)\"")
_FORM: Final = re.compile(r"<form\s([^>]*)>(.*?)</form>", re.DOTALL)
_ASKING: Final = re.compile(r"<form class=\"ask\"[^>]*>(.*?)</form>", re.DOTALL)
_NAME: Final = re.compile(r"<(?:input|select|textarea)[^>]*\sname=\"([^\"]*)\"")
_READING: Final = {
    " data-search=": {"q", "kind"},
    " data-workbench ": {"query"},
    " data-touching ": {"touches"},
    " data-way-here ": {"from", "to"},
}
"""By what a page has whose script reads its address, what it reads there."""
_OF_QUESTION: Final = " data-question-page "
"""A page that reads what its own form asks."""
_SCRIPT: Final = re.compile(r"<script type=\"application/ld\+json\">.*?</script>", re.DOTALL)


def links_of(html: str) -> set[str]:
    """Return what a page links to, as it is written."""
    return {unescape(it) for it in _LINK.findall(_SCRIPT.sub("", html))}


def broken_links(folder: Path, place: str = "/") -> Iterator[str]:
    """Yield each link of a page that leads to no file, or to no part of it.

    A link that begins at the root of the host is broken, but for one below the edition's place on
    the page of what is not there.
    """
    files = {it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file()}

    @cache
    def parts_of(file: str) -> frozenset[str]:
        html = (folder / file).read_text("utf-8")
        return frozenset(unescape(it) for it in _ID.findall(html))

    for page in sorted(it for it in files if it.endswith(".html")):
        of_any_place = posixpath.basename(page).startswith("404.")
        for link in sorted(links_of((folder / page).read_text("utf-8"))):
            target, fragment = _target(page, link, place if of_any_place else "")
            if target is None:
                continue
            if target not in files:
                yield f"{page}: {link}"
            elif fragment and target.endswith(".html") and fragment not in parts_of(target):
                yield f"{page}: {link} names no part"


def _target(page: str, link: str, place: str) -> tuple[str | None, str]:
    """Return the file that a link leads to and the part of it; None for one to elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None, ""
    path, start = unquote(parts.path), posixpath.dirname(page)
    if place and path.startswith(place):
        path, start = path.removeprefix(place), ""
    file = posixpath.normpath(posixpath.join(start, path)) if path else page
    return file, unquote(parts.fragment)


def ignored_choices(folder: Path, place: str = "/") -> Iterator[str]:
    """Yield each form and link of a page that asks a file for something that nothing reads."""
    for page in sorted(folder.rglob("*.html")):
        html = page.read_text("utf-8")
        asked = [(link, {*parse_qs(urlsplit(link).query, True)}) for link in links_of(html)]
        for attributes, content in _FORM.findall(html):
            action = _LINK.search(f"<form {attributes}>")
            asked += [(unescape(action[1]), {*_NAME.findall(content)})] if action else []
        for link, names in asked:
            parts = urlsplit(link)
            if not names or parts.scheme or parts.netloc:
                continue
            target = _file(page, unquote(parts.path), folder, place)
            if target is None or names - _read_at(target):
                yield f"{page.relative_to(folder)}: {link} asks {sorted(names)}"


def _read_at(target: Path) -> set[str]:
    """Return what the script of a page reads of its address."""
    html = target.read_text("utf-8") if target.suffix == ".html" else ""
    read = {name for mark, known in _READING.items() if mark in html for name in known}
    if _OF_QUESTION in html:
        read |= {it for found in _ASKING.findall(html) for it in _NAME.findall(found)}
    return read


def _file(page: Path, path: str, folder: Path, place: str) -> Path | None:
    """Return where a link of a page leads; None for one that begins at the root of the host."""
    if page.name.startswith("404.") and path.startswith(place):
        return (folder / path.removeprefix(place)).resolve()
    return None if path.startswith("/") else (page.parent / (path or page.name)).resolve()
