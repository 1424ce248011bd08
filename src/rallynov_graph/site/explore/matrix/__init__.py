"""The matrix of organisations and themes."""

from rallynov_graph.site.explore.matrix import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((), list_views=(views.VIEW,))
