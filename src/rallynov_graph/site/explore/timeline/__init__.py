"""When and where the stages were."""

from rallynov_graph.site.explore.timeline import calendar, routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature(
    (
        routes.blueprint,
        calendar.blueprint,
    ),
    frozenset({routes.blueprint}),
)
