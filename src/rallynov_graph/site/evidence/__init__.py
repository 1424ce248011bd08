"""Where a claim comes from: the words, who says it, how sure that is."""

from rallynov_graph.site.evidence import views
from rallynov_graph.site.web.feature import EXPLORE, Feature

FEATURE = Feature.of(views.blueprint, section=EXPLORE, position=45)
