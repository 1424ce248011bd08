"""Pages and documents of things that are answered without Flask and without a thread.

Most requests for things are plain, and little is said of most things. Such a request is answered
by the functions that make the answers of the routes; every other request is left to the routes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.thing.document import document_of_thing
from rallynov_graph.site.thing.page import EXTRAORDINARY, page_of_thing
from rallynov_graph.site.web import headers
from rallynov_graph.site.web.feature import ImmediateAnswer
from rallynov_graph.site.web.plain_requests import is_plain, tag_or_unchanged
from rallynov_graph.site.web.rdf_answers import BY_SUFFIX
from rallynov_graph.site.web.representation import Representation
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import PatternStore

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE: Final = "/page/"
DATA: Final = "/data/"
MOST: Final = 500
"""A thing of which more is said takes so long that others would wait."""
_HOSTS: Final = 16
"""At how many addresses the site is known at a time."""
_PATH: Final = re.compile(
    r"/(?:page|data)/([a-z][a-z0-9-]*)/([a-z0-9][a-z0-9-]*)((?:\.(?:ttl|nt|rdf|jsonld))?)"
)
_QUERY: Final = re.compile(
    rf"(?:certainty=({'|'.join(CERTAINTIES[:-1])}))?(?:(?:^|(?<=.)&)lang=(en))?"
)
"""What the address of a page asks: a certainty, then a language, as our own links have it."""


class ThingAnswers:
    """Answers plain requests for things of a release of which little is said."""

    def __init__(self, site: Site, store: PatternStore, environment: Environment) -> None:
        self._site, self._store, self._environment = site, store, environment
        self._context = lru_cache(_HOSTS * len(LANGUAGES) * len(CERTAINTIES))(self._new_context)

    def __call__(self, request: HttpRequest) -> Response | None:
        """Return the answer to a request; None where it is left to the routes."""
        path, query = _PATH.fullmatch(request.path), request.query_string.decode("latin-1")
        values = _QUERY.fullmatch(query)
        if not (path and values and is_plain(request)):
            return None
        tag = tag_or_unchanged(self._site, request)
        if not isinstance(tag, str):
            return tag
        certainty, language = values[1] or LEAST_SURE, values[2] or DEFAULT_LANGUAGE
        context = self._context(request.head.origin, request.root, language, certainty)
        kind, slug, suffix = path.groups()
        if f"{self._site.base}id/{kind}/{slug}" in self._site.graph.successors:
            return None
        is_page = request.path.startswith(PAGE)
        if is_page and not suffix:
            found = self._page(context, RequestedAddress(request.path, query), kind, slug)
        elif suffix and not (is_page or query):
            found = self._document(context, kind, slug, suffix)
        else:
            return None
        return None if found is None else headers.whole(self._site, found, tag)

    def _page(
        self, context: RequestContext, address: RequestedAddress, kind: str, slug: str
    ) -> Representation | None:
        iri = f"{self._site.base}id/{kind}/{slug}"
        if kind in EXTRAORDINARY or not self._is_small(NamedNode(iri)):
            return None
        return page_of_thing(context, address, iri, context.addresses.certainty, self._environment)

    def _document(
        self, context: RequestContext, kind: str, slug: str, suffix: str
    ) -> Representation | None:
        thing = NamedNode(f"{self._site.base}id/{kind}/{slug}")
        try:
            return document_of_thing(context, thing, BY_SUFFIX[suffix], slug, MOST)
        except UnwritableError:
            return None

    def _is_small(self, thing: NamedNode) -> bool:
        statements = chain(self._store.quads(thing), self._store.quads(value=thing))
        return len([*islice(statements, MOST + 1)]) <= MOST

    def _new_context(self, host: str, root: str, language: str, certainty: str) -> RequestContext:
        addresses = Addresses(language, self._site.base, root, certainty=certainty)
        return RequestContext(self._site, addresses, host)


def answers(site: Site, environment: Environment) -> dict[str, ImmediateAnswer]:
    """Return what answers for the things of a release, by how their paths begin."""
    if site.release is None or not (site.stamp and isinstance(site.store, PatternStore)):
        return {}
    answer = ThingAnswers(site, site.store, environment)
    return {PAGE: answer, DATA: answer}
