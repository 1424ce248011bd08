"""The search."""

from rallynov_graph.site.search import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature.of(routes.blueprint, closed=("/search",), place=90)
