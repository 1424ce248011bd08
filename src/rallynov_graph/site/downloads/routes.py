"""The whole graph as files: the page that lists them with their hashes, and the files."""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, Response, g, make_response, send_file

from rallynov_graph.base.typography import size
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.dump_files import DumpFolder, StoredDump
from rallynov_graph.exports.dumps import DUMPS, GROUPS
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import page, site, view
from rallynov_graph.site.web.signposting import of_item, point

blueprint = Blueprint("downloads", __name__)

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offered:
    """A file as the page shows it."""

    kept: StoredDump
    href: str
    size: str


@dataclass(frozen=True)
class Way:
    """One way to have the graph: the files that it is in, or why there is none."""

    name: str
    label: str
    files: tuple[Offered, ...]
    failed: str = ""


@dataclass(frozen=True)
class DownloadsPage:
    """What can be had as files, by group; no group where the files are not made yet."""

    groups: tuple[tuple[str, tuple[Way, ...]], ...]
    sums: str


@blueprint.get("/downloads")
def downloads() -> str:
    """Show every file with its size and its SHA-256."""
    there = _shelf()
    if there is None:
        g.passing = True
        return page("downloads/downloads.html", page=DownloadsPage((), ""))
    return page("downloads/downloads.html", page=_page(there))


@blueprint.get(f"/downloads/{dump_files.SUMS}")
def sums() -> Response:
    """Give the hashes as ``sha256sum --check`` reads them."""
    there = _shelf()
    if there is None:
        raise Missing
    return _text(there.sums())


@blueprint.get(f"/downloads/<name>{dump_files.SUM}")
def sum_of(name: str) -> Response:
    """Give the hash of one file, as the command line puts it beside that."""
    there = _shelf()
    kept = there.file(name) if there is not None else None
    if kept is None:
        raise Missing
    return _text(kept.sum)


@blueprint.get("/downloads/<name>")
def file(name: str) -> Response:
    """Give a file, or the part of it that is asked for."""
    there = _shelf()
    kept = there.file(name) if there is not None else None
    if there is None or kept is None:
        raise Missing
    point(of_item())
    response = send_file(
        (there.folder / kept.file).absolute(),  # Flask takes a relative one for its own
        mimetype=kept.media_type.partition(";")[0],
        as_attachment=True,
        download_name=kept.file,
        conditional=True,
        etag=kept.sha256,
        last_modified=_issued(_release()),
    )
    response.headers["Content-Type"] = kept.media_type
    response.headers["Cache-Control"] = "no-cache"
    response.headers.pop("Date", None)  # the server says it
    digest = base64.b64encode(bytes.fromhex(kept.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


def _text(content: str) -> Response:
    response = make_response(content)
    response.content_type = "text/plain; charset=utf-8"
    return response


def _release() -> Release:
    release = site().release
    if release is None:
        raise Missing(release_only=True)
    return release


def _shelf() -> DumpFolder | None:
    """Return the files of the release, made where that takes no time; None where they are not."""
    release = _release()
    there = dump_files.found(release, release.path)
    if there is None and dump_files.may_fill(release, release.path):
        try:
            return dump_files.stored(release, release.path)
        except OSError:
            _LOG.exception("The downloads cannot be made in %s", release.path)
    return there


def _page(there: DumpFolder) -> DownloadsPage:
    addresses, failed = view().addresses, dict(there.failed)
    offered: dict[str, list[Offered]] = {}
    for kept in there.dumps:
        shown = Offered(
            kept, addresses.file(f"/downloads/{kept.file}"), size(kept.bytes, view().language)
        )
        offered.setdefault(kept.name, []).append(shown)
    ways = {
        group: tuple(
            Way(d.name, d.form.label, tuple(offered.get(d.name, ())), failed.get(d.name, ""))
            for d in DUMPS
            if d.group == group
        )
        for group in GROUPS
    }
    return DownloadsPage(tuple(ways.items()), addresses.file(f"/downloads/{dump_files.SUMS}"))


def _issued(release: Release) -> datetime | None:
    """Return the moment that the data give themselves; None where it is no whole day."""
    try:
        return datetime.fromisoformat(release.manifest.issued[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
