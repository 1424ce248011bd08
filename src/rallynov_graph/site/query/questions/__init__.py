"""The catalogue of questions and their answers."""

from collections.abc import Iterable
from functools import partial

from rallynov_graph.release.kept_answers import keeps
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.query.questions import routes
from rallynov_graph.site.query.questions.prepared_questions import prepare
from rallynov_graph.site.web.feature import Feature, PreparationStep
from rallynov_graph.site.web.sections import QUERY, Tab
from rallynov_graph.site.web.site import Site


def _sitemap_paths(site: Site) -> Iterable[str]:
    return ("/questions", *(f"/questions/{name}" for name in site.catalogue))


def _preparation_steps(site: Site, view: GraphView) -> Iterable[PreparationStep]:
    if keeps(site.release):
        for question in site.catalogue.values():
            yield partial(prepare, site.release.kept_answers, view, question)


FEATURE = Feature.of(
    routes.blueprint,
    sitemap_paths=_sitemap_paths,
    preparation_steps=_preparation_steps,
    position=60,
    section=QUERY,
    tabs=(Tab("/questions", "nav.questions"),),
)
