"""Typed links between pages, data, their makers and their collections (FAIR Signposting, level 2).

A page and a document of data name them in their ``Link`` header; a page names them in its head
too. Everything that is said of a page and its documents together is a set of links of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from flask import Blueprint, Response, g, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.app.errors import Missing, missing
from rallynov_graph.app.reading import absolute, addresses_in, lens, site, words
from rallynov_graph.app.writing import Files
from rallynov_graph.http.links import LINKSET, Link, Links, linkset
from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.rdf.formats import GRAPHS
from rallynov_graph.views.addresses import Addresses
from rallynov_graph.views.classes_of_web import class_of_web

blueprint = Blueprint("signposting", __name__)

LONGEST_HEADER: Final = 3000
"""A longer header may be refused on the way; the set of links has everything."""
LONGEST_IRI: Final = 4000
RELEASES: Final = "/releases"
"""The page of the releases that are served together."""
_ABOUT_PAGE: Final = PREFIXES["schema"] + "AboutPage"
_DATASET: Final = PREFIXES["schema"] + "Dataset"
_COLLECTION: Final = PREFIXES["schema"] + "CollectionPage"
_CREATOR: Final = PREFIXES["dcterms"] + "creator"
_LICENCE: Final = PREFIXES["dcterms"] + "license"
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


def of_thing(iri: str) -> Links:
    """Return the page of a thing with its links."""
    seen = lens()
    short, kind = seen.addresses.short(iri), seen.addresses.kind(iri)
    classes = class_of_web(seen.graph.with_above(seen.described([iri])[iri].classes))
    lists = seen.addresses.path(f"/list/{kind}") if f"kind.{kind}" in words() else ""
    return Links(
        _page(iri),
        (
            *_cited(f"id/{short}" if short else ""),
            *_typed(_ABOUT_PAGE, *classes),
            *_rights(),
            *_files(files_of_thing(iri)),
            *([Link("collection", absolute(lists), "text/html")] if lists else []),
            *_versions(lambda seen: seen.path(*_place(iri)), iri, "text/html"),
            _set_of_links(iri),
        ),
    )


def of_document(iri: str) -> tuple[Link, ...]:
    """Return the links of a document about a thing, in whichever format it is had."""
    return (
        Link("describes", _page(iri), "text/html"),
        Link("about", reachable(iri)),
        *_typed(_DATASET),
        *_rights(),
        *(link for link in _files(files_of_thing(iri)) if link.rel == "alternate"),
        *_versions(lambda seen: seen.document(iri), iri),
        _set_of_links(iri),
    )


def of_whole(items: Iterable[Link] = ()) -> Links:
    """Return the first page, which is the page of the dataset, with its links."""
    addresses = lens().addresses
    said = (("/.well-known/void", "text/turtle"), ("/catalog", "text/turtle"))
    return Links(
        absolute(addresses.path("/")),
        (
            *_cited("dataset"),
            *_typed(_ABOUT_PAGE, _DATASET),
            *_rights(),
            *(Link("describedby", absolute(addresses.file(path)), form) for path, form in said),
            *items,
            *_versions(lambda seen: seen.path("/"), media_type="text/html"),
            _set(addresses.file("/linkset")),
        ),
    )


def of_files(files: Files, more: Iterable[Link] = ()) -> tuple[Link, ...]:
    """Return the links of a page that is had as files too."""
    return (*_typed(_ABOUT_PAGE), *_rights(), *_files(files), *more)


def of_list(
    files: Files, previous: str | None, following: str | None, form: str = "text/html"
) -> tuple[Link, ...]:
    """Return the links of a page of a list, and to those before and after it in a media type."""
    steps = (("prev", previous), ("next", following))
    return (
        *_typed(_COLLECTION),
        *_rights(),
        *_files(files),
        *(Link(rel, absolute(href), form) for rel, href in steps if href),
        Link("collection", absolute(lens().addresses.path("/")), "text/html"),
    )


def files_of_thing(iri: str) -> Files:
    """Return the documents about a thing."""
    return tuple((form, lens().addresses.data(iri, form.suffix)) for form in GRAPHS)


@blueprint.get("/linkset")
def set_of_whole() -> Response:
    """Give the links of the dataset."""
    _only_of_rallynov()
    return _written((of_whole(),))


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
        there = lens().queries.ask("is_described", thing=NamedNode(iri))
    except ValueError:
        there = False
    if not there:
        raise missing(iri, kind, slug)
    documents = (absolute(href) for _, href in files_of_thing(iri))
    links = of_document(iri)
    return _written((of_thing(iri), *(Links(document, links) for document in documents)))


def _written(resources: Iterable[Links]) -> Response:
    response = make_response(linkset(resources))
    response.content_type = LINKSET.content_type
    return response


def _cited(path: str) -> list[Link]:
    """Return the lasting address of a thing, where the operator promises one."""
    promised = site().publication.base and path
    return [Link("cite-as", absolute(lens().addresses.file(f"/{path}")))] if promised else []


def _versions(
    address: Callable[[Addresses], str], iri: str = "", media_type: str = ""
) -> Iterator[Link]:
    """Yield the links to the same in the other releases that are served (RFC 5829).

    A release that says nothing of the thing has no such page.
    """
    them = site().versions
    if len(them) < 2:
        return
    here = next(number for number, it in enumerate(them) if it.place == site().place)
    wanted = [("predecessor-version", here + 1), ("successor-version", here - 1)]
    for rel, number in [("latest-version", 0 if here else -1), *wanted]:
        if 0 <= number < len(them) and (not iri or them[number].describes(iri)):
            yield Link(rel, absolute(address(addresses_in(them[number]))), media_type)
    yield Link("version-history", absolute(addresses_in(them[0]).path(RELEASES)), "text/html")


def _typed(*classes: str) -> list[Link]:
    return [Link("type", iri) for iri in classes]


def _rights() -> list[Link]:
    return [
        Link(rel, reachable(getattr(value, "value", "")))
        for rel, prop in (("author", _CREATOR), ("license", _LICENCE))
        for value in site().origin.values(prop)
    ]


def reachable(iri: str) -> str:
    """Return the address at which this site answers for a thing; the IRI of anything else."""
    short = lens().addresses.short(iri)
    return iri if short is None else absolute(lens().addresses.file(f"/id/{short}"))


def _page(iri: str) -> str:
    """Return the address of the page of a thing."""
    return absolute(lens().addresses.path(*_place(iri)))


def _set_of_links(iri: str) -> Link:
    path, query = _place(iri)
    return _set(lens().addresses.file(f"/linkset{path}", query))


def _place(iri: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the path of the page of a thing, and what its address asks."""
    short = lens().addresses.short(iri)
    return ("/resource", [("iri", iri)]) if short is None else (f"/page/{short}", [])


def _files(files: Files) -> list[Link]:
    return [
        Link(rel, absolute(href), form.media_type)
        for rel in ("describedby", "alternate")
        for form, href in files
    ]


def _set(address: str) -> Link:
    return Link("linkset", absolute(address), LINKSET.media_type)


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)
