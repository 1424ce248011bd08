"""The files for addresses of the site in an edition, and the addresses without one.

The file depends only on the address, so that a link is right before its target is made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, RESULTS_TSV, RESULTS_XML, TURTLE
from rallynov_graph.release.release_set import split_path
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE, UNFILTERED

LONGEST: Final = 100
"""So many characters a part of a path may have: others may unpack the folder deep in theirs."""
_DIGITS: Final = 10
_PLAIN: Final = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_-])?")
"""The characters that are safe in file names on every system."""
_SUFFIX: Final = re.compile(r"(.*)(\.[a-z0-9]+)", re.DOTALL)
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""The device names of Windows."""
_STATIC: Final = "/static/"
_SUMS: Final = "/downloads/SHA256SUMS"
"""The one file without a suffix: who downloads it checks the others by its name."""
_ABSENT: Final = "/absent/"

Pairs = tuple[tuple[str, str], ...]


class Absent(StrEnum):
    """What an edition has no files for; a page for each says so and what to use instead."""

    BUILDER = "builder"
    CONNECTIONS = "connections"
    COMPARISON = "comparison"
    CHOICES = "choices"
    """Lists, networks and questions with choices beyond those that are linked."""
    PROGRAMS = "programs"
    """Services that programs ask: search, reconciliation, the endpoint."""
    CLAIMS = "claims"
    """The files of one claim: its page has its citations, the downloads have its statements."""
    FORMATS = "formats"
    """Formats of data and of answers beyond two, which the downloads have for the whole graph."""


_ABSENT_PATHS: Final = {
    "builder": Absent.BUILDER,
    "between": Absent.CONNECTIONS,
    "compare": Absent.COMPARISON,
    "api": Absent.PROGRAMS,
    "reconcile": Absent.PROGRAMS,
    "graphs": Absent.PROGRAMS,
    "suggest.json": Absent.PROGRAMS,
    "names.json": Absent.PROGRAMS,
    "points.json": Absent.PROGRAMS,
    "search.json": Absent.PROGRAMS,
    "search.csv": Absent.PROGRAMS,
    "cite": Absent.PROGRAMS,
}
"""The absent features by the first part of their path."""
_OF_CLAIM: Final = re.compile(r"/(?:r/.+|why)\.[a-z]+")
"""The files of a claim."""
_FOR_PROGRAMS: Final = "/api"
"""The page that lists the files for programs."""
SCRIPTED: Final = frozenset({"/search", "/sparql"})
"""Pages whose script reads what their address asks: their links keep it."""
_LEADING: Final = {
    "/catalog": "/catalog.ttl",
    "/.well-known/void": "/void.ttl",
}
"""Addresses whose response depends on the requested format, with the file for links to them."""
OFFERED: Final = (TURTLE, JSON_LD)
"""The formats of data that an edition has beside the downloads."""
_OFFERED: Final = frozenset(form.suffix[1:] for form in OFFERED)
"""Their suffixes: such files are the same in every language."""
_LEFT_OUT: Final = frozenset(
    {RESULTS_TSV.name, RESULTS_XML.name, *(form.suffix[1:] for form in GRAPHS)} - _OFFERED
)
_WHOLE: Final = frozenset({"downloads", "dataset.nq", "sitemap.xml"})
"""The first parts of paths that have files in every format."""
_CHOICES: Final = {
    "list": (frozenset({"class", "view", "open", "page"}), 4),
    "network": (frozenset({"centre", "sort", "same_stage"}), 1),
    "carnet": (frozenset({"page"}), 1),
    "doubts": (frozenset({"touches", "try", "page"}), 2),
    "changes": (frozenset({"from", "what", "kind", "page"}), 4),
    "docs": (frozenset[str](), 0),
}
"""The parameters of pages whose values are files, and how many of them at once."""
_ONE_VALUE: Final = "open"
"""A parameter that may have several values, of which an edition has one at a time."""


@dataclass(frozen=True, order=True)
class SiteAddress:
    """An address of the site, without the site's own prefix."""

    path: str
    query: Pairs = ()
    """The parameters, without language and certainty."""
    language: str = DEFAULT_LANGUAGE
    certainty: str = LEAST_SURE

    @classmethod
    def of(cls, text: str) -> SiteAddress:
        path, _, query = text.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True) if query else []
        named = dict(pairs)
        return cls(
            path,
            tuple(pair for pair in pairs if pair[0] not in (LANGUAGE, CERTAINTY)),
            named.get(LANGUAGE, DEFAULT_LANGUAGE),
            named.get(CERTAINTY, LEAST_SURE),
        )

    @property
    def query_string(self) -> str:
        pairs = [*self.query]
        if self.certainty != LEAST_SURE:
            pairs.append((CERTAINTY, self.certainty))
        if self.language != DEFAULT_LANGUAGE:
            pairs.append((LANGUAGE, self.language))
        return urlencode(pairs)

    @property
    def within_release(self) -> tuple[str, str]:
        """The path of its earlier release, empty for the site itself, and the rest."""
        return split_path(self.path)

    @property
    def first_part(self) -> str:
        """The first part of its path within its release."""
        return self.within_release[1].split("/", 2)[1]

    @property
    def is_page(self) -> bool:
        """Whether it is a page, which has a file for each language."""
        rest = self.within_release[1]
        is_data = rest in ("/data", _SUMS) or rest.startswith(("/data/", "/linkset", _STATIC))
        return not (is_data or "." in rest.rpartition("/")[2])

    @property
    def group(self) -> SiteAddress:
        """The address of the same page in the first language, for all certainties."""
        if self.language == DEFAULT_LANGUAGE and self.certainty == LEAST_SURE:
            return self
        return replace(self, language=DEFAULT_LANGUAGE, certainty=LEAST_SURE)

    @property
    def at_every_certainty(self) -> SiteAddress:
        """The address of the same page, for all certainties."""
        return self if self.certainty == LEAST_SURE else replace(self, certainty=LEAST_SURE)

    def variants(self) -> Iterator[SiteAddress]:
        """Yield the addresses of a page in a language at each certainty, the least sure first."""
        return (replace(self, certainty=certainty) for certainty in reversed(CERTAINTIES))

    def is_file_of(self, page: SiteAddress) -> bool:
        """Whether a file has the content of a page: its data, its rows, its links."""
        if self.is_page or self.query != page.query:
            return False
        path, suffix = self.within_release[1], self.path.rpartition("/")[2].rpartition(".")
        stem = path.removesuffix(f".{suffix[2]}") if suffix[1] else path.removeprefix("/linkset")
        wanted = page.within_release[1]
        return stem in (wanted, f"/data{wanted.removeprefix('/page')}")

    @property
    def file(self) -> str:
        return _file_of(self)


