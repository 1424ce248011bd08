"""Features: each has one record in its package, which is all that the rest of the site reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Final, cast

from flask import Blueprint, Flask, current_app

from rallynov_graph.site.web.list_views import ListView
from rallynov_graph.site.web.sections import Sections, Tab
from rallynov_graph.site.web.site import Site

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
