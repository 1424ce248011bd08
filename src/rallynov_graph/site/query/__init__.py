"""Questions, the builder and the workbench."""

from rallynov_graph.site.query import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((views.blueprint,))
