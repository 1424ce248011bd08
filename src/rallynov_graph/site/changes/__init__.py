"""What changed since earlier releases, and which releases there are."""

from rallynov_graph.site.changes import views
from rallynov_graph.site.web.feature import ABOUT, Feature, Tab

FEATURE = Feature(
    (views.blueprint, views.releases_blueprint),
    frozenset({views.blueprint}),
    disallowed_paths=("/release/",),
    position=110,
    section=ABOUT,
    tabs=(
        Tab("/changes", "nav.changes"),
        Tab("/releases", "nav.releases"),
    ),
)
