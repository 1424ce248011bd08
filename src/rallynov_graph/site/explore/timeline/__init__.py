"""When and where: the things of a list on a map and in time, and the calendar of the stages."""

from typing import Final

from rallynov_graph.site.explore.timeline import calendar, map_view, routes, timeline_view
from rallynov_graph.site.explore.timeline.things_at_events import are_all_stages, lead_to_events
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.list_views import ListedThings, ListView, Pair
from rallynov_graph.site.web.page_files import ROWS


def _calendar(listed: ListedThings) -> tuple[Pair, ...]:
    """Return the calendar, where the list is of all stages."""
    if not are_all_stages(listed.selection):
        return ()
    addresses, certainty = listed.view.addresses, listed.selection.choices.certainty
    return (("ics", addresses.path("/stages.ics", [("certainty", certainty)])),)


MAP: Final = ListView(
    "map",
    "explore/timeline/map.html",
    map_view.map_shown,
    place=30,
    offered=lambda _view, source: lead_to_events(source) or map_view.offered(source),
    tables=ROWS,
    graphs=("ttl",),
    file=map_view.map_file,
    other_files=_calendar,
)
TIMELINE: Final = ListView(
    "timeline",
    "explore/timeline/timeline.html",
    timeline_view.timeline_shown,
    place=40,
    offered=lambda _view, source: lead_to_events(source),
    tables=ROWS,
    graphs=("ttl",),
    file=timeline_view.timeline_file,
    other_files=_calendar,
)
FEATURE = Feature(
    (
        routes.blueprint,
        calendar.blueprint,
    ),
    data_blueprints=frozenset({calendar.blueprint}),
    list_views=(MAP, TIMELINE),
)
