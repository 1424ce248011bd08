"""The documents of the program as pages: by need, in French and English, with a search."""

from rallynov_graph.site.docs import views
from rallynov_graph.site.docs.documents import documents
from rallynov_graph.site.web.feature import HELP, Feature

FEATURE = Feature(
    (views.blueprint,),
    sitemap_paths=lambda _: ("/docs", *(f"/docs/{name}" for name in documents())),
    position=131,
    section=HELP,
)
