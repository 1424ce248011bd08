"""The API for programs that do not speak SPARQL."""

from collections.abc import Iterable

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.site.api import routes
from rallynov_graph.site.api.answers import tables
from rallynov_graph.site.model.addresses import CERTAINTY
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.feature import Feature
from rallynov_graph.site.web.site import Site


def _read_first(site: Site, view: GraphView) -> Iterable[str]:
    """Yield the addresses of the answers, with a certainty where a question has one."""
    for question in tables(site.catalogue):
        has_certainty = any(parameter.name == CERTAINTY for parameter in question.parameters)
        if has_certainty or view.addresses.certainty == LEAST_SURE:
            yield view.addresses.path(f"/api/questions/{question.name}")


FEATURE = Feature((routes.blueprint,), read_first=_read_first)
