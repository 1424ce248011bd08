"""What connects two things."""

from rallynov_graph.site.connections import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature.of(routes.blueprint)
