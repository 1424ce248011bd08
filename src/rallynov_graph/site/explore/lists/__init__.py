"""The lists: things of a kind or a class, narrowed and sorted."""

from rallynov_graph.site.explore.lists import facet_index, views
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.web.feature import EXPLORE, TABLE, Feature, ListView

FEATURE = Feature.of(
    views.blueprint,
    edition_blueprints=(facet_index.blueprint,),
    sitemap_paths=lambda site: (
        "/explore",
        *(f"/list/{kind}" for kind in listed_kinds(site.graph.queries)),
    ),
    position=30,
    section=EXPLORE,
    list_views=(ListView(TABLE, "explore/lists/table.html", place=10),),
)
