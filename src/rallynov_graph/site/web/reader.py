"""The site, the language and the address of the current request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, redirect, request
from werkzeug import Response
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.http.links import LINKSET, Link
from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.queries import Ask, ServedStore
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE, Addresses
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import is_page
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import Site
from rallynov_graph.site.web.url_parameters import BadParameterError, one_of
from rallynov_graph.sparql.store import Store

_PAGE_NUMBER = "page"


@dataclass(frozen=True)
class RequestedAddress:
    """The requested address of a page, without the path of the site."""

    path: str
    query: str = ""

    def in_language(self, addresses: Addresses, language: str) -> str:
        """Return the address of the same page in a language."""
        return self._written(addresses, LANGUAGE, "" if language == DEFAULT_LANGUAGE else language)

    def at_certainty(self, addresses: Addresses, certainty: str) -> str:
        """Return the address of the same page with facts of at least this certainty.

        It has no page number, since the list may have fewer pages then.
        """
        value = "" if certainty == LEAST_SURE else certainty
        return self._written(addresses, CERTAINTY, value, _PAGE_NUMBER)

    def without(self, addresses: Addresses, *refused: tuple[str, str] | str) -> str:
        """Return the address of the same page without some parameters, or some values of them.

        It has no page number: the list may have another length.
        """
        kept = [
            pair
            for pair in parse_qsl(self.query, keep_blank_values=True)
            if pair not in refused and pair[0] not in (*refused, _PAGE_NUMBER)
        ]
        return RequestedAddress(self.path, urlencode(kept))._written(addresses, "", "")

    def _written(self, addresses: Addresses, name: str, value: str, *without: str) -> str:
        """Return the address with another value of a parameter, the language at its end."""
        pairs = parse_qsl(self.query, keep_blank_values=True) if self.query else []
        kept = [pair for pair in pairs if pair[0] not in (name, *without)]
        kept += [(name, value)] if value else []
        kept.sort(key=lambda pair: (pair[0] == CERTAINTY) + 2 * (pair[0] == LANGUAGE))
        return addresses.file(self.path) + (f"?{urlencode(kept)}" if kept else "")


RELEASES: Final = "/releases"
"""The page of the releases that are served together."""
DATASET: Final = PREFIXES["schema"] + "Dataset"
_CREATOR: Final = PREFIXES["dcterms"] + "creator"
_LICENCE: Final = PREFIXES["dcterms"] + "license"

Files = tuple[tuple[Format, str], ...]
"""The formats of a document, each with its address."""


@dataclass(frozen=True)
class RequestContext:
    """The site with the addresses of a request's language, path and host."""

    site: Site
    addresses: Addresses
    host: str
    """The scheme and the host of the request, without a slash at the end."""
    visitor_store: Store | None = None
    """The store that runs queries under a visitor's limits; None where nothing is served."""

    @cached_property
    def view(self) -> GraphView:
        """The graph in this language."""
        return GraphView(self.site.graph, self.addresses, self.visitor_store)

    @property
    def words(self) -> Messages:
        """The words of this language."""
        return self.site.messages[self.addresses.language]

    def absolute(self, address: str) -> str:
        """Return an address of the site as a URL, under the published base if there is one."""
        base = self.site.publication.base
        if base:
            return f"{base.rstrip('/')}{address[len(self.root) :]}"
        return f"{self.host}{address}"

    @property
    def root(self) -> str:
        """The path of the whole site, without that of an earlier release."""
        return self.addresses.root.removesuffix(self.site.place)

    def addresses_in(self, version: Version) -> Addresses:
        """Return the addresses of the site in one of its releases."""
        return replace(self.addresses, root=f"{self.root}{version.place}")

    def document(self, iri: str) -> str:
        """Return the URL of the document about a thing."""
        return self.absolute(self.addresses.document(iri))

    def page(self, iri: str) -> str:
        """Return the URL of the page of a thing."""
        return self.absolute(self.addresses.page(iri))

    def reachable(self, iri: str) -> str:
        """Return the URL at which this site answers for one of its things; else the IRI."""
        short = self.addresses.short(iri)
        return iri if short is None else self.absolute(self.addresses.file(f"/id/{short}"))

    def files_of_thing(self, iri: str) -> Files:
        """Return the addresses of the documents about a thing."""
        return tuple((form, self.addresses.data(iri, form.suffix)) for form in GRAPHS)

    def links_of_document(self, iri: str) -> tuple[Link, ...]:
        """Return the links of a document about a thing, in any format."""
        return (
            Link("describes", self.page(iri), "text/html"),
            Link("about", self.reachable(iri)),
            Link("type", DATASET),
            *self.rights,
            *self.files(self.files_of_thing(iri), "alternate"),
            *self.versions(lambda addresses: addresses.document(iri), iri),
            self.set_of_links(iri),
        )

    @cached_property
    def rights(self) -> tuple[Link, ...]:
        """The links to the creators and the licence of the dataset."""
        return tuple(
            Link(rel, self.reachable(getattr(value, "value", "")))
            for rel, prop in (("author", _CREATOR), ("license", _LICENCE))
            for value in self.site.origin.values(prop)
        )

    def files(self, files: Files, *relations: str) -> list[Link]:
        """Return the links to files, one for each relation and file."""
        return [
            Link(rel, self.absolute(href), form.media_type)
            for rel in relations
            for form, href in files
        ]

    def versions(
        self, address: Callable[[Addresses], str], iri: str = "", media_type: str = ""
    ) -> Iterator[Link]:
        """Yield the links to the same page in the other served releases (RFC 5829).

        Releases without the thing are left out.
        """
        served = self.site.versions
        if len(served) < 2:
            return
        current = next(
            number for number, version in enumerate(served) if version.place == self.site.place
        )
        wanted = [("predecessor-version", current + 1), ("successor-version", current - 1)]
        for rel, number in [("latest-version", 0 if current else -1), *wanted]:
            if 0 <= number < len(served) and (not iri or served[number].describes(iri)):
                href = address(self.addresses_in(served[number]))
                yield Link(rel, self.absolute(href), media_type)
        listed = self.addresses_in(served[0]).path(RELEASES)
        yield Link("version-history", self.absolute(listed), "text/html")

    def set_of_links(self, iri: str) -> Link:
        """Return the link to the link set of a thing."""
        path, query = self.addresses.page_path(iri)
        return self.linkset(self.addresses.file(f"/linkset{path}", query))

    def linkset(self, address: str) -> Link:
        """Return the link to a link set."""
        return Link("linkset", self.absolute(address), LINKSET.media_type)


