"""Two things side by side."""

from rallynov_graph.site.comparison import routes
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.sections import EXPLORE

FEATURE = Feature.of(routes.blueprint, section=EXPLORE)
