"""What lets programs find the dataset: VoID, DCAT, the sitemap, robots.txt."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.exports.sparql_examples import LINKS
from rallynov_graph.exports.void import Statistics
from rallynov_graph.site.discovery import examples_routes, routes
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.site import Site


def _preparation_steps(site: Site, view: GraphView) -> Iterable[PreparationStep]:
    yield partial(Statistics.saved, site.graph.queries, f"{site.base}id/")
    yield partial(view.cached_rows, LINKS)


FEATURE = Feature(
    (routes.blueprint, examples_routes.blueprint),
    preparation_steps=_preparation_steps,
    position=140,
)
