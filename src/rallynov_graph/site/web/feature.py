"""What the rest of the site knows of a feature: one record each, in the package of the feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Final, cast

from flask import Blueprint, Flask, current_app

from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web.sections import Sections, Tab
from rallynov_graph.site.web.site import Site

Piece = Callable[[], object]
"""Works something out, and keeps it beside the release."""
LAST: Final = 1000
"""The place of a feature that names none; those of one place stand in the order of their names."""
_FEATURES: Final = "features"


def _nothing(_site: Site, _view: GraphView) -> Iterable[Piece]:
    return ()


def _no_pages(_site: Site) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Feature:
    """A part of the site that is added, changed and taken out as a whole."""

    blueprints: tuple[Blueprint, ...]
    """Its addresses."""
    cites: frozenset[Blueprint] = frozenset()
    """Those of them whose pages can be cited."""
    data: frozenset[Blueprint] = frozenset()
    """Those of them that give data and show no page."""
    section: str = ""
    """The section of the site that its pages are in, of ``sections``."""
    tabs: tuple[Tab, ...] = ()
    """Those of its pages that the tabs of the section name."""
    map: Callable[[Site], Iterable[str]] = _no_pages
    """Returns the paths that the map of the site lists, beside those of things."""
    closed: tuple[str, ...] = ()
    """The paths that robots are asked to leave alone."""
    prepares: Callable[[Site, GraphView], Iterable[Piece]] = _nothing
    """Returns what is worked out of the whole graph before anybody asks."""
    place: int = LAST
    """Where it stands in the map, among closed paths and in what is prepared: low ones first."""

    @classmethod
    def of(cls, *blueprints: Blueprint, **more: object) -> Feature:
        """Return a feature whose pages are all cited."""
        return cls(blueprints, frozenset(blueprints), **more)  # type: ignore[arg-type]


def found(within: ModuleType) -> tuple[Feature, ...]:
    """Return the ``FEATURE`` of each package within a package that has one, by their places."""
    packages = sorted(
        it.name for it in walk_packages(within.__path__, f"{within.__name__}.") if it.ispkg
    )
    every = (getattr(import_module(name), "FEATURE", None) for name in packages)
    return tuple(sorted((it for it in every if it is not None), key=lambda it: it.place))


def register(app: Flask, features: tuple[Feature, ...]) -> None:
    """Have an application answer the addresses of features, and know the features."""
    app.extensions[_FEATURES] = features
    for feature in features:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
    paths: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        paths.setdefault(rule.endpoint.partition(".")[0], []).append(rule.rule)
    app.jinja_env.globals["sections"] = Sections.of(
        (
            it.section,
            [path for part in it.blueprints if part not in it.data for path in paths[part.name]],
            it.tabs,
        )
        for it in features
    )


def features() -> tuple[Feature, ...]:
    """Return the features of the application that answers this request."""
    return cast(tuple[Feature, ...], current_app.extensions[_FEATURES])


def is_cited(endpoint: str) -> bool:
    """Tell whether the pages of an endpoint can be cited."""
    name = endpoint.partition(".")[0]
    return any(name == cited.name for feature in features() for cited in feature.cites)


def mapped(site: Site) -> Iterator[str]:
    """Yield the paths that the map of a site lists, beside those of things."""
    for feature in features():
        yield from feature.map(site)


def closed() -> Iterator[str]:
    """Yield the paths that robots are asked to leave alone."""
    for feature in features():
        yield from feature.closed


def prepared(app: Flask, site: Site, view: GraphView) -> Iterator[Piece]:
    """Yield what the features of an application work out of the whole graph ahead."""
    for feature in app.extensions[_FEATURES]:
        yield from feature.prepares(site, view)
