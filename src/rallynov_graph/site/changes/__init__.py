"""What changed since earlier releases, and which releases there are."""

from rallynov_graph.site.changes import views
from rallynov_graph.site.web.feature import DOWNLOADS, Feature

FEATURE = Feature(
    (views.blueprint, views.releases_blueprint),
    frozenset({views.blueprint}),
    disallowed_paths=("/release/",),
    position=110,
    section=DOWNLOADS,
)
