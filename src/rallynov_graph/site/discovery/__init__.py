"""Descriptions by which programs find the dataset: VoID, DCAT, the sitemap, robots.txt."""

from rallynov_graph.site.discovery import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((views.blueprint,), position=140)
