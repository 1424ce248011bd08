"""Make the links of finished responses lead to the files of an edition.

The application is asked under a random address that occurs in no text. Every address of the site in
a response, in any format, then contains this address, and none of them may be left over.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from typing import Final
from urllib.parse import quote, unquote

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.errors import EditionError
from rallynov_graph.edition.addresses import (
    SCRIPTED,
    Absent,
    SiteAddress,
    address_of_absent,
    canonical,
)
from rallynov_graph.exports.citations import SUFFIXES, Citation
from rallynov_graph.release.release_set import split_path
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE
from rallynov_graph.site.web.headers import POLICY

_LOT: Final = secrets.token_hex(16)
HOST: Final = f"edition-{_LOT}.invalid"
ROOT: Final = f"/-edition-{_LOT}"
PLACE: Final = f"https://{HOST}{ROOT}/"
"""The place that the application is asked at."""
_SIGN: Final = ROOT.encode()
_QUERY: Final = r"(?:[A-Za-z0-9._~%+=-]|&amp;|\\u0026|&(?!#|quot;|lt;|gt;))*"
_HOSTED: Final = f"https://{HOST}"
_ADDRESS: Final = re.compile(
    rf"{ROOT}(?P<path>/[A-Za-z0-9/._~%+-]*[A-Za-z0-9/_~%+-]|/)"
    rf"(?P<query>\?{_QUERY})?(?P<anchor>#[A-Za-z0-9._~%+-]*[A-Za-z0-9_~%+-])?"
)
"""Begins with plain letters, which are found fast; what is before is looked at afterwards."""
_ATTRIBUTE: Final = re.compile(r"\s(?:href|src|action|data-[a-z-]+)=\"$")
_LONGEST_ATTRIBUTE: Final = 30
_ENCODED_PLACE: Final = quote(f"https://{HOST}{ROOT}", safe="")
_ENCODED: Final = re.compile(rf"{re.escape(_ENCODED_PLACE)}(?P<rest>[A-Za-z0-9._~%+-]*)")
_CITED: Final = re.compile(r"/cite(?:/.+)?\.(?P<suffix>bib|json|ris)")
_PLAIN_IN_DATA: Final = "/:;,=?@!$()*+-._~'"
"""The characters that need no escape in a ``data:`` address in an attribute."""
_POLICY: Final = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
POLICY_OF_PAGES: Final = "; ".join(
    part for part in _POLICY.split("; ") if not part.startswith("frame-ancestors")
)
"""The content security policy in a page itself: an element cannot forbid framing."""
_AND: Final = re.compile(r"^(?:&amp;|\\u0026|&)")
_IN_NAME: Final = re.compile(rf"(?:\?|&amp;|\\u0026|&)(?:{CERTAINTY}|{LANGUAGE})=[a-z]+")
_HEAD: Final = re.compile(r"(<meta charset=\"utf-8\">)")

Single = Callable[[SiteAddress], bool]
"""Returns whether a page at an address says what it says at every certainty, and has one file."""


def has_addresses(body: bytes) -> bool:
    return _SIGN in body or HOST.encode() in body


def is_offered(href: str) -> bool:
    """Whether an edition has the target of an address in a response."""
    path = href.removeprefix(_HOSTED)
    if not path.startswith(ROOT):
        return True
    return not isinstance(canonical(SiteAddress.of(path.removeprefix(ROOT))), Absent)


@dataclass(frozen=True)
class Target:
    """The target of an address in a response."""

    path: str
    query: str
    """Its query string, as written there."""
    page: SiteAddress
    """The address whose file the link leads to."""
    is_absent: bool
    """Whether it is a page that explains why something is missing."""

    @cached_property
    def citation_suffix(self) -> str:
        """The suffix of a citation file; empty for any other file."""
        cited = _CITED.fullmatch(split_path(self.path)[1])
        return cited["suffix"] if cited else ""

    @cached_property
    def kept(self) -> str:
        """What remains of a query.

        If a script of the page reads the query, it keeps everything that is not in the file's name,
        the language and the certainty; otherwise nothing remains.
        """
        if not self.query or split_path(self.path)[1] not in SCRIPTED:
            return ""
        kept = _IN_NAME.sub("", self.query)
        return _AND.sub("?", kept, count=1) if kept and not kept.startswith("?") else kept


@lru_cache(1 << 16)
def _target_of(path: str, query: str) -> Target:
    said = SiteAddress.of(f"{path}{unescape(query.replace(chr(92) + 'u0026', '&'))}")
    address = canonical(said)
    if isinstance(address, Absent):
        return Target(path, query, address_of_absent(address, said.language), is_absent=True)
    return Target(path, query, address, is_absent=False)


def addresses_in(text: str) -> set[SiteAddress]:
    """Return the targets of a response that have files."""
    asked = {found.group("path", "query") for found in _ADDRESS.finditer(text)}
    targets = [_target_of(path, query or "") for path, query in asked]
    return {it.page for it in targets if not it.is_absent}


@dataclass(frozen=True)
class Rewriter:
    """Rewrites the links of responses so that they lead to files, relative to each file."""

    base: str
    """The lasting address of the edition, with a slash at its end."""
    is_single: Single
    place: str = ""
    """The beginning of links if the place of the page is unknown; else they are relative."""

    def rewritten(self, text: str, address: SiteAddress, citation: Citation | None = None) -> str:
        """Return the text of a response with its links; raise EditionError if an address is left.

        Links to the citation files of the page contain the citation itself.
        """
        file, is_page = address.file, address.is_page
        up = self.place or "../" * file.count("/")
        parts, at = [], 0
        for found in _ADDRESS.finditer(text):
            begin, end = found.span()
            path, query, anchor = found.groups("")
            target, attribute = _target_of(path, query), None
            host = text.endswith(_HOSTED, max(0, begin - len(_HOSTED)), begin)
            begin -= len(_HOSTED) if host else 0
            if host or target.is_absent:
                attribute = _ATTRIBUTE.search(text, max(at, begin - _LONGEST_ATTRIBUTE), begin)
            if attribute and target.is_absent and attribute[0][1:6] == "data-":
                parts.append(text[at : attribute.start()])
                at = end + 1  # with the mark that ends its value
                continue
            parts.append(text[at:begin])
            if host and not (is_page and attribute):
                parts.append(self._absolute(target, anchor))
            elif citation is not None and target.citation_suffix:
                parts.append(self._downloaded(citation, target.citation_suffix, address))
            else:
                parts.append(f"{up}{self._relative(target, anchor)}")
            at = end
        text = "".join((*parts, text[at:]))
        if _ENCODED_PLACE in text:
            text = _ENCODED.sub(lambda found: self._encoded(found["rest"]), text)
        if HOST in text or ROOT in text:
            place = text.find(HOST if HOST in text else ROOT)
            left = text[place - 40 : place + 60]
            raise EditionError(f"{file}: an address is left as {left!r}.")
        return text

    def _relative(self, target: Target, anchor: str) -> str:
        file = self._file(target)
        return file if target.is_absent else f"{file}{target.kept}{anchor}"

    def _absolute(self, target: Target, anchor: str) -> str:
        """Return an address under the base; the names of things are those of the data."""
        path = target.path
        if path == "/" and not target.query:
            return self.base
        if path.startswith("/id/") or path == "/dataset":
            return f"{self.base}{path[1:]}"
        return f"{self.base}{self._relative(target, anchor)}"

    def _downloaded(self, citation: Citation, suffix: str, address: SiteAddress) -> str:
        """Return a citation as a ``data:`` address for download, and its file name."""
        text = self.rewritten(citation.written(suffix), address)
        content = quote(text, safe=_PLAIN_IN_DATA)
        name = f"{citation.reference.key}.{suffix}"
        return f'data:{SUFFIXES[suffix]};charset=utf-8,{content}" download="{name}'

    def _encoded(self, rest: str) -> str:
        found = _ADDRESS.fullmatch(f"{ROOT}{unquote(rest)}")
        if found is None:
            return f"{_ENCODED_PLACE}{rest}"
        path, query, anchor = found.groups("")
        return quote(self._absolute(_target_of(path, query), anchor), safe="")

    def _file(self, target: Target) -> str:
        page = target.page
        if page.certainty != LEAST_SURE and self.is_single(page.at_every_certainty):
            page = page.at_every_certainty
        return quote(page.file, safe="/.-_~")


def page_of_edition(html: str, robots: str) -> str:
    """Return a page with the information that headers would give."""
    said = f'<meta http-equiv="Content-Security-Policy" content="{POLICY_OF_PAGES}">'
    if robots and 'name="robots"' not in html:
        said += f'\n  <meta name="robots" content="{robots}">'
    return _HEAD.sub(lambda found: f"{found[1]}\n  {said}", html, count=1)


def page_that_leads(target: str, language: str) -> str:
    """Return a page that redirects to another one, for a replaced address."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n  <meta charset="utf-8">\n'
        f"  <title>→</title>\n"
        f'  <meta http-equiv="refresh" content="0; url={target}">\n'
        f'  <link rel="canonical" href="{target}">\n</head>\n'
        f'<body><p><a href="{target}">→</a></p></body>\n</html>\n'
    )
