"""When and where: the stages of a list on a map and in time."""

from rallynov_graph.site.explore.timeline import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((), list_views=(views.MAP, views.TIMELINE))
