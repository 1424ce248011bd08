"""The questions that the documents leave open."""

from rallynov_graph.site.doubts import views
from rallynov_graph.site.model.open_question_marks import DOUBTS_PATH
from rallynov_graph.site.web.feature import DOUBTS, Feature

FEATURE = Feature.of(
    views.blueprint,
    section=DOUBTS,
    sitemap_paths=lambda _: (DOUBTS_PATH,),
)
