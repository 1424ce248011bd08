"""The search."""

from rallynov_graph.site.search import routes
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(routes.blueprint, disallowed_paths=("/search",), position=90, section=EXPLORE)
