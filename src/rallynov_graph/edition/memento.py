"""The releases in an edition as versions of one resource (RFC 7089): a TimeMap."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from rallynov_graph.release.release_set import path_of

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

LINKS: Final = "timemap.link"
JSON: Final = "timemap.json"
_FORM: Final = "application/link-format"


def timemap_files(releases: Sequence[Release], base: str) -> Iterator[tuple[str, bytes]]:
    """Yield the list of all releases, as links and as JSON; nothing where there is only one."""
    if len(releases) < 2:
        return
    places = ["", *(f"{path_of(release)[1:]}/" for release in releases[1:])]
    mementos = [
        (f"{base}{place}", _day(release), release.id)
        for place, release in zip(places, releases, strict=True)
    ]
    dated = sorted((it for it in mementos if it[1]), key=lambda it: str(it[1]))
    yield LINKS, _links(base, dated).encode()
    yield JSON, _json(base, mementos).encode()


def _day(release: Release) -> datetime | None:
    """Return the day of a release; None where its date is not a whole day."""
    with suppress(ValueError):
        return datetime.fromisoformat(release.manifest.issued[:10]).replace(tzinfo=UTC)
    return None


def _links(base: str, dated: Sequence[tuple[str, datetime | None, str]]) -> str:
    lines = [f'<{base}>; rel="original"', f'<{base}{LINKS}>; rel="self"; type="{_FORM}"']
    for number, (address, day, _) in enumerate(dated):
        first = "first " if number == 0 else ""
        last = "last " if number == len(dated) - 1 else ""
        assert day is not None
        lines.append(
            f'<{address}>; rel="{first}{last}memento"; '
            f'datetime="{format_datetime(day, usegmt=True)}"'
        )
    return ",\n".join(lines) + "\n"


def _json(base: str, mementos: Sequence[tuple[str, datetime | None, str]]) -> str:
    versions = [
        {"uri": address, "datetime": day.isoformat() if day else "", "release": release}
        for address, day, release in mementos
    ]
    return json.dumps({"original_uri": base, "mementos": {"list": versions}}, indent=1) + "\n"
