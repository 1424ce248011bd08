"""A question built without SPARQL."""

from rallynov_graph.site.query.builder import routes
from rallynov_graph.site.web.feature import QUERY, Feature, Tab

FEATURE = Feature.of(
    routes.blueprint,
    disallowed_paths=("/builder",),
    position=70,
    section=QUERY,
    tabs=(Tab("/builder", "nav.builder"),),
)
