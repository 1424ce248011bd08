"""The search."""

from rallynov_graph.site.search import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(views.blueprint, disallowed_paths=("/search",), position=90, section=EXPLORE)
