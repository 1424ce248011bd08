"""The connections between two things."""

from rallynov_graph.site.connections import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(views.blueprint, section=EXPLORE)
