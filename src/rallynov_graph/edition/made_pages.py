"""What a process makes: the answers to addresses as raw files, and then what they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.errors import EditionError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.edition.addresses_of_files import ONCE, SiteAddress
from rallynov_graph.edition.file_links import (
    LinkedText,
    Rewriter,
    has_addresses,
    page_of_edition,
    page_that_leads,
)
from rallynov_graph.edition.opened_sites import OpenedSites
from rallynov_graph.edition.written_files import FileWriter
from rallynov_graph.site.model.addresses import CERTAINTY

if TYPE_CHECKING:
    from rallynov_graph.exports.citations import Citation
    from rallynov_graph.site.web.in_process import Answered

_MAIN: Final = re.compile(rb"<main.*</main>", re.DOTALL)
_OF_DIAL: Final = re.compile(
    rb"<input type=\"hidden\" name=\"certainty\"[^>]*>|<p [^>]*data-of-dial>[^<]*</p>"
)
"""Where a page says where the dial stands, but for its links."""
_LEADS: Final = (301, 302, 303, 307, 308)
_TEXT: Final = re.compile(r"text/|.*(?:json|xml|turtle|triples|quads|trig|sparql|bibtex|research)")


@dataclass(frozen=True)
class RawFile:
    """A file whose links are still to be made."""

    file: str
    address: SiteAddress
    robots: str
    """What search engines are told of it."""
    citation: Citation | None


@dataclass
class MadeGroup:
    """What was made of one address: a page in each language and certainty with its files."""

    raw: list[RawFile] = field(default_factory=list)
    whole: dict[str, tuple[SiteAddress, str, int]] = field(default_factory=dict)
    """The files that are done, with their addresses, hashes and sizes."""
    links: set[SiteAddress] = field(default_factory=set)
    single: list[SiteAddress] = field(default_factory=list)
    """Pages that say the same at every certainty."""


class PageMaker:
    """Asks the application, and writes what it answers into the folder of an edition."""

    def __init__(self, sites: OpenedSites, folder: FileWriter, base: str) -> None:
        self._sites, self._folder = sites, folder
        self._rewriter = Rewriter(base, self._is_single)
        self._single: SiteAddress | None = None
        self._reported: set[SiteAddress] = set()
        """The links that the process has told of."""

    def made(self, address: SiteAddress) -> MadeGroup:
        """Return what was made of an address; raise EditionError where it fails."""
        group = MadeGroup()
        if address.is_page:
            self._make_pages(group, address)
            for file in sorted(it for it in group.links if it.is_file_of(address)):
                self._make(group, file, self._sites.ask(file))
        else:
            self._make(group, address, self._sites.ask(address))
        group.links -= self._reported
        self._reported |= group.links
        return group

    def _make_pages(self, group: MadeGroup, address: SiteAddress) -> None:
        """Make a page in each language, at each certainty where the dial changes what it says.

        What it admits is the same in all languages; and nothing changes between two certainties
        where nothing does between the least and the most. An address that leads to another one
        does so at each certainty, as its page had a file for each before.
        """
        least, between, surest = address.variants()
        answers = {least: self._sites.ask(least)}
        is_single = address.first_part in ONCE
        if not is_single and answers[least].status not in _LEADS:
            answers[surest] = self._sites.ask(surest)
            is_single = _main(answers[least], least) == _main(answers[surest], surest)
        self._single = address if is_single else None
        for language in LANGUAGES:
            for variant in (least,) if is_single else (least, between, surest):
                of_language = replace(variant, language=language)
                answer = answers.get(of_language) or self._sites.ask(of_language)
                self._make(group, of_language, answer)
            if is_single:
                group.single.append(replace(least, language=language))

    def _is_single(self, address: SiteAddress) -> bool:
        return self._single is not None and address.group == self._single

    def _make(self, group: MadeGroup, address: SiteAddress, answer: Answered) -> None:
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            asked = f"?{address.query_string}" if address.query_string else ""
            at = f"{address.path}{asked}"
            raise EditionError(
                f"{at} cannot be made ({answer.status}).",
                french=f"{at} ne peut pas être fait ({answer.status}).",
            )
        if answer.status >= HTTPStatus.BAD_REQUEST and not address.is_page:
            return
        file = address.file
        if answer.status in _LEADS:
            body = page_that_leads(answer.location, address.language).encode()
        elif _TEXT.match(answer.content_type):
            body = answer.content
        else:
            group.whole[file] = address, *self._folder.write_parts(file, answer.body)
            return
        if not (answer.is_page or has_addresses(body)):
            group.whole[file] = address, *self._folder.write(file, body)
            return
        linked = LinkedText.of(body.decode())
        found = {it for it in linked.addresses() if self._sites.has(it)}
        group.links |= found
        raw = RawFile(file, address, answer.robots, answer.citation)
        if all(self._is_known(it, address) for it in found):
            content = _finished(self._rewriter, raw, linked)
            group.whole[file] = address, *self._folder.write(file, content)
        else:
            self._folder.write_raw(file, body)
            group.raw.append(raw)

    def _is_known(self, link: SiteAddress, address: SiteAddress) -> bool:
        """Return whether it is known already which file a link leads to."""
        return link.certainty == LEAST_SURE or link.group == address.group


def _main(answer: Answered, address: SiteAddress) -> bytes:
    """Return what a page says, wherever the dial stands that its links keep."""
    body = answer.content
    found = _MAIN.search(body)
    said = found[0] if found else body
    pair = f"{CERTAINTY}={address.certainty}"
    for first, more in (("?", "&amp;"), ("?", r"\u0026"), ("?", "&"), ("%3F", "%26")):
        written = pair if first == "?" else quote(pair, safe="")
        for wanted, instead in (
            (f"{first}{written}{more}", first),
            (f"{first}{written}", ""),
            (f"{more}{written}", ""),
        ):
            said = said.replace(wanted.encode(), instead.encode())
    return _OF_DIAL.sub(b"", said)


def finished(
    folder: FileWriter, rewriter: Rewriter, files: Iterable[RawFile]
) -> Iterator[tuple[str, str, int]]:
    """Make the links of raw files, and yield each with its hash and its size."""
    for raw in files:
        linked = LinkedText.of(folder.read_raw(raw.file).decode())
        content = _finished(rewriter, raw, linked)
        yield raw.file, *folder.write(raw.file, content, over_raw=True)


def _finished(rewriter: Rewriter, raw: RawFile, linked: LinkedText) -> bytes:
    text = rewriter.rewritten(linked, raw.address, raw.citation)
    if raw.file.endswith(".html"):
        text = page_of_edition(text, raw.robots)
    return text.encode()
