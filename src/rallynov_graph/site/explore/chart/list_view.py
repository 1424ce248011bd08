"""The chart as a way to look at the things of a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Response, make_response

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import Facet
from rallynov_graph.base.typography import day
from rallynov_graph.release.attribution import attribution
from rallynov_graph.site.explore.chart.page import HEADER, Bar, Chart, chart, iri_of, ways
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings, ListState, ListView
from rallynov_graph.site.web.reader import page, site, words
from rallynov_graph.site.web.url_parameters import BadParameterError

NAME: Final = "chart"
_MOST_ROWS: Final = 100_000
"""How many values a file has: those of most things."""


@dataclass(frozen=True)
class ChartShown:
    """What the chart of a list shows."""

    chart: Chart
    by_name: Node
    """What the facet is called, where a property of another graph is it."""
    others: tuple[tuple[str, str], ...]
    """The facets that bars can be made by, each with the address of that chart."""
    total: int
    kind: str
    version: str
    issued: str


def shown(listed: ListedThings) -> ChartShown | None:
    """Return what the chart of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    facets = ways(listed.selection.source)
    by = _facet(listed, facets)
    release = site().release
    return ChartShown(
        chart(listed.view, listed.selection, by),
        _named(listed.view, by),
        tuple((facet.name, listed.address(_state(facet, facets))) for facet in facets),
        len(listed.things),
        listed.selection.source.kind,
        release.manifest.version if release else "",
        day(release.manifest.issued, listed.view.language) if release else "",
    )


def file(listed: ListedThings, suffix: str) -> Response:
    """Return the counts as rows, or the drawing."""
    by = _facet(listed, ways(listed.selection.source))
    if suffix == "svg":
        drawn = page("explore/chart/chart.svg", shown=shown(listed))
        response = make_response(drawn)
        response.mimetype = "image/svg+xml"
        name = f"{attribution().name}-chart.svg"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    counted = chart(listed.view, listed.selection, by, _MOST_ROWS)
    return page_files.of_rows(HEADER, _rows(counted.bars), suffix, NAME)


def _rows(bars: tuple[Bar, ...]) -> Iterator[tuple[str | int, ...]]:
    for bar in bars:
        counts = {part.certainty: part.count for part in bar.parts}
        numbers = (counts.get(certainty, 0) for certainty in CERTAINTIES)
        yield (iri_of(bar.term), bar.value.text, bar.things, *numbers)


def _facet(listed: ListedThings, facets: tuple[Facet, ...]) -> Facet:
    wanted = next(iter(listed.state.values("by")), facets[0].name)
    found = next((facet for facet in facets if facet.name == wanted), None)
    if found is None:
        allowed = tuple(Node(facet.name) for facet in facets)
        raise BadParameterError(BadParameter("by", "one_of", allowed=allowed))
    return found


def _state(facet: Facet, facets: tuple[Facet, ...]) -> ListState:
    return ListState("", own=() if facet == facets[0] else (("by", facet.name),))


def _named(view: GraphView, facet: Facet) -> Node:
    key = "column.large" if facet.name == "larger" else f"column.{facet.name}"
    if facet.name != facet.path.property:
        return Node(words()[key])
    return view.node(facet.name)


def _offered(_view: GraphView, source: Source) -> bool:
    return bool(ways(source))


VIEW: Final = ListView(
    NAME,
    "explore/chart/chart.html",
    shown,
    place=60,
    offered=_offered,
    parameters=frozenset({"by"}),
    tables=page_files.ROWS,
    graphs=("svg",),
    file=file,
)
