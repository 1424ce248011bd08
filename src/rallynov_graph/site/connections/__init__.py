"""What connects two things."""

from rallynov_graph.site.connections import routes
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(routes.blueprint, section=EXPLORE)
