"""The kinds whose list has something in it: what pages and the sitemap lead to."""

from pyoxigraph import Literal

from rallynov_graph.base.kinds import LISTED
from rallynov_graph.questions.page_queries import PageQueries


def listed_kinds(queries: PageQueries) -> tuple[str, ...]:
    """Return the kinds with a list of which there is a thing, in the order of lists."""
    found = {
        kind.value
        for (kind,) in queries.rows("kinds_of_addresses").rows
        if isinstance(kind, Literal)
    }
    return tuple(kind for kind in LISTED if kind in found)
