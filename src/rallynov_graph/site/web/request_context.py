"""The site as one request reaches it, and the typed links of what it has: no request is asked."""

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

if TYPE_CHECKING:
    from rallynov_graph.site.web.messages import Messages
    from rallynov_graph.site.web.site import Site

RELEASES: Final = "/releases"
"""The page of the releases that are served together."""
DATASET: Final = PREFIXES["schema"] + "Dataset"
_CREATOR: Final = PREFIXES["dcterms"] + "creator"
_LICENCE: Final = PREFIXES["dcterms"] + "license"

Files = tuple[tuple[Format, str], ...]
"""The addresses of a document in each format that it is had in."""


@dataclass(frozen=True)
class RequestContext:
    """The site with its addresses, and with what whole ones begin with."""

    site: Site
    addresses: Addresses
    host: str
    """The scheme and the host that were asked, without a slash at the end."""

    @cached_property
    def view(self) -> GraphView:
        """The graph as readers of this language see it."""
        return GraphView(self.site.graph, self.addresses)

    @property
    def words(self) -> Messages:
        """The words of this language."""
        return self.site.messages[self.addresses.language]

    def absolute(self, address: str) -> str:
        """Return the whole of an address of the site: under its lasting base if there is one."""
        base = self.site.publication.base
        if base:
            return f"{base.rstrip('/')}{address[len(self.root) :]}"
        return f"{self.host}{address}"

    @property
    def root(self) -> str:
        """The path that the whole site lies under: that of a release aside."""
        return self.addresses.root.removesuffix(self.site.place)

    def addresses_in(self, version: Version) -> Addresses:
        """Return the addresses of the site in one of the releases that it has."""
        return replace(self.addresses, root=f"{self.root}{version.place}")

    def document(self, iri: str) -> str:
        """Return the whole address of the document about a thing."""
        return self.absolute(self.addresses.document(iri))

    def page(self, iri: str) -> str:
        """Return the whole address of the page of a thing."""
        return self.absolute(self.addresses.page(iri))

    def reachable(self, iri: str) -> str:
        """Return the address at which this site answers for a thing; the IRI of anything else."""
        short = self.addresses.short(iri)
        return iri if short is None else self.absolute(self.addresses.file(f"/id/{short}"))

    def files_of_thing(self, iri: str) -> Files:
        """Return the documents about a thing."""
        return tuple((form, self.addresses.data(iri, form.suffix)) for form in GRAPHS)

    def links_of_document(self, iri: str) -> tuple[Link, ...]:
        """Return the links of a document about a thing, in whichever format it is had."""
        return (
            Link("describes", self.page(iri), "text/html"),
            Link("about", self.reachable(iri)),
            Link("type", DATASET),
            *self.rights,
            *self.files(self.files_of_thing(iri), "alternate"),
            *self.versions(lambda seen: seen.document(iri), iri),
            self.set_of_links(iri),
        )

    @cached_property
    def rights(self) -> tuple[Link, ...]:
        """Who made the dataset, and under which licence it is."""
        return tuple(
            Link(rel, self.reachable(getattr(value, "value", "")))
            for rel, prop in (("author", _CREATOR), ("license", _LICENCE))
            for value in self.site.origin.values(prop)
        )

    def files(self, files: Files, *relations: str) -> list[Link]:
        """Return the links to files, by each of the relations that they have."""
        return [
            Link(rel, self.absolute(href), form.media_type)
            for rel in relations
            for form, href in files
        ]

    def versions(
        self, address: Callable[[Addresses], str], iri: str = "", media_type: str = ""
    ) -> Iterator[Link]:
        """Yield the links to the same in the other releases that are served (RFC 5829).

        A release that says nothing of the thing has no such page.
        """
        them = self.site.versions
        if len(them) < 2:
            return
        here = next(number for number, it in enumerate(them) if it.place == self.site.place)
        wanted = [("predecessor-version", here + 1), ("successor-version", here - 1)]
        for rel, number in [("latest-version", 0 if here else -1), *wanted]:
            if 0 <= number < len(them) and (not iri or them[number].describes(iri)):
                there = address(self.addresses_in(them[number]))
                yield Link(rel, self.absolute(there), media_type)
        listed = self.addresses_in(them[0]).path(RELEASES)
        yield Link("version-history", self.absolute(listed), "text/html")

    def set_of_links(self, iri: str) -> Link:
        """Return the link to the set of links of a thing."""
        path, query = self.addresses.place(iri)
        return self.linkset(self.addresses.file(f"/linkset{path}", query))

    def linkset(self, address: str) -> Link:
        """Return the link to a set of links."""
        return Link("linkset", self.absolute(address), LINKSET.media_type)
