"""The page of a thing, and its data."""

from rallynov_graph.site.thing import data_routes, routes
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature(
    (routes.blueprint, data_routes.blueprint),
    frozenset({routes.blueprint}),
    data_blueprints=frozenset({data_routes.blueprint}),
    section=EXPLORE,
)
