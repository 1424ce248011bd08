"""What the documents leave open."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.site.doubts import routes
from rallynov_graph.site.doubts.prepared_trials import prepare
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.open_question_marks import DOUBTS_PATH
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import DOUBTS
from rallynov_graph.site.web.site import Site


def _preparation_steps(site: Site, view: GraphView) -> Iterable[PreparationStep]:
    if site.release is not None and not site.foreign:
        yield partial(prepare, view, site.release)


FEATURE = Feature.of(
    routes.blueprint,
    section=DOUBTS,
    sitemap_paths=lambda _: (DOUBTS_PATH,),
    preparation_steps=_preparation_steps,
)
