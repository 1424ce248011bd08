"""Links for programs: typed links (FAIR Signposting, level 2), and structured data.

Pages and documents of data have the links in their ``Link`` header, pages in their head too. The
link set of a page has all links of the page and its documents. Structured data use schema.org's
vocabulary, for search engines.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, SHAPES_GRAPH
from rallynov_graph.base.terms import Term
from rallynov_graph.exports import dump_files, schema_org
from rallynov_graph.exports.catalogues import Agent as AgentOfDataset
from rallynov_graph.exports.catalogues import DatasetDescription, DumpFile
from rallynov_graph.exports.dumps import RDF
from rallynov_graph.exports.packing import MEDIA_TYPES
from rallynov_graph.exports.schema_org import JsonLdNode, node, reference, texts
from rallynov_graph.rdf.formats import N_QUADS, Format
from rallynov_graph.release.release import DATA, FileHash
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark
from rallynov_graph.site.model.said_before import standings_of
from rallynov_graph.site.model.schema_classes import schema_org_class
from rallynov_graph.site.web.error_pages import Missing, missing, require_own_graph
from rallynov_graph.site.web.frame import IS_OFFERED
from rallynov_graph.site.web.reader import (
    Files,
    absolute,
    addresses_in,
    site,
    view,
    whole_address,
    words,
)

blueprint = Blueprint("signposting", __name__)

Agent = tuple[str, tuple[tuple[str, str], ...]]
"""The IRI of a person or an organisation, and its names with their languages."""

VOID_PATH: Final = "/.well-known/void"
CATALOGUE: Final = "/catalog"
RELEASES: Final = "/releases"
"""The page of the releases that are served together."""
LONGEST_HEADER: Final = 3000
"""Proxies may refuse a longer header; the link set has all links."""
LONGEST_IRI: Final = 4000
MOST_RELATED: Final = 50
"""The largest number of related things that a header names."""
LINKSET: Final = Format("linkset", "Linkset", "application/linkset+json", (".json",))
_UNQUOTED: Final = "%/:=&?~#+!$,;'@()*[]"
_DCTERMS: Final = PREFIXES["dcterms"]
_ABOUT_PAGE: Final = PREFIXES["schema"] + "AboutPage"
_COLLECTION: Final = PREFIXES["schema"] + "CollectionPage"
_DATASET: Final = PREFIXES["schema"] + "Dataset"
_SCHEMA: Final = PREFIXES["schema"]
_FILE_RELATIONS: Final = ("describedby", "alternate")
_MOST_NEEDED: Final = frozenset({"cite-as", "license", "linkset", "next", "prev"})


@dataclass(frozen=True)
class Link:
    """The target and the relation of a link."""

    rel: str
    href: str
    type: str = ""
    """The media type of what is there."""
    hreflang: str = ""

    def header(self) -> str:
        """Return the link as a value of the header."""
        of_type = f'; type="{self.type}"' if self.type else ""
        language = f'; hreflang="{self.hreflang}"' if self.hreflang else ""
        return f'<{_ascii(self.href)}>; rel="{self.rel}"{of_type}{language}'

    def target(self) -> dict[str, Any]:
        """Return the link as a member of a set of links has it."""
        target: dict[str, Any] = {"href": _ascii(self.href)}
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


def _written(resources: Iterable[Links]) -> str:
    """Return the links of some resources as a document of the type of ``LINKSET``."""
    contexts = []
    for resource in resources:
        context: dict[str, Any] = {"anchor": _ascii(resource.anchor)}
        for link in resource.links:
            context.setdefault(link.rel, []).append(link.target())
        contexts.append(context)
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1) + "\n"


def _ascii(iri: str) -> str:
    """Return an IRI as a URI, which is what headers hold."""
    return iri if iri.isascii() else quote(iri, safe=_UNQUOTED)


def set_links(links: Iterable[Link]) -> None:
    g.links = tuple(links)


def link_header(links: tuple[Link, ...]) -> str:
    """Return the ``Link`` header of an answer; only the most needed links if it is too long."""
    for chosen in (links, tuple(link for link in links if link.rel in _MOST_NEEDED)):
        header = ", ".join(link.header() for link in chosen)
        if len(header) <= LONGEST_HEADER:
            return header
    return ""


def links_of_thing(iri: str) -> Links:
    addresses = view().addresses
    short, kind = addresses.short(iri), addresses.kind(iri)
    is_listed = f"kind.{kind}" in words()
    return Links(
        absolute(addresses.page(iri)),
        (
            *_cite_as(f"id/{short}" if short else ""),
            *_typed(_ABOUT_PAGE, *_schema_org_classes(iri)),
            *_rights(),
            *_to_files(files_of_thing(iri), *_FILE_RELATIONS),
            *(_html("collection", path) for path in [addresses.path(f"/list/{kind}")] * is_listed),
            *_versions(lambda there: there.page(iri), iri, "text/html"),
            _linkset_of_thing(iri),
        ),
    )


def links_of_document(iri: str) -> tuple[Link, ...]:
    return (
        _html("describes", view().addresses.page(iri)),
        Link("about", _reachable(iri)),
        *_typed(_DATASET),
        *_rights(),
        *_to_files(files_of_thing(iri), "alternate"),
        *_versions(lambda there: there.document(iri), iri),
        _linkset_of_thing(iri),
    )


def links_of_first_page() -> Links:
    """Return the links of the first page, which is the page of the dataset."""
    addresses = view().addresses
    descriptions = (addresses.file(path) for path in ("/.well-known/void", "/catalog"))
    return Links(
        absolute(addresses.path("/")),
        (
            *_cite_as("dataset"),
            *_typed(_ABOUT_PAGE, _DATASET),
            *_rights(),
            *(Link("describedby", absolute(path), "text/turtle") for path in descriptions),
            *(Link("item", address, N_QUADS.media_type) for address, _ in _release_file()),
            *_versions(lambda there: there.path("/"), media_type="text/html"),
            _linkset(addresses.file("/linkset")),
        ),
    )


def links_of_dump() -> tuple[Link, ...]:
    return (*_typed(_DATASET), *_rights(), _html("collection", view().addresses.path("/")))


def links_of_files(files: Files, more: Iterable[Link] = ()) -> tuple[Link, ...]:
    """Return the links of a page whose content is also in files."""
    return (*_typed(_ABOUT_PAGE), *_rights(), *_to_files(files, *_FILE_RELATIONS), *more)


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
        *_rights(),
        *_to_files(files, *_FILE_RELATIONS),
        *(Link(rel, absolute(href), form) for rel, href in steps if href),
        _html("collection", view().addresses.path("/")),
        *([_linkset(links)] if links else []),
    )


def files_of_thing(iri: str) -> Files:
    return tuple((form, view().addresses.data(iri, form.suffix)) for form in site().formats)


def _cite_as(path: str) -> list[Link]:
    """Return the persistent address of a thing, if the operator has published a base."""
    promised = site().publication.base and path
    return [Link("cite-as", absolute(view().addresses.file(f"/{path}")))] if promised else []


def _typed(*classes: str) -> list[Link]:
    return [Link("type", iri) for iri in classes]


def _schema_org_classes(iri: str) -> tuple[str, ...]:
    graph, described = view().graph, view().described([iri])[iri]
    return schema_org_class(graph.with_superclasses(described.classes))


def _rights() -> list[Link]:
    return [
        Link(rel, _reachable(getattr(value, "value", "")))
        for rel, name in (("author", "creator"), ("license", "license"))
        for value in site().origin.values(_DCTERMS + name)
    ]


def _reachable(iri: str) -> str:
    """Return the URL at which this site answers for one of its things; else the IRI."""
    short = view().addresses.short(iri)
    return iri if short is None else absolute(view().addresses.file(f"/id/{short}"))


def _to_files(files: Files, *relations: str) -> Iterator[Link]:
    for rel in relations:
        yield from (Link(rel, absolute(href), form.media_type) for form, href in files)


def _html(rel: str, path: str) -> Link:
    return Link(rel, absolute(path), "text/html")


def _versions(
    address: Callable[[Addresses], str], iri: str = "", media_type: str = ""
) -> Iterator[Link]:
    """Yield the links to the same page in the other served releases (RFC 5829).

    Releases without the thing are left out.
    """
    served = site().versions
    if len(served) < 2:
        return
    current = next(n for n, version in enumerate(served) if version.place == site().place)
    wanted = [("predecessor-version", current + 1), ("successor-version", current - 1)]
    for rel, number in [("latest-version", 0 if current else -1), *wanted]:
        if 0 <= number < len(served) and (not iri or served[number].describes(iri)):
            yield Link(rel, absolute(address(addresses_in(served[number]))), media_type)
    yield _html("version-history", addresses_in(served[0]).path(RELEASES))


def _linkset_of_thing(iri: str) -> Link:
    path, query = view().addresses.page_path(iri)
    return _linkset(view().addresses.file(f"/linkset{path}", query))


def _linkset(address: str) -> Link:
    return Link("linkset", absolute(address), LINKSET.media_type)


def with_related_links(response: Response, nodes: Sequence[Node]) -> Response:
    """Return a response whose ``Link`` headers name related things, the first of very many."""
    for it in nodes[:MOST_RELATED]:
        title = f"title*=UTF-8''{quote(it.text, safe='')}"
        link = f'<{address_of(it)}>; rel="related"; {title}'
        response.headers.add("Link", link)
    return response


def with_open_questions(response: Response, marks: Iterable[OpenQuestionMark]) -> Response:
    """Return a response whose ``Link`` headers name the open questions that touch it."""
    return with_related_links(response, [mark.node for mark in marks])


def json_with_links(content: bytes, nodes: Sequence[Node]) -> bytes:
    """Return SPARQL results in JSON whose ``head.link`` has the addresses of related things."""
    if not nodes:
        return content
    results = json.loads(content)
    results["head"]["link"] = [address_of(node) for node in nodes]
    return json.dumps(results, ensure_ascii=False, separators=(",", ":")).encode()


def address_of(node: Node) -> str:
    """Return the complete address of a thing's page; its IRI if it has none."""
    return whole_address(node.href) if node.href else node.iri


