"""The whole graph as files."""

from rallynov_graph.site.downloads import routes
from rallynov_graph.site.web.feature import ABOUT, Feature, Tab

FEATURE = Feature(
    (routes.blueprint,),
    disallowed_paths=("/downloads/",),
    position=120,
    section=ABOUT,
    tabs=(Tab("/downloads", "nav.downloads"),),
)
