"""The graph for assistants: tools and resources by the Model Context Protocol (MCP)."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.site.assistants import routes, schema_tool
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.site import Site


def _preparation_steps(_site: Site, view: GraphView) -> Iterable[PreparationStep]:
    yield partial(view.cached_rows, schema_tool.PROPERTIES)


FEATURE = Feature(
    (routes.blueprint,),
    data_blueprints=frozenset({routes.blueprint}),
    preparation_steps=_preparation_steps,
)
