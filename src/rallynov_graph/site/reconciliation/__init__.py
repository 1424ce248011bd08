"""The reconciliation service: the things that the names of a table mean."""

from rallynov_graph.site.reconciliation import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((routes.blueprint,))
