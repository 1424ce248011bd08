"""The ontology, its terms, the shapes and the JSON-LD context."""

from rallynov_graph.site.ontology import term, views
from rallynov_graph.site.web.feature import HELP, Feature

FEATURE = Feature.of(
    views.blueprint,
    term.blueprint,
    sitemap_paths=lambda _: ("/ontology", "/shapes", "/context"),
    position=100,
    section=HELP,
)