@blueprint.get("/linkset")
def linkset_of_dataset() -> Response:
    require_own_graph()
    return linkset_response((links_of_first_page(),))


@blueprint.get("/linkset/page/<kind>/<slug>")
def linkset_of_thing(kind: str, slug: str) -> Response:
    """Serve the link set of the page and the documents of a thing in our namespace."""
    return _linkset_about(f"{site().base}id/{kind}/{slug}", kind, slug)


@blueprint.get("/linkset/resource")
def linkset_of_resource() -> Response:
    """Serve the link set of the page and the documents of a thing outside our namespace."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    return _linkset_about(iri, "", "")


def _linkset_about(iri: str, kind: str, slug: str) -> Response:
    try:
        is_described = view().queries.ask("is_described", thing=NamedNode(iri))
        is_known = is_described or bool(standings_of(view(), iri))
    except ValueError:
        is_known = False
    if not is_known:
        raise missing(iri, kind, slug)
    links = links_of_document(iri)
    documents = (Links(absolute(href), links) for _, href in files_of_thing(iri))
    return linkset_response((links_of_thing(iri), *documents))


def linkset_response(resources: Iterable[Links]) -> Response:
    """Return the link set of some resources, with the files that pages offer."""
    is_offered: Any = current_app.jinja_env.globals.get(IS_OFFERED, bool)
    offered = (
        Links(it.anchor, tuple(link for link in it.links if is_offered(link.href)))
        for it in resources
        if is_offered(it.anchor)
    )
    response = make_response(_written(offered))
    response.content_type = LINKSET.content_type
    return response


def set_structured_data_of_thing(
    iri: str, title: str, statements: Iterable[tuple[str, Term]]
) -> None:
    """Set the structured data of a thing's page: the page itself, and the thing."""
    if site().foreign:
        return
    address, dataset = absolute(view().addresses.page(iri)), site().origin.dataset
    page = node(
        "WebPage",
        address,
        {
            "url": address,
            "name": title,
            "inLanguage": view().language,
            "license": _of_dataset("license"),
            "dateModified": _of_dataset("issued"),
            "isBasedOn": reference(dataset) if dataset else {},
            "mainEntity": reference(iri),
        },
    )
    shown = schema_org.thing(iri, _schema_org_classes(iri), statements)
    g.structured = schema_org.written([page, shown])


