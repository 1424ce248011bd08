"""The whole graph as files."""

from rallynov_graph.site.downloads import views
from rallynov_graph.site.web.feature import DOWNLOADS, Feature

FEATURE = Feature(
    (views.blueprint,),
    disallowed_paths=("/downloads/",),
    position=120,
    section=DOWNLOADS,
)
