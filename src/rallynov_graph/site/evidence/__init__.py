"""Where a claim comes from: the words, who says it, how sure that is."""

from rallynov_graph.site.evidence import routes
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(routes.blueprint, section=EXPLORE, position=45)
