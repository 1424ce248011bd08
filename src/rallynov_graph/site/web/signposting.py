"""Typed links between pages, data, their makers and their collections (FAIR Signposting, level 2).

A page and a document of data name them in their ``Link`` header; a page names them in its head
too. Everything that is said of a page and its documents together is a set of links of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, g, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.http.links import LINKSET, Link, Links, linkset
from rallynov_graph.site.model.schema_classes import class_of_web
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.reader import absolute, request_context, site, view
from rallynov_graph.site.web.request_context import DATASET, Files, RequestContext

blueprint = Blueprint("signposting", __name__)

LONGEST_HEADER: Final = 3000
"""A longer header may be refused on the way; the set of links has everything."""
LONGEST_IRI: Final = 4000
_ABOUT_PAGE: Final = PREFIXES["schema"] + "AboutPage"
_COLLECTION: Final = PREFIXES["schema"] + "CollectionPage"
_BOTH: Final = ("describedby", "alternate")
_FEW: Final = frozenset({"cite-as", "license", "linkset", "next", "prev"})


def point(links: Iterable[Link]) -> None:
    """Let the answer to this request carry these links."""
    g.links = tuple(links)


def links_of_answer() -> tuple[Link, ...]:
    """Return the links that the answer to this request carries."""
    links: tuple[Link, ...] = g.get("links", ())
    return links


def fitting(links: tuple[Link, ...]) -> str:
    """Return the ``Link`` header of an answer; the most needed links alone where it is long."""
    for chosen in (links, tuple(link for link in links if link.rel in _FEW)):
        told = ", ".join(link.header() for link in chosen)
        if len(told) <= LONGEST_HEADER:
            return told
    return ""


def of_thing(at: RequestContext, iri: str) -> Links:
    """Return the page of a thing with its links."""
    seen = at.view
    short, kind = seen.addresses.short(iri), seen.addresses.kind(iri)
    classes = class_of_web(seen.graph.with_above(seen.described([iri])[iri].classes))
    lists = seen.addresses.path(f"/list/{kind}") if f"kind.{kind}" in at.words else ""
    return Links(
        at.page(iri),
        (
            *_cited(at, f"id/{short}" if short else ""),
            *_typed(_ABOUT_PAGE, *classes),
            *at.rights,
            *at.files(at.files_of_thing(iri), *_BOTH),
            *([Link("collection", at.absolute(lists), "text/html")] if lists else []),
            *at.versions(lambda there: there.page(iri), iri, "text/html"),
            at.set_of_links(iri),
        ),
    )


def of_whole(items: Iterable[Link] = ()) -> Links:
    """Return the first page, which is the page of the dataset, with its links."""
    addresses, at = view().addresses, request_context()
    said = (("/.well-known/void", "text/turtle"), ("/catalog", "text/turtle"))
    return Links(
        absolute(addresses.path("/")),
        (
            *_cited(at, "dataset"),
            *_typed(_ABOUT_PAGE, DATASET),
            *at.rights,
            *(Link("describedby", absolute(addresses.file(path)), form) for path, form in said),
            *items,
            *at.versions(lambda there: there.path("/"), media_type="text/html"),
            at.linkset(addresses.file("/linkset")),
        ),
    )


def of_item() -> tuple[Link, ...]:
    """Return the links of a file that the whole dataset is had as, back to the first page."""
    whole = Link("collection", absolute(view().addresses.path("/")), "text/html")
    return (*_typed(DATASET), *request_context().rights, whole)


def of_files(files: Files, more: Iterable[Link] = ()) -> tuple[Link, ...]:
    """Return the links of a page that is had as files too."""
    return (
        *_typed(_ABOUT_PAGE),
        *request_context().rights,
        *request_context().files(files, *_BOTH),
        *more,
    )


def of_list(
    files: Files,
    previous: str | None,
    following: str | None,
    form: str = "text/html",
    links: str = "",
) -> tuple[Link, ...]:
    """Return the links of a page of a list, and to those before and after it in a media type.

    What leads to each of its things is at the address of its set of links: a header is too short.
    """
    steps = (("prev", previous), ("next", following))
    return (
        *_typed(_COLLECTION),
        *request_context().rights,
        *request_context().files(files, *_BOTH),
        *(Link(rel, absolute(href), form) for rel, href in steps if href),
        Link("collection", absolute(view().addresses.path("/")), "text/html"),
        *([request_context().linkset(links)] if links else []),
    )


@blueprint.get("/linkset")
def set_of_whole() -> Response:
    """Give the links of the dataset."""
    _only_of_rallynov()
    return set_of((of_whole(),))


@blueprint.get("/linkset/page/<kind>/<slug>")
def set_of_thing(kind: str, slug: str) -> Response:
    """Give the links of the page of a thing of our namespace and of its documents."""
    return _set_of(f"{site().base}id/{kind}/{slug}", kind, slug)


@blueprint.get("/linkset/resource")
def set_of_resource() -> Response:
    """Give the links of the page of a thing outside our namespace and of its documents."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    return _set_of(iri, "", "")


def _set_of(iri: str, kind: str, slug: str) -> Response:
    try:
        there = view().queries.ask("is_described", thing=NamedNode(iri))
    except ValueError:
        there = False
    if not there:
        raise missing(iri, kind, slug)
    documents = (absolute(href) for _, href in request_context().files_of_thing(iri))
    links = request_context().links_of_document(iri)
    return set_of(
        (of_thing(request_context(), iri), *(Links(document, links) for document in documents))
    )


def set_of(resources: Iterable[Links]) -> Response:
    """Give the links of some resources."""
    response = make_response(linkset(resources))
    response.content_type = LINKSET.content_type
    return response


def _cited(at: RequestContext, path: str) -> list[Link]:
    """Return the lasting address of a thing, where the operator promises one."""
    promised = at.site.publication.base and path
    return [Link("cite-as", at.absolute(at.addresses.file(f"/{path}")))] if promised else []


def _typed(*classes: str) -> list[Link]:
    return [Link("type", iri) for iri in classes]


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)
