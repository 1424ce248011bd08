"""Two things side by side."""

from rallynov_graph.site.comparison import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature.of(routes.blueprint)
