"""Where a claim comes from: the words, who says it, how sure that is."""

from collections.abc import Iterable

from rallynov_graph.site.evidence import routes
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import EXPLORE
from rallynov_graph.site.web.site import Site


def _preparation_steps(site: Site, _view: GraphView) -> Iterable[PreparationStep]:
    return () if site.claims is None else (site.claims.keep,)


FEATURE = Feature.of(
    routes.blueprint, section=EXPLORE, preparation_steps=_preparation_steps, position=45
)
