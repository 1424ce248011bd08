"""Features: each has one record in its package, which is all that the rest of the site reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app

from rallynov_graph.base.cache import Cache
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection.list_queries import Selection
from rallynov_graph.site.web.messages import Messages
from rallynov_graph.site.web.site import Site

RALLY: Final = "rally"
CARNET: Final = "carnet"
EXPLORE: Final = "explore"
DOUBTS: Final = "doubts"
QUERY: Final = "query"
ABOUT: Final = "about"
_OURS: Final = {
    RALLY: ("/", "nav.rally"),
    CARNET: ("/carnet", "nav.carnet"),
    EXPLORE: ("/list/organisation", "nav.explore"),
    DOUBTS: ("/doubts", "nav.doubts"),
    QUERY: ("/questions", "nav.query"),
    ABOUT: ("/about", "nav.about"),
}
"""The first page of each section and the key of its name, in the order of the header."""
_FOREIGN: Final = {
    RALLY: ("/", "nav.classes"),
    EXPLORE: ("/network", "nav.network"),
    QUERY: ("/sparql", "nav.sparql"),
}
"""The same for a graph that is not Rally'nov's, which has no carnet and no doubts."""
FOR_PROGRAMS: Final = ("/api/", "/reconcile")
"""The beginnings of addresses whose answers programs read, errors too."""
_FIRST: Final = frozenset(path for path, _ in (*_OURS.values(), *_FOREIGN.values()))
_MOST_KEPT: Final = 2000
_LONGEST: Final = 300
"""A longer path is one that a visitor made up."""


@dataclass(frozen=True)
class Tab:
    """A page that is a tab of its section."""

    path: str
    words: str
    """The key of its name in the words of the site."""


@dataclass(frozen=True)
class Destination:
    """A section or a tab as a page shows it."""

    name: str
    href: str
    current: str
    """The value of ``aria-current``: page, true or nothing."""


@dataclass(frozen=True)
class Frame:
    """The sections and tabs around a page."""

    sections: tuple[Destination, ...]
    tabs: tuple[Destination, ...]
    """Those of its section; none where there is only one, or the page is no tab itself."""

    @property
    def section(self) -> Destination | None:
        """The section of the page; None without one."""
        return next((section for section in self.sections if section.current), None)


@dataclass(frozen=True)
class Sections:
    """The section of each path of the site, and the tabs of all sections."""

    by_segment: Mapping[str, str] = field(default_factory=dict)
    """The section by the first part of a path."""
    tabs: Mapping[str, tuple[Tab, ...]] = field(default_factory=dict)
    _kept: Cache[tuple[Addresses, str, str], Frame] = field(
        default_factory=lambda: Cache(_MOST_KEPT, longest_name=_LONGEST), compare=False
    )

    @classmethod
    def of(cls, parts: Iterable[tuple[str, Iterable[str], Iterable[Tab]]]) -> Sections:
        """Return the sections of a site: each part has a section, its paths and its tabs."""
        by_segment: dict[str, str] = {}
        tabs: dict[str, tuple[Tab, ...]] = {}
        for section, paths, feature_tabs in parts:
            by_segment |= {_segment(path): section for path in paths if section}
            tabs[section] = (*tabs.get(section, ()), *feature_tabs)
        return cls(by_segment, tabs)

    def section_of(self, path: str) -> str:
        """Return the section of a path; the empty string without one."""
        return self.by_segment.get(_segment(path), "")

    def is_page(self, path: str) -> bool:
        """Return whether a path is of a page, not of a file."""
        is_file = "." in path.rpartition("/")[2] or path.startswith(FOR_PROGRAMS)
        return bool(self.section_of(path)) and not is_file

    def frame(
        self, path: str, addresses: Addresses, words: Messages, has_several_documents: bool = False
    ) -> Frame:
        """Return the sections and tabs around the page of a path; it is made once for all pages
        of a section that no tab names.
        """
        own_section = self.section_of(path)
        is_named = path in _FIRST or any(
            _current(tab.path, path) for tab in self.tabs.get(own_section, ())
        )
        key = addresses, own_section, path if is_named else ""
        return self._kept.get(key) or self._kept.keep(
            key, self._frame(own_section, path, addresses, words, has_several_documents)
        )

    def _frame(
        self,
        own_section: str,
        path: str,
        addresses: Addresses,
        words: Messages,
        has_several_documents: bool,
    ) -> Frame:
        offered = _FOREIGN if addresses.foreign else _OURS
        if has_several_documents and not addresses.foreign:
            offered = offered | {CARNET: ("/carnet", "nav.carnets")}
        sections = tuple(
            Destination(
                words[name],
                addresses.path(first_path),
                ("page" if path == first_path else "true") if section == own_section else "",
            )
            for section, (first_path, name) in offered.items()
        )
        return Frame(sections, self._tabs(own_section, path, addresses, words))

    def _tabs(
        self, section: str, path: str, addresses: Addresses, words: Messages
    ) -> tuple[Destination, ...]:
        offered = self.tabs.get(section, ()) if not addresses.foreign else ()
        shown = tuple(
            Destination(words[tab.words], addresses.path(tab.path), _current(tab.path, path))
            for tab in offered
        )
        return shown if len(shown) > 1 and any(tab.current for tab in shown) else ()


def _segment(path: str) -> str:
    return path.removeprefix("/").partition("/")[0]


def _current(tab: str, path: str) -> str:
    if tab == path:
        return "page"
    return "true" if tab != "/" and path.startswith(f"{tab}/") else ""


TABLE: Final = "table"
"""The way that an address without one shows."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class ListState:
    """What a reader sees of a list but for the choices of facets: its address says all of it."""

    sort: str
    number: int = 1
    """The number of the page."""
    own: tuple[Pair, ...] = ()
    """The parameters that only this way to look at the things has."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return the distinct values of a parameter of its own."""
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


