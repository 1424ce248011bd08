"""Two things side by side."""

from rallynov_graph.site.comparison import routes
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(routes.blueprint, section=EXPLORE)
