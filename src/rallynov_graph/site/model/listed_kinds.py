"""The kinds whose list has something in it: what pages and the sitemap lead to."""

from functools import partial

from pyoxigraph import Literal

from rallynov_graph.base.kinds import KINDS, LISTED, NAVIGATION
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import Choices, Selection, source_of_kind
from rallynov_graph.site.model.themes import TREE, themes_page


def listed_kinds(queries: PageQueries) -> tuple[str, ...]:
    """Return the kinds with a list of which there is a thing, in the order of lists."""
    found = {
        kind.value
        for (kind,) in queries.rows("kinds_of_addresses").rows
        if isinstance(kind, Literal)
    }
    return tuple(kind for kind in LISTED if kind in found)


def counted_kinds(view: GraphView, current: str = "") -> tuple[tuple[str, int], ...]:
    """Return the kinds of the navigation and the current one, each with how many things it has.

    None of a graph that is not ours. They are counted once for all pages.
    """
    least = view.addresses.certainty

    def count(name: str) -> int:
        if name == TREE:
            return themes_page(view, least).total
        return Selection(view.queries, source_of_kind(name), Choices(least)).total()

    further = [current] if current in KINDS and current not in NAVIGATION else []
    names = () if view.foreign else (*NAVIGATION, *further)
    return tuple(
        (name, view.queries.once("things of a kind", (least, name), partial(count, name)))
        for name in names
    )
