"""Two things side by side."""

from rallynov_graph.site.comparison import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(views.blueprint, section=EXPLORE)
