"""What an edition has beside the pages of the site: what web servers read, what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.edition.addresses_of_files import Absent, SiteAddress, address_of_absent

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release


def absent_pages() -> Iterator[SiteAddress]:
    """Yield the addresses of the pages that say what is not there."""
    return (address_of_absent(kind, DEFAULT_LANGUAGE) for kind in Absent)


def files(releases: Sequence[Release], base: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that help to serve an edition, with their content."""
    yield ".nojekyll", b""
