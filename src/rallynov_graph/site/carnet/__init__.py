"""The documents, read from the first part to the last."""

from rallynov_graph.site.carnet import routes
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.sections import CARNET

FEATURE = Feature.of(routes.blueprint, map=lambda _: ("/carnet",), place=20, section=CARNET)
