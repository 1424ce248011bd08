"""SPARQL for people."""

from rallynov_graph.site.query.workbench import completion_routes, origin_routes, routes
from rallynov_graph.site.web.feature import QUERY, Feature, Tab

FEATURE = Feature(
    (
        routes.blueprint,
        completion_routes.blueprint,
        origin_routes.blueprint,
    ),
    disallowed_paths=("/sparql",),
    position=80,
    data_blueprints=frozenset({completion_routes.blueprint}),
    section=QUERY,
    tabs=(Tab("/sparql", "nav.sparql"),),
)
