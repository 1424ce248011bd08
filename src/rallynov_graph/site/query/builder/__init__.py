"""A question built without SPARQL."""

from rallynov_graph.site.query.builder import views
from rallynov_graph.site.web.feature import QUESTIONS, Feature

FEATURE = Feature.of(
    views.blueprint,
    disallowed_paths=("/builder",),
    position=70,
    section=QUESTIONS,
)