@dataclass(frozen=True)
class ListView:
    """A way to look at the things of a list."""

    name: str
    """Its name in the address; ``list.view_<name>`` is the key of its words."""
    template: str
    """Shows what ``shown`` returns, as a part of the page of the list."""
    shown: Callable[[ListedThings], object]
    """Returns what the template shows, None for a page number that is too high."""
    place: int
    """Its place among the tabs; low ones come first."""
    kind: str = ""
    """The kind whose things it shows, in our own graph; all lists have it where it is empty."""
    sorts: tuple[str, ...] = ()
    """What it can be sorted by, the default first; nothing where it has one order."""
    parameters: frozenset[str] = frozenset()
    """The parameters of its own."""
    tables: tuple[str, ...] = ()
    """The suffixes of its files with rows."""
    graphs: tuple[str, ...] = ()
    """The suffixes of its files that hold graphs or drawings."""
    file: Callable[[ListedThings, str], Response] = _no_file
    """Returns the file of a suffix; all of a list's pages are in it."""

    def suits(self, kind: str, foreign: bool) -> bool:
        """Return whether the list of a kind has it, in a graph of ours or in another."""
        return not self.kind or (self.kind == kind and not foreign)


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
    """The section of the site with its pages, one of ``sections``."""
    tabs: tuple[Tab, ...] = ()
    """Its pages that are tabs of the section."""
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
    """Register features and their routes with an application."""
    app.extensions[_FEATURES] = features
    for feature in features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
    paths: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        paths.setdefault(rule.endpoint.partition(".")[0], []).append(rule.rule)
    app.jinja_env.globals["sections"] = Sections.of(
        (
            feature.section,
            [
                path
                for blueprint in feature.blueprints
                if blueprint not in feature.data_blueprints
                for path in paths[blueprint.name]
            ],
            feature.tabs,
        )
        for feature in features
    )


def register_for_edition(app: Flask) -> None:
    """Register the routes of what an edition alone has with an application that has features."""
    for feature in app.extensions[_FEATURES]:
        for blueprint in feature.edition_blueprints:
            app.register_blueprint(blueprint)


def sections() -> Sections:
    """Return the sections of the site that answers this request."""
    return cast(Sections, current_app.jinja_env.globals["sections"])


def is_page(path: str) -> bool:
    """Return whether a path of this site is that of a page, not of a file."""
    return sections().is_page(path)


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
    """Yield the paths that robots.txt disallows."""
    for feature in features():
        yield from feature.disallowed_paths
