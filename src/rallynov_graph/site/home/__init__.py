"""The home page."""

from rallynov_graph.site.home import routes
from rallynov_graph.site.web.feature import RALLY, Feature

FEATURE = Feature.of(
    routes.blueprint,
    sitemap_paths=lambda _: ("/",),
    position=10,
    section=RALLY,
)
