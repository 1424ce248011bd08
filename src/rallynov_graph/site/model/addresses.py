"""The addresses of the site: every link of a page is made here; those of things may give way."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.base.namespaces import BASE, RN
from rallynov_graph.questions.page_queries import PageQueries

_THING: Final = re.compile(r"id/([a-z][a-z0-9-]*)/([^/?#\s]+)")
_LOCAL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_IRI: Final = re.compile(r"[A-Za-z0-9._~:/#-]*")
"""A value whose only characters to quote are those of our IRIs, as in most values."""
CERTAINTY: Final = "certainty"
"""The parameter of the least certainty of facts; an address without it admits all."""
LANGUAGE: Final = "lang"
AS_OF: Final = "as_of"
"""The parameter of a date: the page then says what was known by it."""
IN_DOCUMENT: Final = "in_document"
"""The parameter of a document: the page then says what that one alone says."""
FIRST_PAGE: Final = "/"
UNFILTERED: Final = frozenset(
    {
        "r",
        "about",
        "absent",
        "accessibility",
        "api",
        "context",
        "docs",
        "doubts",
        "downloads",
        "releases",
        "report",
        "search",
        "shapes",
        "sparql",
    }
)
"""The first parts of paths whose pages say the same at every certainty."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._-]*")
_WEB: Final = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """The target of a link; an external one is outside the site."""

    href: str
    external: bool = False


