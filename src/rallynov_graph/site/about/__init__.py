"""Pages about the site: the release, accessibility, the report."""

from rallynov_graph.site.about import views
from rallynov_graph.site.web.feature import HELP, Feature

FEATURE = Feature.of(
    views.blueprint,
    sitemap_paths=lambda _: ("/about", "/api", "/accessibility"),
    position=130,
    section=HELP,
)