def set_structured_data_of_first_page() -> None:
    """Set the structured data of the first page: the dataset, its creators, its files."""
    origin = site().origin
    if not origin.dataset:
        return
    files = [
        node(
            "DataDownload",
            "",
            {
                "contentUrl": address,
                "encodingFormat": N_QUADS.media_type,
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            },
        )
        for address, file in _release_file()
    ]
    dataset = node(
        "Dataset",
        origin.dataset,
        {
            "name": _texts("title"),
            "description": _texts("description"),
            "license": _of_dataset("license"),
            "datePublished": _of_dataset("issued"),
            "version": origin.release,
            "url": absolute(view().addresses.path("/")),
            "creator": [_maker(agent) for agent in creators()],
            "publisher": _maker(publisher()),
            "distribution": files,
            "inLanguage": [*LANGUAGES],
            "isAccessibleForFree": True,
            "keywords": [getattr(it, "value", "") for it in origin.values(_SCHEMA + "keywords")],
        },
    )
    g.structured = schema_org.written([dataset])


def _maker(agent: Agent) -> JsonLdNode:
    iri, names = agent
    return node("Organization", iri, {"name": texts(dict(names))})


def _texts(name: str) -> list[object]:
    values = site().origin.values(_DCTERMS + name)
    return texts({getattr(v, "language", "") or "": getattr(v, "value", "") for v in values})


