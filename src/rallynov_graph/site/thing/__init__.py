"""The page of a thing, and its data."""

from rallynov_graph.site.thing import data_views, views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature(
    (views.blueprint, data_views.blueprint),
    frozenset({views.blueprint}),
    data_blueprints=frozenset({data_views.blueprint}),
    section=EXPLORE,
)
