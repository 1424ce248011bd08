"""Features: each has one record in its package, which is all that the rest of the site reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app

from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import Selection, Source
from rallynov_graph.site.web.reader import first_part
from rallynov_graph.site.web.site import Site

HOME: Final = "home"
CARNET: Final = "carnet"
EXPLORE: Final = "explore"
QUESTIONS: Final = "questions"
DOUBTS: Final = "doubts"
DOWNLOADS: Final = "downloads"
HELP: Final = "help"
SECTIONS: Final = {
    CARNET: ("/carnet", "nav.carnet"),
    EXPLORE: ("/explore", "nav.explore"),
    QUESTIONS: ("/questions", "nav.questions"),
    DOUBTS: ("/doubts", "nav.doubts"),
    DOWNLOADS: ("/downloads", "nav.downloads"),
    HELP: ("/docs", "nav.help"),
}
"""The first page of each section and the key of its name, in the order of the menu.

The home page is the only one that is in none of them.
"""
FOREIGN_SECTIONS: Final = {
    HOME: ("/", "nav.classes"),
    EXPLORE: ("/network", "nav.network"),
    DOUBTS: ("/doubts", "nav.doubts"),
    QUESTIONS: ("/sparql", "nav.sparql"),
    HELP: ("/docs", "nav.help"),
}
"""The same for a graph that is not Rally'nov's, which has no carnet; doubts, if any."""

TABLE: Final = "table"
"""The way that an address without one shows."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class ListState:
    """The state of a list except for facets, completely given by its address."""

    sort: str
    number: int = 1
    """The number of the page."""
    own: tuple[Pair, ...] = ()
    """The parameters that only this way to look at the things has."""

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for key, value in self.own if key == name and value))


@dataclass(frozen=True)
class ListedThings:
    """The things of a list under a reader's choices, as each way to look at them gets them."""

    view: GraphView
    selection: Selection
    things: tuple[str, ...]
    """In the order of their names."""
    state: ListState
    address: Callable[[ListState], str]
    """Returns the address of the same things seen in another state."""


def _no_file(_listed: ListedThings, _suffix: str) -> Response:
    raise LookupError


def _themselves(listed: ListedThings) -> object:
    return listed


@dataclass(frozen=True)
class ListView:
    """A way to look at the things of a list."""

    name: str
    """Its name in the address; ``list.view_<name>`` is the key of its words."""
    template: str
    """Shows what ``shown`` returns, as a part of the page of the list."""
    shown: Callable[[ListedThings], object] = _themselves
    """Returns what the template shows, None for a page number that is too high."""
    place: int = 0
    """Its place among the tabs; low ones come first."""
    needs: str = ""
    """What the source of a list must have: links, dates or places; all lists have it if empty."""
    sorts: tuple[str, ...] = ()
    """What it can be sorted by, the default first; nothing if it has one order."""
    parameters: frozenset[str] = frozenset()
    tables: tuple[str, ...] = ()
    """The suffixes of its files with rows."""
    graphs: tuple[str, ...] = ()
    """The suffixes of its files that hold graphs or drawings."""
    file: Callable[[ListedThings, str], Response] = _no_file
    """Returns the file of a suffix; all of a list's pages are in it."""

    def suits(self, source: Source) -> bool:
        return not self.needs or bool(getattr(source, self.needs))


LAST: Final = 1000
"""The default position of a feature; features of one position are in the order of their names."""
_FEATURES: Final = "features"


def _no_paths(_site: Site) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Feature:
    """A part of the site that is added, changed or removed as a whole."""

    blueprints: tuple[Blueprint, ...]
    """The routes of its addresses."""
    citable_blueprints: frozenset[Blueprint] = frozenset()
    """Those of its blueprints whose pages can be cited."""
    data_blueprints: frozenset[Blueprint] = frozenset()
    """Those of its blueprints that serve data and have no page."""
    edition_blueprints: tuple[Blueprint, ...] = ()
    """The routes of files that an edition alone has, for its scripts."""
    section: str = ""
    """The section of the site with its pages."""
    list_views: tuple[ListView, ...] = ()
    """The ways to look at the things of a list that it shows."""
    sitemap_paths: Callable[[Site], Iterable[str]] = _no_paths
    """Returns its paths for the sitemap."""
    disallowed_paths: tuple[str, ...] = ()
    """Its paths that robots.txt disallows."""
    position: int = LAST
    """Its position in the sitemap and in robots.txt; low ones come first."""

    @classmethod
    def of(cls, *blueprints: Blueprint, **fields: object) -> Feature:
        """Return a feature whose pages can all be cited."""
        return cls(blueprints, frozenset(blueprints), **fields)  # type: ignore[arg-type]


def features_in(parent: ModuleType) -> tuple[Feature, ...]:
    """Return the ``FEATURE`` of each package within ``parent`` that has one, by position."""
    packages = sorted(
        package.name
        for package in walk_packages(parent.__path__, f"{parent.__name__}.")
        if package.ispkg
    )
    found = (getattr(import_module(name), "FEATURE", None) for name in packages)
    return tuple(
        sorted(
            (feature for feature in found if feature is not None),
            key=lambda feature: feature.position,
        )
    )


def register(app: Flask, features: tuple[Feature, ...]) -> None:
    app.extensions[_FEATURES] = features
    for feature in features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
    section_of: dict[str, str] = {}
    app.extensions["section_of"] = section_of
    for feature in features:
        own = {it.name for it in feature.blueprints if it not in feature.data_blueprints}
        for rule in app.url_map.iter_rules():
            if feature.section and rule.endpoint.partition(".")[0] in own:
                section_of[first_part(rule.rule)] = feature.section


def register_for_edition(app: Flask) -> None:
    """Register the routes that only an edition has with an application."""
    for feature in app.extensions[_FEATURES]:
        for blueprint in feature.edition_blueprints:
            app.register_blueprint(blueprint)


def features() -> tuple[Feature, ...]:
    """Return the features of the application that answers this request."""
    return cast(tuple[Feature, ...], current_app.extensions[_FEATURES])


def list_views() -> tuple[ListView, ...]:
    """Return the ways to look at the things of a list, in the order of their tabs."""
    found = (way for feature in features() for way in feature.list_views)
    return tuple(sorted(found, key=lambda way: way.place))


def is_citable(endpoint: str) -> bool:
    """Return whether the pages of an endpoint can be cited."""
    name = endpoint.partition(".")[0]
    return any(
        name == blueprint.name for feature in features() for blueprint in feature.citable_blueprints
    )


def sitemap_paths(site: Site) -> Iterator[str]:
    """Yield the paths of the sitemap, except those of things."""
    for feature in features():
        yield from feature.sitemap_paths(site)


def disallowed_paths() -> Iterator[str]:
    for feature in features():
        yield from feature.disallowed_paths
