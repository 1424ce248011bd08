"""The graph for assistants: tools and resources by the Model Context Protocol (MCP)."""

from rallynov_graph.site.assistants import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature(
    (routes.blueprint,),
    data_blueprints=frozenset({routes.blueprint}),
)
