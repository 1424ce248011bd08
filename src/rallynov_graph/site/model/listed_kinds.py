"""The kinds whose list has something in it: what pages and the sitemap lead to."""

from pyoxigraph import Literal

from rallynov_graph.base.kinds import LISTED
from rallynov_graph.questions.page_queries import PageQueries


def listed_kinds(queries: PageQueries) -> tuple[str, ...]:
    """Return the kinds with a list of which there is a thing, in the order of lists."""
    rows = queries.rows("kinds_of_addresses").rows
    return tuple(kind for kind in LISTED if (Literal(kind),) in rows)
