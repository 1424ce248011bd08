"""When and where the stages were."""

from rallynov_graph.site.explore.timeline import calendar, routes
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
)
