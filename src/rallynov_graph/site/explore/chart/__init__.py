"""A chart: how many of the things of a list have each value of a facet."""

from rallynov_graph.site.explore.chart.list_view import VIEW
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((), list_views=(VIEW,))
