"""The six parts of the site that its header leads to, and the tabs within each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.base.cache import Cache
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.web.messages import Messages

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