def _of_dataset(name: str) -> str:
    values = site().origin.values(_DCTERMS + name)
    return next((str(getattr(v, "value", "")) for v in values), "")


def creators() -> tuple[Agent, ...]:
    named = site().origin.values(_DCTERMS + "creator")
    makers = [creator.value for creator in named if isinstance(creator, NamedNode)]
    described = view().described(makers)
    return tuple(
        (iri, tuple(sorted((name.language, name.value) for name in described[iri].names)))
        for iri in makers
    )


def publisher() -> Agent:
    """Return the publisher of the dataset: the operator's setting, else the first creator."""
    publication, makers = site().publication, creators()
    if publication.publisher or not makers:
        address = absolute(view().addresses.file("/"))
        page = publication.publisher_page or f"{address}#publisher"
        return page, (("", publication.publisher or address),)
    return makers[0]


def dataset_description() -> DatasetDescription:
    """Return the description of the dataset, from which VoID and DCAT are made."""
    file = view().addresses.file
    return DatasetDescription(
        site().origin,
        absolute(file("/")),
        absolute(file(VOID_PATH)),
        absolute(file(CATALOGUE)),
        absolute(file("/sparql")),
        AgentOfDataset(*publisher()),
        tuple(AgentOfDataset(*it) for it in creators()),
        dumps(),
        ONTOLOGY,
        SHAPES_GRAPH,
    )


def _release_file() -> tuple[tuple[str, FileHash], ...]:
    """Return the address of the release's own file of data with the file; none without one."""
    release = site().release
    files = release.manifest.files if release else ()
    address = absolute(view().addresses.file("/dataset.nq"))
    return tuple((address, file) for file in files if file.path == DATA)


def dumps() -> tuple[DumpFile, ...]:
    """Return every file of the dataset; a file has a size once it was made."""
    own = (
        DumpFile(address, "nq", N_QUADS, bytes=file.bytes, sha256=file.sha256)
        for address, file in _release_file()
    )
    return (*own, *map(_dump, offered_files()))


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