_READERS: Final = 256
"""For so many languages, certainties and places of the site the addresses are kept."""
LONGEST_PAGE = 6
"""How many digits the number of a page may have."""


def site() -> Site:
    """Return the site that answers this request."""
    return cast(Site, current_app.extensions["site"])


def view() -> GraphView:
    """Return the graph as this request's reader sees it."""
    return cast(GraphView, g.view)


def words() -> Messages:
    """Return the words of the reader's language."""
    return site().messages[view().language]


def read_language_and_certainty() -> Response | None:
    """Set the language and the certainty that the address of a request asks for.

    A page whose address names the default certainty redirects to the address without it.
    Raises BadParameterError for an unknown language or certainty.
    """
    language = request.args.get(LANGUAGE, DEFAULT_LANGUAGE)
    certainty = request.args.get(CERTAINTY, LEAST_SURE)
    set_view(
        language if language in LANGUAGES else DEFAULT_LANGUAGE,
        certainty if certainty in CERTAINTIES else LEAST_SURE,
    )
    if language not in LANGUAGES:
        raise BadParameterError(BadParameter(LANGUAGE, "lang"))
    if not _is_of_page():
        return None
    if (
        one_of(CERTAINTY, ("", *CERTAINTIES), LEAST_SURE) == LEAST_SURE
        and CERTAINTY in request.args
    ):
        address = requested_address()
        return redirect(address.at_certainty(view().addresses, LEAST_SURE), 301)
    return None


def _is_of_page() -> bool:
    reads = request.method in ("GET", "HEAD") and not site().foreign
    return reads and is_page(request.path)


def set_view(language: str, certainty: str = LEAST_SURE) -> None:
    """Set the language in which this request sees the graph, and the certainty of its links."""
    this_site = site()
    addresses = _addresses(
        language, this_site.base, request.script_root, this_site.foreign, certainty
    )
    g.view = GraphView(this_site.graph, addresses, _visitor_store(this_site))
    g.pop("request_context", None)


@lru_cache(_READERS)
def _addresses(language: str, base: str, root: str, is_foreign: bool, certainty: str) -> Addresses:
    """Return the addresses of a reader: the same ones, so that caches find them at once."""
    return Addresses(language, base, root, is_foreign, certainty)


def _visitor_store(this_site: Site) -> Store | None:
    """Return the store that runs this request's queries under a visitor's limits.

    It is None where nothing is served, and for another graph than ours, whose pages have a
    different default graph from its endpoint.
    """
    ask = request.environ.get(ASK)
    return None if ask is None or this_site.foreign else ServedStore(cast(Ask, ask))


def absolute(address: str) -> str:
    """Return an address of the site as a URL, under the published base if there is one.

    Raises BadRequest where there is none, and the request names no host that could be one.
    """
    return request_context().absolute(address)


def request_context() -> RequestContext:
    """Return the context of this request; raise BadRequest where it names no host."""
    if "request_context" not in g:
        if not (site().publication.base or request.host):
            raise BadRequest
        g.request_context = _context(host_of_request())
    return cast(RequestContext, g.request_context)


def host_of_request() -> str:
    """Return the scheme and host of the request."""
    return request.host_url.rstrip("/")


def page_number() -> int:
    """Return the page number of the address; raise BadParameterError where it is none."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE and int(text)):
        raise BadParameterError(BadParameter("page", "page"))
    return int(text)


def requested_address() -> RequestedAddress:
    """Return the address that is asked for."""
    return RequestedAddress(request.path, request.query_string.decode("latin-1"))


def address_parameters(*besides: str) -> dict[str, str]:
    """Return the first value of each parameter of the address, except the language and these."""
    return {
        name: value
        for name, value in request.args.to_dict().items()
        if name not in ("lang", *besides)
    }


def _context(host: str) -> RequestContext:
    return RequestContext(site(), view().addresses, host, view().visitor_store)
