"""Releases that are served together: the first is the site itself, the others are earlier ones.

Each earlier one has an address that it keeps when a newer release is served: ``/release/<id>/``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rdf.canonical import statements_of
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.store import Store

SHORT: Final = 16
"""How many digits of a release's id stand in the name of its folder, and in addresses."""
PATH: Final = "/release"

_PLACE: Final = re.compile(rf"({PATH}/[0-9a-f]{{{SHORT}}})(/.*)?", re.DOTALL)
_IRI: Final = re.compile(rb"<([^<>\s]*)>")


@dataclass(frozen=True)
class Version:
    """A release that is served, with its path and its queries."""

    release: Release
    queries: PageQueries
    place: str = ""
    """The empty string for the first: the site itself."""

    @property
    def id(self) -> str:
        """The short id of the release."""
        return self.release.id[:SHORT]

    def describes(self, iri: str) -> bool:
        """Return whether this release describes a thing."""
        return self.queries.ask("is_described", thing=NamedNode(iri))


def versions(opened: Iterable[tuple[Release, Store]]) -> tuple[Version, ...]:
    """Return releases with their stores as versions of the site, the first as the site itself."""
    return tuple(
        Version(release, PageQueries(store), path_of(release) if number else "")
        for number, (release, store) in enumerate(opened)
    )


def path_of(release: Release) -> str:
    """Return the path of a release that is served as an earlier one."""
    return f"{PATH}/{release.id[:SHORT]}"


def split_path(path: str) -> tuple[str, str]:
    """Return the path of an earlier release that a path begins with, else empty, and the rest."""
    found = _PLACE.fullmatch(path)
    return (found[1], found[2] or "/") if found else ("", path)


def release_id_at(place: str) -> str:
    """Return the short id of the release at a path."""
    return place.rpartition("/")[2]


def refuse_incompatible(releases: Sequence[Release]) -> None:
    """Raise ReleaseError where releases cannot be served together.

    One may not be given twice, and none may name a thing that another one lists as withdrawn: such
    a thing is gone from everything that is served.
    """
    known: dict[str, Release] = {}
    for release in releases:
        if release.id in known:
            path = known[release.id].path
            raise ReleaseError(f"{release.path} is the same release as {path}: give it once.")
        known[release.id] = release
    for release in releases:
        newer_releases = [newer for newer in releases if newer.withdrawn - release.withdrawn]
        if newer_releases and _names_withdrawn(release, newer_releases):
            raise ReleaseError(
                f"{release.path} names things that were withdrawn since, and cannot be served any "
                "more; to compare it only, give it by --earlier."
            )


def _names_withdrawn(release: Release, newer_releases: Sequence[Release]) -> bool:
    checked: set[bytes] = set()
    for triple, graph in statements_of(release.data):
        for iri in _IRI.findall(triple + (graph or b"")):
            if iri not in checked:
                checked.add(iri)
                if any(newer.has_withdrawn(iri.decode()) for newer in newer_releases):
                    return True
    return False
