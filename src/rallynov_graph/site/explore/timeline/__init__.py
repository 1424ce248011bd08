"""When and where the stages were; the things of a list on a map and in time."""

from rallynov_graph.site.explore.timeline import calendar, routes
from rallynov_graph.site.explore.timeline.list_views import MAP, TIMELINE
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.sections import RALLY, Tab

FEATURE = Feature(
    (
        routes.blueprint,
        calendar.blueprint,
    ),
    frozenset({routes.blueprint}),
    data_blueprints=frozenset({calendar.blueprint}),
    section=RALLY,
    tabs=(Tab("/when-and-where", "nav.when"),),
    list_views=(MAP, TIMELINE),
)
