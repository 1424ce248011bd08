"""Questions, the builder and the workbench."""

from rallynov_graph.site.query import answer_citation
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((answer_citation.blueprint,))
