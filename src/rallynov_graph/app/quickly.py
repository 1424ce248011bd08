"""Documents about things, told without the way that pages take: what programs ask for most.

The answer is the one of ``app.data``, byte for byte; what is not plain is left to that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from flask import Flask
from pyoxigraph import NamedNode
from werkzeug.http import http_date

from rallynov_graph.app.headers import SECURITY, issued_of, tag_of
from rallynov_graph.app.here import Here
from rallynov_graph.app.signposting import fitting
from rallynov_graph.app.site import Site
from rallynov_graph.app.writing import BY_SUFFIX, content
from rallynov_graph.errors import UnwritableError
from rallynov_graph.views.addresses import Addresses

MOST: Final = 500
"""Of a thing of which more is said, somebody tells who may take longer."""
_PLACES: Final = 16
"""At how many addresses a site is known at a time."""
_PATH: Final = re.compile(r"/data/([a-z][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)(\.(?:ttl|nt|rdf|jsonld))")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Asked:
    """A request for a document, without a query and without conditions."""

    path: str
    accept: str
    host: str
    """The scheme and the host, without a slash at the end."""
    root: str
    """The path that the site lies under."""


class Documents:
    """The documents of a release."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._here = lru_cache(_PLACES)(self._reached)
        day = issued_of(site)
        self._fixed = _FIXED + (_encoded({"Last-Modified": http_date(day)}) if day else [])

    @classmethod
    def of(cls, pages: object) -> Documents | None:
        """Return the documents of an application of ours that has a release; None of others."""
        site = pages.extensions["site"] if isinstance(pages, Flask) else None
        return None if site is None or site.release is None else cls(site)

    def told(self, asked: Asked) -> tuple[Headers, bytes] | None:
        """Return the headers and the content of a document; None where it is no simple one."""
        found = _PATH.fullmatch(asked.path)
        if found is None:
            return None
        kind, slug, suffix = found.groups()
        here = self._here(asked.host, asked.root)
        iri, form = f"{self._site.base}id/{kind}/{slug}", BY_SUFFIX[suffix]
        queries = self._site.graph.queries
        triples = queries.store.construct(queries.text("about_thing", thing=NamedNode(iri)))
        said = [*islice(triples, MOST + 1)]
        if not 0 < len(said) <= MOST:
            return None
        about = self._site.origin.of(here.document(iri), iri)
        try:
            body = content([*said, *about], form, self._site.context)
        except UnwritableError:
            return None
        own = {
            "Content-Type": form.content_type,
            "Content-Length": str(len(body)),
            "Content-Disposition": f'inline; filename="{slug}{suffix}"',
            "Link": fitting(here.links_of_document(iri)),
            "ETag": f'"{tag_of(self._site, f"{asked.path}?", asked.accept, asked.root)}"',
        }
        return [*self._fixed, *_encoded(own)], body

    def _reached(self, host: str, root: str) -> Here:
        return Here(self._site, Addresses(base=self._site.base, root=root), host)


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


_FIXED: Final = _encoded(
    {
        **SECURITY,
        "Cache-Control": "no-cache",
        "Accept-Ranges": "bytes",
    }
)
