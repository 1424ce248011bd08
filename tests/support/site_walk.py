"""A walk over all pages of a site by their links: what every page must have."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reading_pages import DATA, Page, anchor, faults, without_anchor
from tongues import mistaken

MANY: Final = 15
"""So many choices, notes and downloads of a kind of page are read, then each hundredth."""
LOOSE: Final = re.compile(r"[ \N{NO-BREAK SPACE}]([?!;»%]|:(?=\s|$))|«[ \N{NO-BREAK SPACE}]")
"""French that is not set with the narrow spaces that it wants."""
POLICY: Final = {
    *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"),
    *("font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'"),
    "frame-ancestors 'none'",
}
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
CERTAINTIES: Final = {
    "fr": {"explicit": "explicite", "inferred": "déduit", "tentative": "incertain"},
    "en": {"explicit": "explicit", "inferred": "inferred", "tentative": "uncertain"},
}
OTHER_NOTATIONS: Final = re.compile(
    r"(block|clue|cluster|how|line|said|shade|sure|under)-(explicit|inferred|derived|tentative|\d)"
    r"|how|how-link|stroke|stroked"
)
"""Classes of what said how sure a fact is beside bars; only the width of a line does, with them."""
WITHOUT_SECTION: Final = ("/search", "/releases")
LEADS_ON: Final = "/carnet"
"""The list of documents leads to the only one."""


def faults_of_answer(answer: TestResponse) -> Iterator[str]:
    """Yield what is wrong with the headers of any answer of the site."""
    told = answer.headers
    yield from (f"{name}: {told.get(name)}" for name, it in HEADERS.items() if told.get(name) != it)
    if {*told.get("Content-Security-Policy", "").split("; ")} != POLICY:
        yield "another policy"
    if "Set-Cookie" in told:
        yield "a cookie"


def faults_of_frame(page: Page, language: str) -> Iterator[str]:
    """Yield what a page lacks of what all pages have around their content."""
    links = page.all("a")
    if (links[0]["class"], links[0]["href"], page.one("main")["id"]) != (
        *("skip", "#content"),
        "content",
    ):
        yield "nothing leads past the header"
    (other,) = [a for a in links if a["class"] == "other-language"]
    offered = {it["hreflang"]: it["href"] for it in page.all("link") if it["hreflang"]}
    if {*offered} != {"fr", "en"} or not (
        (there := offered[other["hreflang"]]).endswith(other["href"]) and "://" in there
    ):
        yield "the other language is not offered"
    if other["hreflang"] == language or ("lang=en" in other["href"]) != (language == "fr"):
        yield f"{other['href']} is not the other language"
    if not any("footer" in a.inside and "/accessibility" in a["href"] for a in links):
        yield "the statement of accessibility is not linked"
    loaded = [
        e["src"] or e["href"]
        for e in page.elements
        if (e.tag in ("img", "script") and e["type"] != DATA)
        or (e.tag == "link" and e["rel"] in ("stylesheet", "icon", "preload"))
    ]
    yield from (f"from elsewhere: {it}" for it in loaded if not it.startswith("/"))


def faults_of_certainty(page: Page, language: str) -> Iterator[str]:
    """Yield where a page says how sure a fact is but by bars and their word, or not of which."""
    for (around, drawn), (_, bars) in pairwise(pairwise(page.elements)):
        if "bars" in drawn["class"].split():
            word = CERTAINTIES[language].get(bars["href"].removeprefix("#bars-"))
            if bars.tag != "use" or word is None or word not in around.text:
                yield f"bars without their word: {around.text}"
    for it in page.elements:
        names = it["class"].split()
        if "evidence" in names and it["href"] != "#table" and not it["aria-label"]:
            yield f"evidence of what: {it['href']}"
        other = [name for name in names if OTHER_NOTATIONS.fullmatch(name)]
        if other and "line" not in names:
            yield f"another notation: {other}"


def current_sections(page: Page) -> list[str]:
    """Return the names of the sections of the header that the page says it is in."""
    links = [a for a in page.all("a") if {"header", "nav"} <= {*a.inside}]
    return [a.text for a in links if a["aria-current"]]


@dataclass
class Walk:
    """A walk from page to page in one language; what was wrong, page by page."""

    client: FlaskClient
    language: str
    said: Mapping[str, frozenset[str]] = field(default_factory=lambda: {"fr": (), "en": ()})
    """What our graph says in one language alone; nothing where it is somebody else's."""
    each_kind: int = 10_000
    """How many things of each kind are read."""
    most: int = 1_000_000
    """How many pages are read."""
    wrong: list[str] = field(default_factory=list)
    _ids: dict[str, set[str]] = field(default_factory=dict)
    _wanted: list[tuple[str, str, str]] = field(default_factory=list)
    _read: Counter[str] = field(default_factory=Counter)
    _met: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)
    _queue: deque[str] = field(default_factory=deque)

    def faults(self, start: str) -> list[str]:
        """Return what is wrong on any page that the first one leads to."""
        self._queue.append(start)
        self._seen.add(start)
        while self._queue and len(self._ids) < self.most:
            address = self._queue.popleft()
            path = address.partition("?")[0]
            kind = "/".join(path.split("/")[: 3 if path.startswith("/page/") else 2])
            self._read[kind] += 1
            if not address.startswith("/page/") or self._read[kind] <= self.each_kind:
                self.wrong += [f"{address}: {it}" for it in self._visited(address, kind)]
        return self.wrong + [
            f"{address}: {target}#{part} is not there"
            for address, target, part in self._wanted
            if part not in self._ids.get(target, {part})
        ]

    def _visited(self, address: str, kind: str) -> Iterator[str]:
        answer = self.client.get(address)
        yield from faults_of_answer(answer)
        if self._leads_on(address, answer):
            return
        if answer.status_code != 200:
            yield str(answer.status_code)
            return
        if self._read[kind] == 1:
            yield from self._asked_otherwise(address, answer)
        if answer.mimetype == "text/html":
            page = Page(answer.get_data(as_text=True))
            self._ids[address] = {e["id"] for e in page.elements if e["id"]}
            self._follow(address, page)
            yield from self._faults_of(page, address)

    def _leads_on(self, address: str, answer: TestResponse) -> bool:
        """Tell whether an address leads to a page, which is then to be read.

        The page of a value of a small list leads for good to the list that it narrows.
        """
        target, path = answer.headers.get("Location", ""), address.partition("?")[0]
        is_value = path.startswith("/page/") and target.startswith("/list/")
        if answer.status_code != (301 if is_value else 303) or not (is_value or path == LEADS_ON):
            return False
        self._meet(target)
        return True

    def _asked_otherwise(self, address: str, answer: TestResponse) -> Iterator[str]:
        """Yield what is wrong where the headers alone are asked for, or what the reader has."""
        head = self.client.head(address)
        if (head.status_code, head.data, head.mimetype) != (200, b"", answer.mimetype):
            yield "another answer to HEAD"
        tag = answer.headers.get("ETag", "")
        known = self.client.get(address, headers={"If-None-Match": tag}) if tag else None
        if known is not None and (known.status_code, known.data) != (304, b""):
            yield "it is sent twice"

    def _faults_of(self, page: Page, address: str) -> Iterator[str]:
        language = self.language
        yield from faults(page, language)
        yield from faults_of_frame(page, language)
        yield from faults_of_certainty(page, language)
        yield from (f"no words of {told}: {it}" for it, told in mistaken(page, self.said))
        is_ours = any(self.said.values()) and not address.startswith(WITHOUT_SECTION)
        is_home = address.partition("?")[0] == "/"
        if is_ours and len(current_sections(page)) != 1 - is_home:
            yield f"it is in {current_sections(page)}"
        if not address.startswith("/docs"):  # documents are written with plain spaces
            loose = (it for it, told in page.spoken if told == "fr" and LOOSE.search(it))
            yield from (f"spaces: {it}" for it in loose)

    def _follow(self, address: str, page: Page) -> None:
        forms = {e["action"] for e in page.all("form")} - {a["href"] for a in page.all("a")}
        for link in (it for it in page.links() if it not in forms):  # a form adds its fields
            target = without_anchor(link)
            if anchor(link):
                self._wanted.append((address, target or address, anchor(link)))
            is_of_language = ("lang=en" in target) == (self.language == "en")
            if is_of_language or target.startswith("/static/"):
                self._meet(target)

    def _meet(self, target: str) -> None:
        if target in self._seen:
            return
        self._seen.add(target)
        alike = "/".join(target.partition("?")[0].split("/")[:2]) + "?" * ("?" in target)
        self._met[alike] += 1
        met = self._met[alike]
        if not is_one_of_many(target) or met <= MANY or met % 100 == 0:
            self._queue.append(target)


def is_one_of_many(address: str) -> bool:
    """Tell whether an address chooses among what a page shows, or downloads it."""
    return "?" in address or address.startswith(("/data/", "/cite/", "/r/")) or "." in address
