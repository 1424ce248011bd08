"""The matrix of organisations and themes."""

from rallynov_graph.site.explore.matrix import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(
    views.blueprint,
    position=40,
    section=EXPLORE,
    list_views=(views.VIEW,),
)
