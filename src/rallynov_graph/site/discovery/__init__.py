"""What lets programs find the dataset: VoID, DCAT, the sitemap, robots.txt."""

from rallynov_graph.site.discovery import examples_routes, routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature(
    (routes.blueprint, examples_routes.blueprint),
    position=140,
)
