"""Typed links: as a ``Link`` header (RFC 8288) and as a set of links in JSON (RFC 9264)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from rallynov_graph.rdf.formats import Format

LINKSET: Final = Format("linkset", "Linkset", "application/linkset+json", (".json",))
_KEPT: Final = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True)
class Link:
    """What a resource is related to, and how."""

    rel: str
    href: str
    type: str = ""
    """The media type of what is there."""
    hreflang: str = ""

    def header(self) -> str:
        """Return the link as a value of the header."""
        of_type = f'; type="{self.type}"' if self.type else ""
        language = f'; hreflang="{self.hreflang}"' if self.hreflang else ""
        return f'<{ascii_only(self.href)}>; rel="{self.rel}"{of_type}{language}'

    def target(self) -> dict[str, Any]:
        """Return the link as a member of a set of links has it."""
        target: dict[str, Any] = {"href": ascii_only(self.href)}
        if self.type:
            target["type"] = self.type
        if self.hreflang:
            target["hreflang"] = [self.hreflang]
        return target


@dataclass(frozen=True)
class Links:
    """A resource and everything that it is related to."""

    anchor: str
    links: tuple[Link, ...]


def linkset(resources: Iterable[Links]) -> str:
    """Return the links of some resources as a document of the type of ``LINKSET``."""
    contexts = []
    for resource in resources:
        context: dict[str, Any] = {"anchor": ascii_only(resource.anchor)}
        for link in resource.links:
            context.setdefault(link.rel, []).append(link.target())
        contexts.append(context)
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n"


def ascii_only(iri: str) -> str:
    """Return an IRI as a URI, which is what headers hold."""
    return iri if iri.isascii() else quote(iri, safe=_KEPT)
