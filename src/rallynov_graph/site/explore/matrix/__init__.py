"""A matrix: organisations and themes, or things of any kind and what they are linked to."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.site.explore.matrix import routes
from rallynov_graph.site.explore.matrix.list_view import VIEW
from rallynov_graph.site.model.links.organisations_and_themes import evidence_index
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import EXPLORE
from rallynov_graph.site.web.site import Site


def _preparation_steps(_site: Site, view: GraphView) -> Iterable[PreparationStep]:
    return (partial(evidence_index, view, certainty) for certainty in CERTAINTIES)


FEATURE = Feature.of(
    routes.blueprint,
    preparation_steps=_preparation_steps,
    position=40,
    section=EXPLORE,
    list_views=(VIEW,),
)
