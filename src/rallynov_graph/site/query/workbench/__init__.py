"""SPARQL for people."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.query.workbench import completion, completion_routes, origin_routes, routes
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import QUERY, Tab
from rallynov_graph.site.web.site import Site


def _preparation_steps(_site: Site, view: GraphView) -> Iterable[PreparationStep]:
    yield partial(completion.prepare_terms, view)


FEATURE = Feature(
    (
        routes.blueprint,
        completion_routes.blueprint,
        origin_routes.blueprint,
    ),
    disallowed_paths=("/sparql",),
    preparation_steps=_preparation_steps,
    position=80,
    data_blueprints=frozenset({completion_routes.blueprint}),
    section=QUERY,
    tabs=(Tab("/sparql", "nav.sparql"),),
)
