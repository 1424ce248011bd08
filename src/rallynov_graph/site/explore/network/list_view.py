"""The network as a way to look at the things of a list: they and what they are linked to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from flask import Response, jsonify

from rallynov_graph.base.kinds import DRAWN
from rallynov_graph.exports.network_files import AT_SAME_STAGE
from rallynov_graph.rdf.formats import GEXF
from rallynov_graph.site.explore.network import network_file
from rallynov_graph.site.explore.network.network_data import as_data
from rallynov_graph.site.explore.network.page import (
    SAME_STAGE,
    NetworkPage,
    NetworkRequest,
    network_page,
    triples,
)
from rallynov_graph.site.explore.network.selection import Selection
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.links.shortest_paths import PathSearch
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings, ListState, ListView
from rallynov_graph.site.web.query_parameters import LONGEST
from rallynov_graph.site.web.reader import site, words
from rallynov_graph.site.web.url_parameters import BadParameterError

NAME: Final = "network"
MOST: Final = 150
"""How many things of a list are drawn: those of most links."""
MOST_BESIDE: Final = 150
"""How many others are drawn that they are linked to."""


@dataclass(frozen=True)
class NetworkShown:
    """What the network of a list shows."""

    page: NetworkPage
    left: int
    """How many things of the list are not drawn, as they have fewer links."""
    data: str
    """The address of the same as JSON."""
    switch: str
    """The address of the same with the links of the same stage, or without."""


def shown(listed: ListedThings) -> NetworkShown | None:
    """Return what the network of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    page = _page(listed)
    path, _, query = listed.address(listed.state).partition("?")
    other = SAME_STAGE[1 - SAME_STAGE.index(page.request.same_stage)]
    return NetworkShown(
        page,
        max(0, len(listed.things) - MOST),
        f"{path}.json?{query}",
        listed.address(_state(listed, other, page.request.start)),
    )


def file(listed: ListedThings, suffix: str) -> Response:
    """Return what is drawn, with its places, or the statements that the lines stand for."""
    page = _page(listed)
    if suffix == GEXF.name:
        release = site().release
        manifest = release.manifest if release else None
        issued, licence = (manifest.issued, manifest.licence) if manifest else ("", "")
        written = network_file.written(page, words()["network.title"], issued, licence)
        return page_files.file_response(written, GEXF, NAME)
    if suffix == "json":
        return jsonify(as_data(page, words()))
    if suffix == "csv":
        rows = ((link.subject, link.property, link.object) for link in page.links)
        return page_files.of_rows(("thing", "property", "other"), rows, suffix, NAME)
    return page_files.of_triples(triples(page), suffix, NAME)


def _page(listed: ListedThings) -> NetworkPage:
    certainty = listed.selection.choices.certainty
    request = NetworkRequest(
        (),
        certainty,
        same_stage=_same_stage(listed),
        start=next(iter(listed.state.values("from")), "")[:LONGEST],
    )
    return network_page(listed.view, site().finder, request, _selected(listed, certainty))


def _same_stage(listed: ListedThings) -> str:
    """Return whether these links are drawn; raise BadParameterError for another word."""
    value = next(iter(listed.state.values("same_stage")), SAME_STAGE[0])
    if value not in SAME_STAGE:
        allowed = tuple(map(Node, SAME_STAGE))
        raise BadParameterError(BadParameter("same_stage", "one_of", allowed=allowed))
    return value


def _state(listed: ListedThings, same_stage: str, start: str) -> ListState:
    """Return the state with other values of its own, those at rest left out."""
    own = (("same_stage", same_stage if same_stage != SAME_STAGE[0] else ""), ("from", start))
    return replace(listed.state, own=tuple((name, value) for name, value in own if value))


def _selected(listed: ListedThings, certainty: str) -> Selection:
    """Return the things of a list that have most links, and what those are linked to most."""
    things = listed.things
    if len(things) > MOST:
        links = listed.selection.link_counts()
        sizes = {iri: int(getattr(links.get(iri), "value", 0)) for iri in things}
        things = tuple(sorted(things, key=lambda iri: -sizes[iri])[:MOST])
    search = PathSearch(listed.view.queries, certainty)
    without = () if _same_stage(listed) == SAME_STAGE[1] else (AT_SAME_STAGE,)
    own = frozenset(things)
    beside = Counter(
        link.object if link.subject == thing else link.subject
        for link, thing in search.links([*things])
        if link.property not in without
    )
    others = [iri for iri in beside if iri not in own]
    described = listed.view.described(others)
    drawn = [iri for iri in others if listed.view.shape(iri, described[iri].classes) in DRAWN]
    first = sorted(drawn, key=lambda iri: (-beside[iri], iri))[:MOST_BESIDE]
    return Selection((*things, *first), len(things) + len(drawn), search.is_whole)


def _offered(view: GraphView, source: Source) -> bool:
    return not view.foreign and source.kind in DRAWN


VIEW: Final = ListView(
    NAME,
    "explore/network/listed.html",
    shown,
    place=50,
    offered=_offered,
    parameters=frozenset({"same_stage", "from"}),
    tables=page_files.ROWS,
    graphs=(GEXF.name, "ttl"),
    file=file,
)
