"""SPARQL for people."""

from rallynov_graph.site.query.workbench import views
from rallynov_graph.site.web.feature import QUESTIONS, Feature

FEATURE = Feature(
    (views.blueprint, views.data),
    disallowed_paths=("/sparql",),
    position=80,
    data_blueprints=frozenset({views.data}),
    section=QUESTIONS,
)
