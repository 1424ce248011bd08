"""The ontology, its terms, the shapes and the JSON-LD context."""

from rallynov_graph.site.ontology import routes, term_routes
from rallynov_graph.site.web.feature import ABOUT, Feature, Tab

FEATURE = Feature.of(
    routes.blueprint,
    term_routes.blueprint,
    sitemap_paths=lambda _: ("/ontology", "/shapes", "/context"),
    position=100,
    section=ABOUT,
    tabs=(Tab("/ontology", "nav.ontology"),),
)
