"""The views of documents: what is shown where one is not served, or not yet."""

from rallynov_graph.release.release_set import ONLY
from rallynov_graph.site.only import routes
from rallynov_graph.site.web.feature import Feature

FEATURE = Feature((routes.blueprint,), disallowed_paths=(f"{ONLY}/",), position=115)
