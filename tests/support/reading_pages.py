"""What a test needs to read pages as a browser and its user do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Final
from urllib.parse import unquote, urlsplit

from flask.testing import FlaskClient

VOID: Final = frozenset({"meta", "link", "input", "br", "img", "hr"})
CELLS: Final = frozenset({"th", "td", "dt", "dd", "li", "p"})
DATA: Final = "application/ld+json"
"""A script of this type is read, not run."""
UNREAD: Final = frozenset({"script", "style", "code", "textarea", "title"})
"""Elements that hold no words of the page but code, or in which no word can be marked."""
SPOKEN: Final = ("aria-label", "title", "alt")
RAW: Final = ("script", "style")
"""What stands in these is text, whatever it looks like."""
MARKUP: Final = re.compile(
    r"""<!--.*?-->|<!doctype[^>]*>|<(/?)([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE: Final = re.compile(
    r"""\s+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
)
LANDMARKS: Final = ("header", "main", "footer", "nav")


@dataclass(slots=True)
class Element:
    """An element with its attributes and its part of the page's texts."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    texts: list[str]
    start: int
    end: int | None = None

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts[self.start : self.end]).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


@lru_cache(maxsize=1 << 13)
def _attributes(written: str) -> tuple[dict[str, str], bool, str]:
    """Return a tag's attributes, whether it closes its element itself, and what is wrong with it.

    Most tags are the same on many pages, and are read once.
    """
    found = [(a[1].lower(), a[2] or a[3] or a[4] or "") for a in ATTRIBUTE.finditer(written)]
    attributes = {name: unescape(value) for name, value in found}
    rest = ATTRIBUTE.sub("", written).strip()
    fault = "an attribute twice" if len(attributes) < len(found) else ""
    return attributes, rest == "/", f"{rest!r} is no attribute" if rest not in ("", "/") else fault


class Page:
    """A page's elements in order; an element that is left open is a fault."""

    def __init__(self, html: str) -> None:
        self.elements: list[Element] = []
        self.faults: list[str] = []
        self.spoken: list[tuple[str, str]] = []
        """The page's words, each run with the language that it is marked with."""
        self._languages = [""]
        self._texts: list[str] = []
        self._around: list[list[str]] = []
        self._open: list[Element] = []
        self._inside: list[tuple[str, ...]] = [()]
        self._read(html)
        self.faults += [f"<{element.tag}> is not closed" for element in self._open]

    def _read(self, html: str) -> None:
        at = 0
        while found := MARKUP.search(html, at):
            self._text(html[at : found.start()])
            at = found.end()
            end, name, written = found.groups()
            if name is None:
                continue
            tag = name.lower()
            if end:
                self._ends(tag)
            elif self._starts(tag, written) and tag in RAW:
                closing = html.find(f"</{tag}", at)
                closing = len(html) if closing < 0 else closing
                self._texts.append(html[at:closing])
                at = closing
        self._text(html[at:])

    def _text(self, text: str) -> None:
        if "<" in text:
            self.faults.append(f"< begins no tag: {text[text.index('<') :][:40]}")
        if not text:
            return
        text = unescape(text) if "&" in text else text
        self._texts.append(text)
        if text.strip() and not (self._open and self._open[-1].tag in UNREAD):
            self.spoken.append((text, self._languages[-1]))

    def _starts(self, tag: str, written: str) -> bool:
        """Put an element in its place; tell whether it is left open."""
        attributes, is_closed, fault = _attributes(written)
        if fault:
            self.faults.append(f"{fault} on <{tag}>")
        if tag == "template":
            # What only scripts show is not a text of the page around it.
            self._around.append(self._texts)
            self._texts = []
        at = len(self._texts)
        element = Element(tag, attributes, self._inside[-1], self._texts, at)
        self.elements.append(element)
        language = attributes.get("lang") or self._languages[-1]
        self.spoken += [(attributes[name], language) for name in SPOKEN if name in attributes]
        if is_closed or tag in VOID:
            element.end = at
            return False
        self._open.append(element)
        self._inside.append((*self._inside[-1], tag))
        self._languages.append(language)
        return True

    def _ends(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            at = self._open[-1].tag if self._open else "nothing"
            self.faults.append(f"</{tag}> closes <{at}>")
            return
        self._open.pop().end = len(self._texts)
        self._inside.pop()
        self._languages.pop()
        if tag == "template":
            self._texts = self._around.pop()
        if tag in CELLS:
            self._texts.append(" ")

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of a tag whose attributes have these values."""
        return [
            element
            for element in self.elements
            if element.tag == tag and all(element[n] == v for n, v in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only such element."""
        (element,) = self.all(tag, **attributes)
        return element

    @property
    def text(self) -> str:
        """The text of the content."""
        return self.one("main").text

    def links(self) -> list[str]:
        """Return the addresses that the page leads to on its own site."""
        found = [e["href"] for e in self.elements if e.tag in ("a", "link") and e["href"]]
        found += [e["src"] for e in self.elements if e["src"]]
        found += [e["action"] for e in self.elements if e["action"]]
        return [address for address in found if address.startswith("/")]


def read(client: FlaskClient, address: str, status: int = 200, **headers: str) -> Page:
    """Return the page at an address, having checked that its status is this one."""
    answer = client.get(address, headers={n.replace("_", "-"): v for n, v in headers.items()})
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    assert answer.mimetype == "text/html"
    return Page(answer.get_data(as_text=True))


def faults(page: Page, language: str) -> list[str]:
    """Return what is wrong with a page's structure."""
    found = list(page.faults)
    ids = Counter(e["id"] for e in page.elements if e["id"])
    found += [f"id {name} twice" for name, times in ids.items() if times > 1]
    if page.one("html")["lang"] != language:
        found.append("the page's language is not said")
    if len(page.all("h1")) != 1 or not page.one("h1").text:
        found.append("not exactly one h1")
    titles = [title for title in page.all("title") if "svg" not in title.inside]
    if len(titles) != 1 or not titles[0].text:
        found.append("no title")
    found += [f"no {tag}" for tag in LANDMARKS if not page.all(tag)]
    levels = [int(e.tag[1]) for e in page.elements if e.tag in ("h1", "h2", "h3", "h4")]
    found += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    for element in page.elements:
        found += _faults_of(element, ids)
    return [*found, *_terms_given_twice(page)]


def _terms_given_twice(page: Page) -> list[str]:
    terms: Counter[tuple[int, str]] = Counter()
    lists = page.all("dl")
    for term in page.all("dt"):
        inmost = max(it.start for it in lists if it.start <= term.start and not _ends(it, term))
        terms[inmost, term.text] += 1
    return [f"a list has the term {text} twice" for (_, text), times in terms.items() if times > 1]


def _ends(before: Element, after: Element) -> bool:
    return before.end is not None and before.end < after.start


def _faults_of(element: Element, ids: Counter[str]) -> list[str]:
    found = []
    foreign = element.tag in ("style", "iframe", "object") or "style" in element.attributes
    runs = element.tag == "script" and element["type"] != DATA
    if foreign or (runs and not is_built(element)):
        found.append(f"<{element.tag}> is code or style in the page")
    found += [f"{name} is a script" for name in element.attributes if name.startswith("on")]
    if element["href"].lower().lstrip().startswith(("javascript:", "data:", "vbscript:")):
        found.append(f"a link that runs: {element['href'][:40]}")
    if element.tag == "a" and not (element.text or element["aria-label"]):
        found.append(f"a link without words: {element['href']}")
    if element.tag == "th" and not element["scope"]:
        found.append("a table header without scope")
    if element.tag == "table" and "main" not in element.inside:
        found.append("a table outside the content")
    for name in ("aria-labelledby", "aria-describedby", "for"):
        found += [
            f"{name}={target} leads nowhere"
            for target in element[name].split()
            if target not in ids
        ]
    if element.tag in ("select", "textarea") or (
        element.tag == "input" and element["type"] == "text"
    ):
        named = element["id"] and element["id"] in ids
        found += [] if named else ["a control without a name"]
    return found


def is_built(script: Element) -> bool:
    """Tell whether a script is a file of the site's, with nothing in the page itself."""
    return script["src"].startswith("/static/built/") and not script.text


def inside(page: Page, outer: Element, tag: str = "") -> list[Element]:
    """Return the elements within another, or those of a tag, in order."""
    end = len(outer.texts) if outer.end is None else outer.end
    found = page.all(tag) if tag else page.elements
    within = (it for it in found if outer.start <= it.start and (it.end or end) <= end)
    return [it for it in within if it is not outer]


def without_anchor(address: str) -> str:
    """Return an address as it is asked for."""
    return address.partition("#")[0]


def anchor(address: str) -> str:
    """Return the part of a page that an address means."""
    return unquote(urlsplit(address).fragment)