@dataclass(frozen=True)
class Addresses:
    """The addresses of the site for readers of one language who want facts of some certainty.

    Every link of a page keeps both, as long as it names no other.
    """

    language: str = DEFAULT_LANGUAGE
    base: str = BASE
    root: str = ""
    """The path that the site is under, without a slash at its end."""
    foreign: bool = False
    """Whether the graph is not Rally'nov's: then everything it mentions has a page."""
    certainty: str = LEAST_SURE
    """The least certainty of the facts that the reader wants to see."""
    moment: tuple[tuple[str, str], ...] = ()
    """The parameters of a moment; none for everything that is known."""

    def path(self, path: str, query: Iterable[tuple[str, str]] = (), anchor: str = "") -> str:
        """Return the address of a path of the site, in the same language and certainty.

        That of the first page always names its language: without one, a browser chooses.
        """
        is_first = path == FIRST_PAGE
        query_string = self._query_string(query, is_first) if query or is_first else self._kept
        fragment = f"#{quote(anchor)}" if anchor else ""
        return f"{self.root}{_quoted(path)}{query_string}{fragment}"

    @cached_property
    def _kept(self) -> str:
        """The query of an address that adds nothing: most links of a page."""
        return self._query_string(())

    def _query_string(self, query: Iterable[tuple[str, str]], names_language: bool = False) -> str:
        pairs = [*self.with_certainty(query)]
        if self.language != DEFAULT_LANGUAGE or names_language:
            pairs.append((LANGUAGE, self.language))
        return f"?{_encoded(pairs)}" if pairs else ""

    def with_certainty(self, query: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield the query of an address with a certainty, unless it is the default one."""
        is_named = is_dated = False
        for name, value in query:
            is_named = is_named or name == CERTAINTY
            is_dated = is_dated or name in (AS_OF, IN_DOCUMENT)
            if value != "" and (name, value) != (CERTAINTY, LEAST_SURE):
                yield name, value
        if not is_named and self.certainty != LEAST_SURE:
            yield CERTAINTY, self.certainty
        if not is_dated:
            yield from self.moment

    def file(self, path: str, query: Iterable[tuple[str, str]] = ()) -> str:
        """Return the address of content shared by all languages: data, style, pictures."""
        pairs = [(name, value) for name, value in query if value != ""]
        query_string = f"?{_encoded(pairs)}" if pairs else ""
        return f"{self.root}{_quoted(path)}{query_string}"

    def of_thing(self, iri: str, described: bool) -> Address | None:
        """Return the address of a thing: its page on the site, else its IRI if it is a URL."""
        short = self.short(iri)
        if short is not None:
            return Address(self.path(f"/page/{short}"))
        if iri.startswith(RN) and not self.foreign:
            return Address(self.term(iri))
        if described or self.foreign:
            return Address(self.path("/resource", [("iri", iri)]))
        return self.outside(iri)

    def term(self, iri: str) -> str:
        """Return the address of the page of a term, of our ontology or of another one."""
        local = iri.removeprefix(RN)
        if local == iri:
            return self.path("/ontology/term", [("iri", iri)])
        if _LOCAL.fullmatch(local):
            return self.path(f"/ontology/{local}")
        return self.path("/ontology", anchor=local)

    def outside(self, iri: str) -> Address | None:
        """Return an IRI as an external address, None if it is not a URL."""
        return Address(iri, external=True) if _WEB.fullmatch(iri) else None

    def short(self, iri: str) -> str | None:
        """Return ``kind/slug`` of a thing in our namespace, None for any other."""
        if not iri.startswith(self.base):
            return None
        found = _THING.fullmatch(iri, len(self.base))
        return f"{found[1]}/{found[2]}" if found else None

    def short_or_iri(self, iri: str) -> str:
        """Return the text that names a thing: ``kind/slug`` in our graph, else its IRI."""
        return iri if self.foreign else self.short(iri) or iri

    def kind(self, iri: str) -> str:
        """Return the kind of a thing in our namespace, else the empty string."""
        return (self.short(iri) or "").partition("/")[0]

    def page(self, iri: str) -> str:
        return self.path(*self.page_path(iri))

    def page_path(self, iri: str) -> tuple[str, list[tuple[str, str]]]:
        short = self.short(iri)
        return ("/resource", [("iri", iri)]) if short is None else (f"/page/{short}", [])

    def data(self, iri: str, suffix: str) -> str:
        short = self.short(iri)
        if short is not None:
            return self.file(f"/data/{short}{suffix}", self.moment)
        return self.file(f"/resource{suffix}", [("iri", iri), *self.moment])

    def document(self, iri: str) -> str:
        """Return the address of the document about a thing, whatever its format."""
        short = self.short(iri)
        return self.file("/data", [("iri", iri)]) if short is None else self.file(f"/data/{short}")

    def document_of_term(self, iri: str) -> str:
        """Return the address of a term's description in the ontology, in any format."""
        return replace(self, language=DEFAULT_LANGUAGE, certainty=LEAST_SURE, moment=()).term(iri)

    def note(self, claim_id: str) -> str:
        return self.path(f"/r/{claim_id}")

    def explanation(self, subject: str, prop: str, value: str) -> str:
        """Return the long address of a claim's evidence note, for a claim without an indexed id.

        The value is an IRI, or a literal in N-Triples.
        """
        return self.path("/why", [("subject", subject), ("property", prop), ("object", value)])

    def query(self, text: str) -> str:
        return self.path("/sparql", [("query", text)])

    def question(self, name: str, values: Iterable[tuple[str, str]] = ()) -> str:
        return self.path(f"/questions/{name}", values)


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs as a query string, as ``urlencode`` writes it."""
    return "&".join(f"{_quoted_value(name)}={_quoted_value(value)}" for name, value in pairs)


def _quoted_value(text: str) -> str:
    if _IRI.fullmatch(text):
        return text.replace(":", "%3A").replace("/", "%2F").replace("#", "%23")
    return quote_plus(text)


def _quoted(path: str) -> str:
    """Return a path with its quoted characters; most have none."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/.-_~%")


Successors = Mapping[str, tuple[str, ...]]
"""The replacements of each former IRI: one if it was merged, several if it was split."""


def successors(queries: PageQueries) -> Successors:
    """Return the replacements of addresses in a graph, without circles."""
    found: dict[str, list[str]] = {}
    for former, now in queries.rows("gave_way").rows:
        if isinstance(former, NamedNode) and isinstance(now, NamedNode):
            found.setdefault(former.value, []).append(now.value)
    ends = {former: tuple(sorted({*_ends(former, found)})) for former in found}
    return MappingProxyType({former: now for former, now in ends.items() if now})


def _ends(former: str, found: Mapping[str, list[str]]) -> Iterator[str]:
    pending, passed = [former], set[str]()
    while pending:
        thing = pending.pop()
        if thing in passed:
            continue
        passed.add(thing)
        if thing in found:
            pending += found[thing]
        else:
            yield thing
