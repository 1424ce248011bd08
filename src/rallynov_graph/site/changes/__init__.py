"""What changed since earlier releases, and which releases there are."""

from rallynov_graph.site.changes import release_list, routes
from rallynov_graph.site.web.feature import ABOUT, Feature, Tab

FEATURE = Feature(
    (
        routes.blueprint,
        release_list.blueprint,
    ),
    frozenset({routes.blueprint}),
    disallowed_paths=("/release/",),
    position=110,
    section=ABOUT,
    tabs=(
        Tab("/changes", "nav.changes"),
        Tab("/releases", "nav.releases"),
    ),
)
