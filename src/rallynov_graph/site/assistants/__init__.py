"""The graph for assistants: tools by the Model Context Protocol (MCP)."""

from rallynov_graph.site.assistants import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature(
    (views.blueprint,),
    data_blueprints=frozenset({views.blueprint}),
)
