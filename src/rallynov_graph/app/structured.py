"""What a page tells search engines of what it shows, in the words of schema.org."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g
from pyoxigraph import NamedNode

from rallynov_graph.app.publishing import creators, publisher, whole
from rallynov_graph.app.reading import absolute, lens, site
from rallynov_graph.exports import schema_org
from rallynov_graph.exports.catalogue import Agent
from rallynov_graph.exports.schema_org import Node, node, reference, texts
from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.views.classes_of_web import class_of_web

_DCTERMS = PREFIXES["dcterms"]


def tell(nodes: Iterable[Node]) -> None:
    """Let the page that answers this request tell these things, where it tells anything."""
    told = [*nodes]
    if told:
        g.structured = schema_org.written(told)


def of_thing_page(iri: str, title: str) -> tuple[Node, ...]:
    """Return what the page of a thing tells: the page itself, and the thing."""
    if site().foreign:
        return ()
    seen = lens()
    short = seen.addresses.short(iri)
    where = ("/resource", [("iri", iri)]) if short is None else (f"/page/{short}", [])
    rows = seen.queries.rows("in_schema_org", thing=NamedNode(iri)).rows
    said = [(p.value, v) for p, v in rows if isinstance(p, NamedNode) and v is not None]
    classes = seen.graph.with_above(seen.described([iri])[iri].classes)
    shown = schema_org.thing(iri, class_of_web(classes), said)
    return (_page(absolute(seen.addresses.path(*where)), title, iri), shown)


def of_first_page() -> tuple[Node, ...]:
    """Return what the first page tells: the dataset, its makers, its files."""
    origin = site().origin
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
            "name": _texts("title"),
            "description": _texts("description"),
            "license": _first("license"),
            "datePublished": _first("issued"),
            "version": origin.release,
            "url": absolute(lens().addresses.path("/")),
            "creator": [_maker(agent) for agent in creators()],
            "publisher": _maker(publisher()),
            "distribution": files,
            "inLanguage": ["fr", "en"],
            "isAccessibleForFree": True,
        },
    )
    return (dataset,)


def _page(address: str, title: str, about: str) -> Node:
    origin = site().origin
    return node(
        "WebPage",
        address,
        {
            "url": address,
            "name": title,
            "inLanguage": lens().language,
            "license": _first("license"),
            "dateModified": _first("issued"),
            "isBasedOn": reference(origin.dataset) if origin.dataset else {},
            "mainEntity": reference(about),
        },
    )


def _maker(agent: Agent) -> Node:
    return node("Organization", agent.iri, {"name": texts(dict(agent.names))})


def _texts(name: str) -> list[object]:
    values = site().origin.values(_DCTERMS + name)
    return texts({getattr(v, "language", "") or "": getattr(v, "value", "") for v in values})


def _first(name: str) -> str:
    values = site().origin.values(_DCTERMS + name)
    return next((str(getattr(v, "value", "")) for v in values), "")
