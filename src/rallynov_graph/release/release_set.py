"""Several releases that are served together: the site is of the first, the others are earlier ones.

Each has an address of its own that stays its own when a newer release is given: ``/release/<id>/``.
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
"""How many digits of a release's id name its folder, and it in an address."""
PATH: Final = "/release"

_PLACE: Final = re.compile(rf"({PATH}/[0-9a-f]{{{SHORT}}})(/.*)?", re.DOTALL)
_IRI: Final = re.compile(rb"<([^<>\s]*)>")


@dataclass(frozen=True)
class Version:
    """A release that the site has, the path that it lies under, and what it describes."""

    release: Release
    queries: PageQueries
    place: str = ""
    """The empty string for the first: the site itself."""

    @property
    def id(self) -> str:
        """The short id of the release."""
        return self.release.id[:SHORT]

    def describes(self, iri: str) -> bool:
        """Whether this release says something of a thing."""
        return self.queries.ask("is_described", thing=NamedNode(iri))


def versions(given: Iterable[tuple[Release, Store]]) -> tuple[Version, ...]:
    """Return releases with their stores as the site has them, the first as the site itself."""
    return tuple(
        Version(release, PageQueries(store), place_of(release) if number else "")
        for number, (release, store) in enumerate(given)
    )


def place_of(release: Release) -> str:
    """Return the path that a release lies under where it is an earlier one."""
    return f"{PATH}/{release.id[:SHORT]}"


def parted(path: str) -> tuple[str, str]:
    """Return the place of a release that a path begins with, empty without, and the rest."""
    found = _PLACE.fullmatch(path)
    return (found[1], found[2] or "/") if found else ("", path)


def id_of(place: str) -> str:
    """Return the short id of the release that lies at a place."""
    return place.rpartition("/")[2]


def refuse_unfit(releases: Sequence[Release]) -> None:
    """Raise ReleaseError where releases cannot be served together.

    That is where one is given twice, or where one still names a thing that another one lists as
    withdrawn: such a thing is gone from everything that is served.
    """
    known: dict[str, Release] = {}
    for release in releases:
        if release.id in known:
            other = known[release.id].path
            raise ReleaseError(f"{release.path} is the same release as {other}: give it once.")
        known[release.id] = release
    for release in releases:
        others = [other for other in releases if other.withdrawn - release.withdrawn]
        if others and _names_withdrawn(release, others):
            raise ReleaseError(
                f"{release.path} names things that were withdrawn since, and cannot be served any "
                "more; to compare it only, give it by --earlier."
            )


def _names_withdrawn(release: Release, others: Sequence[Release]) -> bool:
    seen: set[bytes] = set()
    for triple, graph in statements_of(release.data):
        for iri in _IRI.findall(triple + (graph or b"")):
            if iri not in seen:
                seen.add(iri)
                if any(other.has_withdrawn(iri.decode()) for other in others):
                    return True
    return False
