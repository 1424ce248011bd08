"""What a page tells search engines of what it shows, in the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.exports import schema_org
from rallynov_graph.exports.dcat import Agent
from rallynov_graph.exports.schema_org import JsonLdNode, node, reference, texts
from rallynov_graph.site.model.schema_classes import class_of_web
from rallynov_graph.site.web.publisher import creators, publisher, whole
from rallynov_graph.site.web.reader import request_context
from rallynov_graph.site.web.request_context import RequestContext

_DCTERMS = PREFIXES["dcterms"]


def tell(nodes: Iterable[JsonLdNode]) -> None:
    """Let the page that answers this request tell these things, where it tells anything."""
    told = [*nodes]
    if told:
        g.structured = schema_org.written(told)


def of_thing_page(
    at: RequestContext, iri: str, title: str, said: Iterable[tuple[str, Term]]
) -> tuple[JsonLdNode, ...]:
    """Return what the page of a thing tells: the page itself, and the thing."""
    if at.site.foreign:
        return ()
    classes = at.view.graph.with_above(at.view.described([iri])[iri].classes)
    shown = schema_org.thing(iri, class_of_web(classes), said)
    return (_page(at, at.page(iri), title, iri), shown)


def of_first_page() -> tuple[JsonLdNode, ...]:
    """Return what the first page tells: the dataset, its makers, its files."""
    at = request_context()
    origin = at.site.origin
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
        for dump in whole()
    ]
    dataset = node(
        "Dataset",
        origin.dataset,
        {
            "name": _texts(at, "title"),
            "description": _texts(at, "description"),
            "license": _first(at, "license"),
            "datePublished": _first(at, "issued"),
            "version": origin.release,
            "url": at.absolute(at.addresses.path("/")),
            "creator": [_maker(agent) for agent in creators()],
            "publisher": _maker(publisher()),
            "distribution": files,
            "inLanguage": [*LANGUAGES],
            "isAccessibleForFree": True,
        },
    )
    return (dataset,)


def _page(at: RequestContext, address: str, title: str, about: str) -> JsonLdNode:
    origin = at.site.origin
    return node(
        "WebPage",
        address,
        {
            "url": address,
            "name": title,
            "inLanguage": at.addresses.language,
            "license": _first(at, "license"),
            "dateModified": _first(at, "issued"),
            "isBasedOn": reference(origin.dataset) if origin.dataset else {},
            "mainEntity": reference(about),
        },
    )


def _maker(agent: Agent) -> JsonLdNode:
    return node("Organization", agent.iri, {"name": texts(dict(agent.names))})


def _texts(at: RequestContext, name: str) -> list[object]:
    values = at.site.origin.values(_DCTERMS + name)
    return texts({getattr(v, "language", "") or "": getattr(v, "value", "") for v in values})


def _first(at: RequestContext, name: str) -> str:
    values = at.site.origin.values(_DCTERMS + name)
    return next((str(getattr(v, "value", "")) for v in values), "")
