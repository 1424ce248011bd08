"""Where a claim comes from: the words, who says it, how sure that is."""

from rallynov_graph.site.evidence import routes
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.sections import EXPLORE

FEATURE = Feature.of(routes.blueprint, section=EXPLORE, position=45)
