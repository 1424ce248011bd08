"""The whole graph as files."""

from rallynov_graph.site.downloads import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((routes.blueprint,), closed=("/downloads/",), place=120)
