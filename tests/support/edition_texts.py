"""What the pages of an edition say, beside what a server says at the same addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.edition.addresses import Absent, SiteAddress, canonical
from reading_pages import Page

_INSTEAD: Final = r'<p class="small soft">[^<]*<a href="[^"]*absent/choices[^"]*">[^<]*</a></p>'
MEANT: Final = {
    "a form that takes scripts says so": r"<noscript>.*?</noscript>",
    "a form that is not there says what to use instead": _INSTEAD,
    "the filters of a list": r'<form class="filters".*?</form>',
    "what a list may be asked about": r"<t[hd] [^>]*hidden.*?</t[hd]>|<span [^>]*hidden>.*?</span>",
    "the filters of a list seen in another way": r'<p class="small soft">(?:Cette vue montre|'
    r"This view shows)[^<]*<a [^>]*>[^<]*</a></p>",
    "the order of a list": r'<details class="filter" [^>]*data-kept="sort">.*?</details>',
    "the search of documents": r'<form class="docs-find".*?</form>',
    "the choices of a network": r'<details class="asking".*?</details>',
    "a thing as the centre of a network": r'<p class="row-tools" data-actions>.*?</p>'
    r"|<a [^>]*data-centre>[^<]*</a>",
    "an answer with its SHA-256 as a citation": r"<p>[^<]*SHA-256[^<]*</p>\s*<ul.*?</ul>",
    "the files that pages offer": r'<details class="export".*?</details>'
    r'|<p><a [^>]*rel="nofollow">CSV</a>.*?</p>',
    "what a server alone answers is not offered": r'<li><a href="/(?:builder|compare|between)[?"]'
    r"[^>]*>[^<]*</a></li>",
    "the page for programs has another name": r">(?:API|Pour les programmes|For programs)</a>",
    "a page that is the same at each certainty": r"<p [^>]*data-of-filter>.*?</p>",
}
"""What only one of both says, and why, with the element that it stands in."""
TELLING: Final = frozenset({"about", "api", "changes", "releases", "search", "sparql"})
"""The first parts of pages that tell of the edition itself, or of what answers there."""
_CUT: Final = re.compile("|".join(MEANT.values()), re.DOTALL)
_CITATION: Final = "ctx_ver"
"""How the citation begins that programs read in a page: it is held against the file by a test."""


@dataclass(frozen=True)
class Beside:
    """An edition and the site that a server has of its release, at the same address."""

    folder: Path
    base: str
    ask: Callable[[str], str]
    """Returns the page that the server has at a path with its query."""

    def file_of(self, address: SiteAddress) -> str:
        """Return the file of a page, which may be the one that it has for every certainty."""
        is_own = (self.folder / address.file).is_file()
        return (address if is_own else address.at_every_certainty).file

    def difference(self, address: SiteAddress) -> list[str]:
        """Return the words that only one of both has, those of the edition after a plus."""
        query = f"?{address.query_string}" if address.query_string else ""
        html = (self.folder / self.file_of(address)).read_text("utf-8")
        return self.between(html, self.ask(f"{address.path}{query}"))

    def between(self, html: str, of_server: str) -> list[str]:
        """Return the words that only one of two pages has; where all are there, the order."""
        here, there = self._words(html), self._words(of_server)
        ours, theirs = Counter(here), Counter(there)
        found = [f"+ {it}" for it in ours - theirs] + [f"- {it}" for it in theirs - ours]
        return found or ([] if here == there else ["another order"])

    def _words(self, html: str) -> list[str]:
        """Return the words of a page, its addresses as those of files."""
        addresses = re.compile(
            rf"{re.escape(self.base)}[A-Za-z0-9/._~%+?=&-]*[A-Za-z0-9/_~%+=-]|{self.base}"
        )

        def as_file(found: re.Match[str]) -> str:
            address = canonical(SiteAddress.of(f"/{found[0].removeprefix(self.base)}"))
            is_home = found[0] == self.base
            if is_home or isinstance(address, Absent):
                return self.base
            return f"{self.base}{self.file_of(address)}"

        spoken = (" ".join(text.split()) for text, _ in Page(_CUT.sub("", html)).spoken)
        said = (text for text in spoken if not text.startswith(_CITATION))
        return [text if ".html" in text else addresses.sub(as_file, text) for text in said]

    def variants(self, address: SiteAddress) -> Iterator[SiteAddress]:
        """Yield the addresses of a page in each language at each certainty."""
        for language in LANGUAGES:
            yield from replace(address, language=language).variants()
