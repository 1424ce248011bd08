"""The catalogue of questions and their answers."""

from collections.abc import Iterable

from rallynov_graph.site.query.questions import views
from rallynov_graph.site.web.feature import QUESTIONS, Feature
from rallynov_graph.site.web.site import Site


def _sitemap_paths(site: Site) -> Iterable[str]:
    return ("/questions", *(f"/questions/{name}" for name in site.catalogue))


FEATURE = Feature.of(
    views.blueprint,
    sitemap_paths=_sitemap_paths,
    position=60,
    section=QUESTIONS,
)
