"""The matrix of organisations and themes."""

from rallynov_graph.site.explore.matrix import routes
from rallynov_graph.site.explore.matrix.list_view import VIEW
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(
    routes.blueprint,
    position=40,
    section=EXPLORE,
    list_views=(VIEW,),
)
