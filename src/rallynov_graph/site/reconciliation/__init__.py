"""The reconciliation service: the things that the names of a table mean."""

from rallynov_graph.site.reconciliation import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((views.blueprint,))
