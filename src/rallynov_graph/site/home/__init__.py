"""The home page."""

from rallynov_graph.site.home import views
from rallynov_graph.site.web.feature import HOME, Feature

FEATURE = Feature.of(
    views.blueprint,
    sitemap_paths=lambda _: ("/",),
    position=10,
    section=HOME,
)
