"""What a process makes: the answers to addresses as raw files, and then what they become."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from rallynov_graph.base.errors import EditionError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.edition.addresses_of_files import SiteAddress
from rallynov_graph.edition.file_links import (
    Rewriter,
    addresses_in,
    has_addresses,
    page_of_edition,
    page_that_leads,
)
from rallynov_graph.edition.opened_sites import OpenedSites
from rallynov_graph.edition.written_files import FileWriter

if TYPE_CHECKING:
    from rallynov_graph.exports.citation_formats import Citation
    from rallynov_graph.site.web.in_process import Answered

_MAIN: Final = re.compile(rb"<main.*</main>", re.DOTALL)
_STATE: Final = re.compile(
    rb"(?:\?|&amp;|\\u0026|&|%3F|%26)(?:certainty|lang)(?:=|%3D)[a-z]+"
    rb"|<input type=\"hidden\" name=\"certainty\"[^>]*>|<p [^>]*data-of-dial>[^<]*</p>"
)
"""Where a page says where the dial stands."""
_LEADS: Final = (301, 302, 303, 307, 308)
_TEXT: Final = re.compile(r"text/|.*(?:json|xml|turtle|triples|quads|trig|sparql|bibtex|research)")
_CITED: Final = re.compile(r"/cite(?P<page>/.+)?\.(?P<suffix>bib|json|ris)")


@dataclass
class MadeGroup:
    """What was made of one address: a page in each language and certainty, or one file."""

    files: dict[str, SiteAddress] = field(default_factory=dict)
    """The raw files whose links are still to be made, by their paths."""
    whole: dict[str, tuple[SiteAddress, str, int]] = field(default_factory=dict)
    """The files that are done, with their addresses, hashes and sizes."""
    links: set[SiteAddress] = field(default_factory=set)
    single: list[SiteAddress] = field(default_factory=list)
    """Pages that say the same at every certainty."""
    robots: dict[str, str] = field(default_factory=dict)
    """What search engines are told of some files."""


class PageMaker:
    """Asks the application, and writes what it answers into the folder of an edition."""

    def __init__(self, sites: OpenedSites, folder: FileWriter) -> None:
        self._sites, self._folder = sites, folder

    def made(self, address: SiteAddress) -> MadeGroup:
        """Return what was made of an address; raise EditionError where it fails."""
        group = MadeGroup()
        if not address.is_page:
            self._make(group, address, self._sites.ask(address))
            return group
        for language in LANGUAGES:
            self._make_page(group, replace(address, language=language))
        return group

    def _make_page(self, group: MadeGroup, address: SiteAddress) -> None:
        answers = []
        for variant in address.variants():
            answer = self._sites.ask(variant)
            body = b"".join(answer.body)
            answers.append((variant, replace(answer, body=(body,)), _main(body)))
        _, _, first = answers[0]
        if len(answers) > 1 and all(main == first for _, _, main in answers):
            group.single.append(address.at_every_certainty)
            answers = answers[:1]
        for variant, answer, _ in answers:
            self._make(group, variant, answer)

    def _make(self, group: MadeGroup, address: SiteAddress, answer: Answered) -> None:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            asked = f"?{address.query_string}" if address.query_string else ""
            raise EditionError(f"{address.path}{asked} cannot be made ({answer.status}).")
        file = address.file
        if answer.status in _LEADS:
            body = page_that_leads(answer.location, address.language).encode()
        elif _TEXT.match(answer.content_type):
            body = b"".join(answer.body)
        else:
            group.whole[file] = address, *self._folder.write_parts(file, answer.body)
            return
        if not (answer.is_page or has_addresses(body)):
            group.whole[file] = address, *self._folder.write(file, body)
            return
        found = {it for it in addresses_in(body) if self._sites.has(it)}
        for link, suffix in [*_own_citations(found, address)]:
            if answer.citation is not None:
                self._make_citation(group, link, answer.citation, suffix)
                found.discard(link)
        group.links |= found
        self._folder.write_raw(file, body)
        group.files[file] = address
        if answer.robots:
            group.robots[file] = answer.robots

    def _make_citation(
        self, group: MadeGroup, link: SiteAddress, citation: Citation, suffix: str
    ) -> None:
        """Write a citation that the page has made already; asked for, it would be made again."""
        self._folder.write_raw(link.file, citation.written(suffix).encode())
        group.files[link.file] = link


def _main(body: bytes) -> bytes:
    """Return a hash of what a page says, wherever the dial stands that its links keep."""
    found = _MAIN.search(body)
    return hashlib.sha256(_STATE.sub(b"", found[0] if found else body)).digest()


def _own_citations(
    links: Iterable[SiteAddress], address: SiteAddress
) -> Iterator[tuple[SiteAddress, str]]:
    place, rest = address.within_release
    for link in links:
        found = _CITED.fullmatch(link.within_release[1])
        if found and link.within_release[0] == place and (found["page"] or "/") == rest:
            yield link, found["suffix"]


def finished(
    folder: FileWriter,
    rewriter: Rewriter,
    raw: Iterable[tuple[str, SiteAddress, str]],
) -> Iterator[tuple[str, str, int]]:
    """Make the links of raw files, and yield each with its hash and its size."""
    for file, address, robots in raw:
        text = rewriter.rewritten(folder.read_raw(file).decode(), address)
        if file.endswith(".html"):
            text = page_of_edition(text, robots)
        digest, size = folder.write(file, text.encode())
        yield file, digest, size
