"""Typed links between pages, data, their makers and their collections (FAIR Signposting, level 2).

Pages and documents of data have them in their ``Link`` header, pages in their head too. The link
set of a page has all links of the page and its documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.http.links import LINKSET, Link, Links, linkset
from rallynov_graph.site.model.said_before import standings_of
from rallynov_graph.site.model.schema_classes import schema_org_class
from rallynov_graph.site.web.error_pages import Missing, missing, require_own_graph
from rallynov_graph.site.web.reader import absolute, request_context, site, view
from rallynov_graph.site.web.rendering import IS_OFFERED
from rallynov_graph.site.web.request_context import DATASET, Files, RequestContext

blueprint = Blueprint("signposting", __name__)

LONGEST_HEADER: Final = 3000
"""Proxies may refuse a longer header; the link set has all links."""
LONGEST_IRI: Final = 4000
_ABOUT_PAGE: Final = PREFIXES["schema"] + "AboutPage"
_COLLECTION: Final = PREFIXES["schema"] + "CollectionPage"
_FILE_RELATIONS: Final = ("describedby", "alternate")
_MOST_NEEDED: Final = frozenset({"cite-as", "license", "linkset", "next", "prev"})


def set_links(links: Iterable[Link]) -> None:
    """Set the links of the answer to this request."""
    g.links = tuple(links)


def links_of_answer() -> tuple[Link, ...]:
    """Return the links of the answer to this request."""
    links: tuple[Link, ...] = g.get("links", ())
    return links


def link_header(links: tuple[Link, ...]) -> str:
    """Return the ``Link`` header of an answer; only the most needed links if it is too long."""
    for chosen in (links, tuple(link for link in links if link.rel in _MOST_NEEDED)):
        header = ", ".join(link.header() for link in chosen)
        if len(header) <= LONGEST_HEADER:
            return header
    return ""


def links_of_thing(context: RequestContext, iri: str) -> Links:
    """Return the links of the page of a thing."""
    graph_view = context.view
    short, kind = graph_view.addresses.short(iri), graph_view.addresses.kind(iri)
    classes = schema_org_class(
        graph_view.graph.with_superclasses(graph_view.described([iri])[iri].classes)
    )
    lists = graph_view.addresses.path(f"/list/{kind}") if f"kind.{kind}" in context.words else ""
    return Links(
        context.page(iri),
        (
            *_cited(context, f"id/{short}" if short else ""),
            *_typed(_ABOUT_PAGE, *classes),
            *context.rights,
            *context.files(context.files_of_thing(iri), *_FILE_RELATIONS),
            *([Link("collection", context.absolute(lists), "text/html")] if lists else []),
            *context.versions(lambda addresses: addresses.page(iri), iri, "text/html"),
            context.set_of_links(iri),
        ),
    )


def links_of_first_page(items: Iterable[Link] = ()) -> Links:
    """Return the links of the first page, which is the page of the dataset."""
    addresses, context = view().addresses, request_context()
    descriptions = (("/.well-known/void", "text/turtle"), ("/catalog", "text/turtle"))
    return Links(
        absolute(addresses.path("/")),
        (
            *_cited(context, "dataset"),
            *_typed(_ABOUT_PAGE, DATASET),
            *context.rights,
            *(
                Link("describedby", absolute(addresses.file(path)), form)
                for path, form in descriptions
            ),
            *items,
            *context.versions(lambda addresses: addresses.path("/"), media_type="text/html"),
            context.linkset(addresses.file("/linkset")),
        ),
    )


def links_of_dump() -> tuple[Link, ...]:
    """Return the links of a file of the whole dataset."""
    dataset_page = Link("collection", absolute(view().addresses.path("/")), "text/html")
    return (*_typed(DATASET), *request_context().rights, dataset_page)


def links_of_files(files: Files, more: Iterable[Link] = ()) -> tuple[Link, ...]:
    """Return the links of a page whose content is also in files."""
    return (
        *_typed(_ABOUT_PAGE),
        *request_context().rights,
        *request_context().files(files, *_FILE_RELATIONS),
        *more,
    )


def links_of_list(
    files: Files,
    previous: str | None,
    following: str | None,
    form: str = "text/html",
    links: str = "",
) -> tuple[Link, ...]:
    """Return the links of a page of a list, with those to the pages before and after it.

    The links to its things are in its link set, at the address ``links``: a header is too short.
    """
    steps = (("prev", previous), ("next", following))
    return (
        *_typed(_COLLECTION),
        *request_context().rights,
        *request_context().files(files, *_FILE_RELATIONS),
        *(Link(rel, absolute(href), form) for rel, href in steps if href),
        Link("collection", absolute(view().addresses.path("/")), "text/html"),
        *([request_context().linkset(links)] if links else []),
    )


@blueprint.get("/linkset")
def linkset_of_dataset() -> Response:
    """Serve the link set of the dataset."""
    require_own_graph()
    return linkset_response((links_of_first_page(),))


@blueprint.get("/linkset/page/<kind>/<slug>")
def linkset_of_thing(kind: str, slug: str) -> Response:
    """Serve the link set of the page and the documents of a thing in our namespace."""
    return _linkset_of(f"{site().base}id/{kind}/{slug}", kind, slug)


@blueprint.get("/linkset/resource")
def linkset_of_resource() -> Response:
    """Serve the link set of the page and the documents of a thing outside our namespace."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    return _linkset_of(iri, "", "")


def _linkset_of(iri: str, kind: str, slug: str) -> Response:
    try:
        thing = NamedNode(iri)
        is_known = view().queries.ask("is_described", thing=thing) or bool(
            standings_of(view(), iri)
        )
    except ValueError:
        is_known = False
    if not is_known:
        raise missing(iri, kind, slug)
    documents = (absolute(href) for _, href in request_context().files_of_thing(iri))
    links = request_context().links_of_document(iri)
    return linkset_response(
        (
            links_of_thing(request_context(), iri),
            *(Links(document, links) for document in documents),
        )
    )


def linkset_response(resources: Iterable[Links]) -> Response:
    """Return the link set of some resources, with what pages offer."""
    is_offered: Any = current_app.jinja_env.globals.get(IS_OFFERED, bool)
    offered = (
        Links(it.anchor, tuple(link for link in it.links if is_offered(link.href)))
        for it in resources
        if is_offered(it.anchor)
    )
    response = make_response(linkset(offered))
    response.content_type = LINKSET.content_type
    return response


def _cited(context: RequestContext, path: str) -> list[Link]:
    """Return the persistent address of a thing, where the operator has published a base."""
    promised = context.site.publication.base and path
    return (
        [Link("cite-as", context.absolute(context.addresses.file(f"/{path}")))] if promised else []
    )


def _typed(*classes: str) -> list[Link]:
    return [Link("type", iri) for iri in classes]
