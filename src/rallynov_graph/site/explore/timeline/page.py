"""When and where: the stages and the closing event on a line in time, on a map, in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.drawing.events import Event, events_of
from rallynov_graph.site.model.drawing.map_and_timeline import Map, TimeLine, map_of, time_line_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange

SIZE: Final = 50
"""How many events a page shows."""


@dataclass(frozen=True)
class WhenAndWherePage:
    """The events of a page, drawn and listed."""

    certainty: str
    events: tuple[Event, ...]
    time_line: TimeLine | None
    map: Map | None
    undated: tuple[Event, ...]
    unplaced: tuple[Event, ...]
    sources: tuple[Node, ...]
    pages: PageRange
    query: str


def when_and_where_page(view: GraphView, certainty: str, number: int) -> WhenAndWherePage | None:
    """Return a page of what is at least so certain; None where there are not so many pages."""
    least = NamedNode(RN + certainty)
    things = [t for t, *_ in view.queries.rows("events_in_time", certainty=least).rows]
    iris = [t.value for t in things if isinstance(t, NamedNode)]
    count = max(1, -(-len(iris) // SIZE))
    if number > count:
        return None
    shown = iris[(number - 1) * SIZE : number * SIZE]
    events = events_of(view, shown, least, (number - 1) * SIZE + 1)

    def at(page: int) -> str:
        query = [("certainty", certainty), ("page", str(page) if page > 1 else "")]
        return view.addresses.path("/when-and-where", query)

    sources = (s for e in events for w in e.places for s in w.sources)
    return WhenAndWherePage(
        certainty,
        events,
        time_line_of(events, view.language),
        map_of(events, view.language),
        tuple(e for e in events if e.day is None),
        tuple(e for e in events if not any(where.point for where in e.places)),
        tuple(dict.fromkeys(sources)),
        PageRange(
            number,
            count,
            at(number - 1) if number > 1 else None,
            at(number + 1) if number < count else None,
        ),
        readable(view.queries.text("events_in_time", certainty=least)),
    )
