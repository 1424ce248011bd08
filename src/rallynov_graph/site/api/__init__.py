"""The API for programs that do not speak SPARQL."""

from rallynov_graph.site.api import views
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((views.blueprint,))
