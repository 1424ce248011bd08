"""The structured data of pages, for search engines, in schema.org's vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports import schema_org
from rallynov_graph.exports.catalogues import Agent
from rallynov_graph.exports.schema_org import JsonLdNode, node, reference, texts
from rallynov_graph.site.model.schema_classes import schema_org_class
from rallynov_graph.site.web.publisher import creators, nquads_dump, publisher
from rallynov_graph.site.web.reader import request_context
from rallynov_graph.site.web.request_context import RequestContext

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
