"""Why a fact holds."""

from rallynov_graph.site.evidence import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature.of(routes.blueprint)
