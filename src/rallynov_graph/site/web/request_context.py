"""The context of a request, and the typed links of things; it is free of Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.http.links import LINKSET, Link
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.release.release_set import Version
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from rallynov_graph.site.web.messages import Messages
    from rallynov_graph.site.web.site import Site

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