def canonical(address: SiteAddress) -> SiteAddress | Absent:
    """Return the address of the file that a link leads to, or why there is none."""
    place, rest = address.within_release
    first = address.first_part
    if rest == _SUMS or rest.startswith(_STATIC):
        return SiteAddress(address.path)
    absent = _absent(address, first, rest)
    if absent is not None:
        return absent
    if rest.startswith("/id/"):
        rest = f"/page/{rest[4:]}"
    elif rest == "/data":
        rest = "/resource.ttl"
    elif rest.startswith("/data/") and "." not in rest:
        rest = f"{rest}.ttl"
    rest = _LEADING.get(rest, rest)
    found = replace(address, path=place + rest)
    if rest in SCRIPTED:
        found = replace(found, query=())
    if rest.startswith("/data/") or first == "linkset":
        found = replace(found, certainty=LEAST_SURE, language=DEFAULT_LANGUAGE)
    elif rest.rpartition(".")[2] in _OFFERED:
        found = replace(found, language=DEFAULT_LANGUAGE)
    return replace(found, certainty=LEAST_SURE) if first in UNFILTERED else found


def _absent(address: SiteAddress, first: str, rest: str) -> Absent | None:
    if rest == _FOR_PROGRAMS:
        return None
    name = first.partition(".")[0]
    known = _ABSENT_PATHS.get(first) or _ABSENT_PATHS.get(name)
    if known is not None:
        return known
    if rest.startswith(("/sparql.", "/sparql/", "/search/")):
        return Absent.PROGRAMS
    if _OF_CLAIM.fullmatch(rest):
        return Absent.CLAIMS
    suffix = rest.rpartition("/")[2].rpartition(".")[2] if first not in _WHOLE else ""
    of_thing = rest.startswith("/data/") and suffix != rest.rpartition("/")[2]
    if suffix in _LEFT_OUT or (of_thing and suffix not in _OFFERED):
        return Absent.FORMATS
    names, most = _CHOICES.get(_place_of_choices(rest), (None, 0))
    if names is None:
        return None
    asked = [key for key, _ in address.query]
    if {*asked} - names or len(asked) > most or asked.count(_ONE_VALUE) > 1:
        return Absent.CHOICES
    return None


def _place_of_choices(rest: str) -> str:
    """Return the first part of a path; for a page with a choice of links, the page's."""
    parts = rest.removeprefix("/linkset").split("/")
    return parts[1].partition(".")[0] if len(parts) > 1 else ""


def address_of_absent(kind: Absent, language: str = DEFAULT_LANGUAGE) -> SiteAddress:
    """Return the address of the page that says why something is missing."""
    return SiteAddress(f"{_ABSENT}{kind}", language=language)


@lru_cache(1 << 16)
def _file_of(address: SiteAddress) -> str:
    """Return the path of an address's file in the folder of an edition.

    The parts of the path stay. The query follows the last part, as ``.name-value`` each, then the
    certainty, the language and the type of file. A part that is not a valid file name on every
    system is written in plain letters and ends with a hash of the original.
    """
    path = address.path
    if address.within_release[1].startswith((_STATIC, _SUMS)):
        return path[1:]
    if path.endswith("/"):
        path += "index"
    *folders, last = path[1:].split("/")
    stem, suffix = last, ".html"
    if not address.is_page:
        found = _SUFFIX.fullmatch(last)
        stem, suffix = (found[1], found[2]) if found else (last, ".json")
    asked = "".join(f".{name}-{_value(value)}" for name, value in address.query)
    certainty = f".{address.certainty}" if address.certainty != LEAST_SURE else ""
    language = f".{address.language}" if address.language != DEFAULT_LANGUAGE else ""
    named = _name(unquote(stem) + asked)
    names = [*(_name(unquote(it)) for it in folders), named]
    return "/".join(names) + f"{certainty}{language}{suffix}"


def _value(value: str) -> str:
    """Return a value with its slashes replaced by a character that our names do not use."""
    return value.replace("\\", "\\\\").replace("_", "\\_").replace("/", "_")


def _name(part: str) -> str:
    """Return a part of a path as a valid file name on every system."""
    is_plain = _PLAIN.fullmatch(part) and len(part) <= LONGEST and not _DEVICES.fullmatch(part)
    if is_plain:
        return part
    digest = hashlib.sha256(part.encode()).hexdigest()[:_DIGITS]
    readable = re.sub(r"[^a-z0-9._-]+", "-", part.lower()).strip("-.")[: LONGEST - _DIGITS - 1]
    if _DEVICES.fullmatch(readable):
        readable = readable.replace(".", "-", 1)
    return f"{readable.rstrip('-.') or 'x'}-{digest}"
