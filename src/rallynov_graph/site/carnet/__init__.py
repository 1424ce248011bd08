"""The documents as editions, read from the first part to the last."""

from collections.abc import Iterable

from rallynov_graph.site.carnet import views
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import CARNET, Feature
from rallynov_graph.site.web.site import Site


def _sitemap_paths(site: Site) -> Iterable[str]:
    """Return the documents, and the list of them unless it leads to the only one."""
    view = GraphView(site.graph, Addresses(base=site.base))
    found = tuple(it.href for it in views.documents(view, site.source_documents, site.texts))
    return found if len(found) == 1 else ("/carnet", *found)


FEATURE = Feature.of(views.blueprint, sitemap_paths=_sitemap_paths, position=20, section=CARNET)
