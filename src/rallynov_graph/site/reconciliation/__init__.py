"""Names in somebody's table, and the things that they mean."""

from rallynov_graph.site.reconciliation import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((routes.blueprint,))
