"""The home page."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.site.home import routes
from rallynov_graph.site.home.page import home_page
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import RALLY
from rallynov_graph.site.web.site import Site


def _preparation_steps(site: Site, view: GraphView) -> Iterable[PreparationStep]:
    for certainty in CERTAINTIES:
        yield partial(home_page, view, site.catalogue, certainty)


FEATURE = Feature.of(
    routes.blueprint,
    sitemap_paths=lambda _: ("/",),
    preparation_steps=_preparation_steps,
    position=10,
    section=RALLY,
)
