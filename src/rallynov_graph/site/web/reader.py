"""Who reads: the language that an address asks for, and the graph seen in it."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, redirect, request
from werkzeug import Response
from werkzeug.exceptions import BadRequest

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES
from rallynov_graph.http.protocol import ASK
from rallynov_graph.http.served_store import Ask, ServedStore
from rallynov_graph.site.model.addresses import CERTAINTY, LANGUAGE, Addresses
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.parameter_errors import WrongParameter, one_of
from rallynov_graph.site.web.rendering import Served, rendered, sections, served
from rallynov_graph.site.web.request_context import RequestContext
from rallynov_graph.site.web.requested_address import RequestedAddress
from rallynov_graph.site.web.site import Site
from rallynov_graph.sparql.store import Store

LONGEST_PAGE = 6
"""How many digits the number of a page may have."""


def site() -> Site:
    """Return the site that answers this request."""
    return cast(Site, current_app.extensions["site"])


def view() -> GraphView:
    """Return the graph as this reader sees it."""
    return cast(GraphView, g.view)


def words() -> Messages:
    """Return the words of the reader's language."""
    return site().messages[view().language]


def prepare() -> Response | None:
    """Take note of the language and the certainty that the address of a request asks for.

    The address of a page has no certainty where it admits all: one that names it is sent there.
    Raises WrongParameter for a language or a certainty that the site has not.
    """
    language = request.args.get(LANGUAGE, DEFAULT_LANGUAGE)
    certainty = request.args.get(CERTAINTY, LEAST_SURE)
    look(
        language if language in LANGUAGES else DEFAULT_LANGUAGE,
        certainty if certainty in CERTAINTIES else LEAST_SURE,
    )
    if language not in LANGUAGES:
        raise WrongParameter(Wrong(LANGUAGE, "lang"))
    if not _is_of_page():
        return None
    if (
        one_of(CERTAINTY, ("", *CERTAINTIES), LEAST_SURE) == LEAST_SURE
        and CERTAINTY in request.args
    ):
        address = RequestedAddress(request.path, request.query_string.decode("latin-1"))
        return redirect(address.at_certainty(view().addresses, LEAST_SURE), 301)
    return None


def _is_of_page() -> bool:
    reads = request.method in ("GET", "HEAD") and not site().foreign
    return reads and sections(current_app.jinja_env).is_page(request.path)


def look(language: str, certainty: str = LEAST_SURE) -> None:
    """Let this request see the graph in a language, with links that keep a certainty."""
    seen = site()
    addresses = Addresses(language, seen.base, request.script_root, seen.foreign, certainty)
    g.view = GraphView(seen.graph, addresses, _served(seen))
    g.pop("request_context", None)


def _served(seen: Site) -> Store | None:
    """Return what answers this reader's queries under the limits that visitors have.

    None where nothing is served, and for somebody else's graph: its pages have another default
    graph than its visitors.
    """
    ask = request.environ.get(ASK)
    return None if ask is None or seen.foreign else ServedStore(cast(Ask, ask))


def absolute(address: str) -> str:
    """Return the whole of an address of the site: under its lasting base where there is one.

    Raises BadRequest where there is none, and the request names no host that could be one.
    """
    return request_context().absolute(address)


def request_context() -> RequestContext:
    """Return the site as this request reaches it; raise BadRequest where it names no host."""
    if "request_context" not in g:
        if not (site().publication.base or request.host):
            raise BadRequest
        g.request_context = RequestContext(site(), view().addresses, request.host_url.rstrip("/"))
    return cast(RequestContext, g.request_context)


def releases() -> tuple[Served, ...]:
    """Return the releases that are served together, the newest first; none where it is alone."""
    return served(_anywhere())


def page_number() -> int:
    """Return the number of the page that is asked for; raise WrongParameter where it is none."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE and int(text)):
        raise WrongParameter(Wrong("page", "page"))
    return int(text)


def given(*besides: str) -> dict[str, str]:
    """Return the parameters of the address, the language and these aside; the first of each."""
    return {
        name: value
        for name, value in request.args.to_dict().items()
        if name not in ("lang", *besides)
    }


def page(template: str, **context: object) -> str:
    """Return a page in the site's dress."""
    asked = RequestedAddress(request.path, request.query_string.decode("latin-1"))
    links, structured = g.get("links", ()), g.get("structured", "")
    environment = current_app.jinja_env
    return rendered(environment, _anywhere(), asked, template, links, structured, **context)


def _anywhere() -> RequestContext:
    """Return the site as this request reaches it, at no host: a page is made without one."""
    return RequestContext(site(), view().addresses, "")
