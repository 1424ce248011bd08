"""The lists: things of a kind or a class, narrowed and sorted."""

from collections.abc import Iterable

from rallynov_graph.base.kinds import NAVIGATION
from rallynov_graph.site.explore.lists import facet_routes, routes
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.web.feature import EXPLORE, TABLE, Feature, ListView, Tab
from rallynov_graph.site.web.site import Site


def _sitemap_paths(site: Site) -> Iterable[str]:
    return (f"/list/{kind}" for kind in listed_kinds(site.graph.queries))


FEATURE = Feature.of(
    routes.blueprint,
    edition_blueprints=(facet_routes.blueprint,),
    sitemap_paths=_sitemap_paths,
    position=30,
    section=EXPLORE,
    tabs=tuple(Tab(f"/list/{kind}", f"kind.{kind}") for kind in NAVIGATION),
    list_views=(ListView(TABLE, "explore/lists/table.html", lambda listed: listed, place=10),),
)
