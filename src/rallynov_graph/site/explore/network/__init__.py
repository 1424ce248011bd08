"""The network of things."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.site.explore.network import page, routes
from rallynov_graph.site.model.nodes import Lens
from rallynov_graph.site.web.feature import Feature, Piece
from rallynov_graph.site.web.site import Site


def _prepares(site: Site, lens: Lens) -> Iterable[Piece]:
    yield partial(page.network_page, lens, site.finder, page.Asked())


FEATURE = Feature.of(routes.blueprint, prepares=_prepares, place=50)
