"""What the pages of an edition say, beside what a server says at the same addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from flask import Flask

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.edition.addresses_of_files import Absent, SiteAddress, canonical
from reading_pages import Page

MAIN: Final = re.compile(r"<main.*</main>", re.DOTALL)
_OF_DIAL: Final = re.compile(r" data-of-dial>[^<]*<")


@dataclass(frozen=True)
class Beside:
    """An edition and the site that a server has of its release, at the same address."""

    folder: Path
    base: str
    server: Flask

    def file_of(self, address: SiteAddress) -> str:
        """Return the file of a page, which may be the one that it has for every certainty."""
        is_own = (self.folder / address.file).is_file()
        return (address if is_own else address.at_every_certainty).file

    def says_the_same(self, address: SiteAddress) -> bool:
        """Return whether a page of the edition has the words that the server has for it."""
        query = f"?{address.query_string}" if address.query_string else ""
        from_file = MAIN.findall((self.folder / self.file_of(address)).read_text("utf-8"))
        answer = self.server.test_client().get(f"{address.path}{query}").text
        files = "For programs" if address.language == "en" else "Pour les programmes"
        answer = answer.replace(">API</a>", f">{files}</a>")
        from_server = MAIN.findall(_OF_DIAL.sub("><", answer))
        assert len(from_file) == len(from_server) == 1, address
        return self.words(from_file[0]) == self.words(from_server[0])

    def words(self, html: str) -> list[str]:
        """Return the words of a page, its addresses as those of files."""
        addresses = re.compile(
            rf"{re.escape(self.base)}[A-Za-z0-9/._~%+?=&-]*[A-Za-z0-9/_~%+=-]|{self.base}"
        )

        def as_file(found: re.Match[str]) -> str:
            address = canonical(SiteAddress.of(f"/{found[0].removeprefix(self.base)}"))
            assert not isinstance(address, Absent)
            is_home = found[0] == self.base
            return self.base if is_home else f"{self.base}{self.file_of(address)}"

        said = (text for text, _ in Page(html).spoken if not text.startswith("ctx_ver"))
        return [text if ".html" in text else addresses.sub(as_file, text) for text in said]

    def variants(self, address: SiteAddress) -> Iterator[SiteAddress]:
        """Yield the addresses of a page in each language at each certainty."""
        for language in LANGUAGES:
            yield from replace(address, language=language).variants()
