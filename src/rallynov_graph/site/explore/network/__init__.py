"""The network of things."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.site.explore.network import page, routes
from rallynov_graph.site.explore.network.list_view import VIEW
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import EXPLORE, Tab
from rallynov_graph.site.web.site import Site


def _preparation_steps(site: Site, view: GraphView) -> Iterable[PreparationStep]:
    yield partial(page.network_page, view, site.finder, page.NetworkRequest())


FEATURE = Feature.of(
    routes.blueprint,
    preparation_steps=_preparation_steps,
    position=50,
    section=EXPLORE,
    tabs=(Tab("/network", "nav.network"),),
    list_views=(VIEW,),
)
