"""When and where: the stages of a list on a map and in time."""

from typing import Final

from rallynov_graph.site.explore.timeline import map_view, routes, timeline_view
from rallynov_graph.site.explore.timeline.stages import KIND
from rallynov_graph.site.web.feature import Feature, ListView
from rallynov_graph.site.web.page_files import ROWS

MAP: Final = ListView(
    "map",
    "explore/timeline/map.html",
    map_view.map_shown,
    place=30,
    kind=KIND,
    tables=ROWS,
    graphs=("ttl",),
    file=map_view.map_file,
)
TIMELINE: Final = ListView(
    "timeline",
    "explore/timeline/timeline.html",
    timeline_view.timeline_shown,
    place=40,
    kind=KIND,
    tables=ROWS,
    graphs=("ttl",),
    file=timeline_view.timeline_file,
)
FEATURE = Feature((routes.blueprint,), list_views=(MAP, TIMELINE))
