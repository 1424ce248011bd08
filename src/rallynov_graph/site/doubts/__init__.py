"""What the carnet leaves open."""

from rallynov_graph.site.doubts import routes
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.sections import DOUBTS

FEATURE = Feature.of(routes.blueprint, section=DOUBTS)
