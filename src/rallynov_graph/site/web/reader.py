"""The site, the language and the context of the current request."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, cast

from flask import current_app, g, redirect, request
from werkzeug import Response
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.queries import Ask, ServedStore
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE, Addresses
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.rendering import ServedRelease, rendered, sections, served_releases
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.site import Site
from rallynov_graph.site.web.url_parameters import BadParameterError, one_of
from rallynov_graph.sparql.store import Store

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
    return reads and sections(current_app.jinja_env).is_page(request.path)


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


def releases() -> tuple[ServedRelease, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    return served_releases(_context_without_host())


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


def page(template: str, **context: object) -> str:
    """Return the HTML of a page."""
    address = requested_address()
    links, structured = g.get("links", ()), g.get("structured", "")
    environment = current_app.jinja_env
    return rendered(
        environment, _context_without_host(), address, template, links, structured, **context
    )


def _context_without_host() -> RequestContext:
    """Return the context of this request without a host, which pages do not need."""
    return _context("")


def _context(host: str) -> RequestContext:
    return RequestContext(site(), view().addresses, host, view().visitor_store)
