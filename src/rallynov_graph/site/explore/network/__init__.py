"""The network of things."""

from rallynov_graph.site.explore.network import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(
    views.blueprint,
    position=50,
    section=EXPLORE,
)
