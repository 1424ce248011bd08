"""The changes since earlier releases, and the list of releases."""

from rallynov_graph.site.changes import views
from rallynov_graph.site.web.feature import DOWNLOADS, Feature

FEATURE = Feature(
    (views.blueprint, views.releases_blueprint),
    frozenset({views.blueprint}),
    disallowed_paths=("/release/",),
    position=110,
    section=DOWNLOADS,
)
