"""Things told without the way that other pages take: their documents, and their pages.

The answer is the one of ``app.data`` and ``app.things``, byte for byte; what is not plain is left
to those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from flask import Flask
from pyoxigraph import NamedNode
from werkzeug.http import http_date

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.thing.routes import EXTRAORDINARY, made
from rallynov_graph.site.web.headers import SECURITY, issued_of, tag_of
from rallynov_graph.site.web.rdf_answers import BY_SUFFIX, graph_content
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress as Address
from rallynov_graph.site.web.signposting import link_header
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import PatternStore

MOST: Final = 500
"""Of a thing of which more is said, somebody tells who may take longer."""
_PLACES: Final = 16
"""At how many addresses a site is known at a time."""
_PATH: Final = re.compile(r"/data/([a-z][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)(\.(?:ttl|nt|rdf|jsonld))")
_PAGE: Final = re.compile(r"/page/([a-z][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)")
_WANTED: Final = re.compile(
    rf"(?:certainty=({'|'.join(CERTAINTIES[:-1])}))?(?:(?:^|(?<=.)&)lang=(en))?"
)
"""What the address of a page asks: a certainty, then a language, as our own links have it."""

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Asked:
    """A request without conditions."""

    path: str
    query: str
    accept: str
    host: str
    """The scheme and the host, without a slash at the end."""
    root: str
    """The path that the site lies under."""

    @property
    def at(self) -> str:
        """The whole address of the site."""
        return f"{self.host}{self.root}"


class Documents:
    """The documents of a release."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._here = lru_cache(_PLACES)(self._reached)
        self._fixed = [*_FIXED, *_issued(site)]

    @classmethod
    def of(cls, pages: object) -> Documents | None:
        """Return the documents of an application of ours that has a release; None of others."""
        site = pages.extensions["site"] if isinstance(pages, Flask) else None
        return None if site is None or site.release is None else cls(site)

    def told(self, asked: Asked) -> tuple[Headers, bytes] | None:
        """Return the headers and the content of a document; None where it is no simple one."""
        found = _PATH.fullmatch(asked.path)
        if found is None or asked.query:
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
            body = graph_content([*said, *about], form, self._site.context)
        except UnwritableError:
            return None
        own = {
            "Content-Type": form.content_type,
            "Content-Length": str(len(body)),
            "Content-Disposition": f'inline; filename="{slug}{suffix}"',
            "Link": link_header(here.links_of_document(iri)),
            "ETag": f'"{tag_of(self._site, f"{asked.path}?", asked.accept, asked.at)}"',
        }
        return [*self._fixed, *_encoded(own)], body

    def _reached(self, host: str, root: str) -> RequestContext:
        return RequestContext(self._site, Addresses(base=self._site.base, root=root), host)


class Pages:
    """The pages of the things of a release that are of no kind which takes longer."""

    def __init__(self, app: Flask, site: Site, store: PatternStore) -> None:
        self._site, self._store, self._environment = site, store, app.jinja_env
        self._here = lru_cache(_PLACES * len(LANGUAGES) * len(CERTAINTIES))(self._reached)
        self._issued = _issued(site)

    @classmethod
    def of(cls, pages: object) -> Pages | None:
        """Return those of an application of ours that has a release at hand; None of others."""
        site = pages.extensions["site"] if isinstance(pages, Flask) else None
        if not isinstance(pages, Flask) or site is None or site.release is None:
            return None
        store = site.store
        return cls(pages, site, store) if isinstance(store, PatternStore) else None

    def told(self, asked: Asked) -> tuple[Headers, bytes] | None:
        """Return the headers and the content of a page; None where it is no simple one."""
        found, wanted = _PAGE.fullmatch(asked.path), _WANTED.fullmatch(asked.query)
        if found is None or wanted is None or found[1] in EXTRAORDINARY:
            return None
        iri = f"{self._site.base}id/{found[1]}/{found[2]}"
        if not self._is_small(NamedNode(iri)):
            return None
        how = wanted[1] or LEAST_SURE
        here = self._here(asked.host, asked.root, wanted[2] or DEFAULT_LANGUAGE, how)
        page = made(here, Address(asked.path, asked.query), iri, how, self._environment)
        if page is None:
            return None
        body = page.html.encode()
        whole = f"{asked.path}?{asked.query}"
        own = {
            **page.headers,
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Link": link_header(page.links),
            "ETag": f'W/"{tag_of(self._site, whole, asked.accept, asked.at)}"',
        }
        return [*_OF_ALL, *self._issued, *_encoded(own)], body

    def _is_small(self, thing: NamedNode) -> bool:
        said = chain(self._store.quads(thing), self._store.quads(value=thing))
        return len([*islice(said, MOST + 1)]) <= MOST

    def _reached(self, host: str, root: str, language: str, certainty: str) -> RequestContext:
        addresses = Addresses(language, self._site.base, root, certainty=certainty)
        return RequestContext(self._site, addresses, host)


def _issued(site: Site) -> Headers:
    day = issued_of(site)
    return _encoded({"Last-Modified": http_date(day)}) if day else []


def _encoded(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


_OF_ALL: Final = _encoded({**SECURITY, "Cache-Control": "no-cache"})
_FIXED: Final = [*_OF_ALL, *_encoded({"Accept-Ranges": "bytes"})]
