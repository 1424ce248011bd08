"""What the site says of itself: the release, accessibility, the report."""

from rallynov_graph.site.about import routes
from rallynov_graph.site.web.feature import ABOUT, Feature, Tab

FEATURE = Feature.of(
    routes.blueprint,
    sitemap_paths=lambda _: ("/about", "/api", "/accessibility"),
    position=130,
    section=ABOUT,
    tabs=(
        Tab("/about", "nav.about"),
        Tab("/report", "nav.report"),
        Tab("/api", "nav.api"),
        Tab("/accessibility", "nav.accessibility"),
    ),
)
