"""What programs read of a page: typed links (FAIR Signposting, level 2), and structured data.

Pages and documents of data have the links in their ``Link`` header, pages in their head too. The
link set of a page has all links of the page and its documents. Structured data are in
schema.org's vocabulary, for search engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports import dump_files, schema_org
from rallynov_graph.exports.catalogues import Agent, DumpFile
from rallynov_graph.exports.dumps import RDF
from rallynov_graph.exports.packing import MEDIA_TYPES
from rallynov_graph.exports.schema_org import JsonLdNode, node, reference, texts
from rallynov_graph.http.links import LINKSET, Link, Links, linkset
from rallynov_graph.rdf.formats import N_QUADS
from rallynov_graph.release.release import DATA
from rallynov_graph.site.model.said_before import standings_of
from rallynov_graph.site.model.schema_classes import schema_org_class
from rallynov_graph.site.web.error_pages import Missing, missing, require_own_graph
from rallynov_graph.site.web.frame import IS_OFFERED
from rallynov_graph.site.web.reader import (
    DATASET,
    Files,
    RequestContext,
    absolute,
    request_context,
    site,
    view,
)

_CREATOR = PREFIXES["dcterms"] + "creator"


def creators() -> tuple[Agent, ...]:
    """Return the creators that the dataset states."""
    makers = [v.value for v in site().origin.values(_CREATOR) if isinstance(v, NamedNode)]
    described = view().described(makers)
    return tuple(
        Agent(iri, tuple(sorted((name.language, name.value) for name in described[iri].names)))
        for iri in makers
    )


def publisher() -> Agent:
    """Return the publisher of the dataset: the operator's setting, else the first creator."""
    publication, makers = site().publication, creators()
    if publication.publisher or not makers:
        address = absolute(view().addresses.file("/"))
        return Agent(
            publication.publisher_page or f"{address}#publisher",
            (("", publication.publisher or address),),
        )
    return makers[0]


def nquads_dump() -> tuple[DumpFile, ...]:
    """Return the release's own file of data; none without a release."""
    release = site().release
    if release is None:
        return ()
    [file] = [f for f in release.manifest.files if f.path == DATA]
    address = absolute(view().addresses.file("/dataset.nq"))
    return (DumpFile(address, "nq", N_QUADS, bytes=file.bytes, sha256=file.sha256),)


def dumps() -> tuple[DumpFile, ...]:
    """Return every file of the dataset; a file has a size once it was made."""
    return (*nquads_dump(), *map(_dump, offered_files()))


def offered_files() -> tuple[dump_files.StoredDump, ...]:
    """Return the files of the page of downloads; none without a release."""
    release = site().release
    return () if release is None else dump_files.offers(release)


def _dump(offer: dump_files.StoredDump) -> DumpFile:
    return DumpFile(
        absolute(view().addresses.file(f"/downloads/{offer.file}")),
        offer.file,
        offer.dump.form,
        MEDIA_TYPES.get(offer.packing, ""),
        offer.bytes or None,
        offer.sha256 or None,
        offer.dump.group == RDF,
    )


_DCTERMS = PREFIXES["dcterms"]


def set_structured_data(nodes: Iterable[JsonLdNode]) -> None:
    """Set the structured data of the page that answers this request."""
    listed = [*nodes]
    if listed:
        g.structured = schema_org.written(listed)


def nodes_of_thing_page(
    context: RequestContext, iri: str, title: str, statements: Iterable[tuple[str, Term]]
) -> tuple[JsonLdNode, ...]:
    """Return the structured data of a thing's page: the page itself, and the thing."""
    if context.site.foreign:
        return ()
    classes = context.view.graph.with_superclasses(context.view.described([iri])[iri].classes)
    shown = schema_org.thing(iri, schema_org_class(classes), statements)
    return (_page(context, context.page(iri), title, iri), shown)


def nodes_of_first_page() -> tuple[JsonLdNode, ...]:
    """Return the structured data of the first page: the dataset, its creators, its files."""
    context = request_context()
    origin = context.site.origin
    if not origin.dataset:
        return ()
    files = [
        node(
            "DataDownload",
            "",
            {
                "contentUrl": dump.address,
                "encodingFormat": dump.form.media_type,
                "contentSize": f"{dump.bytes} B",
                "sha256": dump.sha256,
            },
        )
        for dump in nquads_dump()
    ]
    dataset = node(
        "Dataset",
        origin.dataset,
        {
            "name": _texts(context, "title"),
            "description": _texts(context, "description"),
            "license": _first(context, "license"),
            "datePublished": _first(context, "issued"),
            "version": origin.release,
            "url": context.absolute(context.addresses.path("/")),
            "creator": [_maker(agent) for agent in creators()],
            "publisher": _maker(publisher()),
            "distribution": files,
            "inLanguage": [*LANGUAGES],
            "isAccessibleForFree": True,
        },
    )
    return (dataset,)


def _page(context: RequestContext, address: str, title: str, about: str) -> JsonLdNode:
    origin = context.site.origin
    return node(
        "WebPage",
        address,
        {
            "url": address,
            "name": title,
            "inLanguage": context.addresses.language,
            "license": _first(context, "license"),
            "dateModified": _first(context, "issued"),
            "isBasedOn": reference(origin.dataset) if origin.dataset else {},
            "mainEntity": reference(about),
        },
    )


def _maker(agent: Agent) -> JsonLdNode:
    return node("Organization", agent.iri, {"name": texts(dict(agent.names))})


def _texts(context: RequestContext, name: str) -> list[object]:
    values = context.site.origin.values(_DCTERMS + name)
    return texts({getattr(v, "language", "") or "": getattr(v, "value", "") for v in values})


def _first(context: RequestContext, name: str) -> str:
    values = context.site.origin.values(_DCTERMS + name)
    return next((str(getattr(v, "value", "")) for v in values), "")


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
