"""A question built without SPARQL."""

from rallynov_graph.site.query.builder import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature.of(routes.blueprint, closed=("/builder",), place=70)
