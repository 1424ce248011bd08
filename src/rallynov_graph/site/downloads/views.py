"""The whole graph as files: the page that lists them with their hashes, and the files."""

import base64
import logging
from datetime import UTC, datetime
from functools import partial
from typing import Final

from flask import Blueprint, Response, g, send_file
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.derived_files import SUMS
from rallynov_graph.base.languages import size
from rallynov_graph.exports import dump_files
from rallynov_graph.exports.dump_files import DumpFolder
from rallynov_graph.exports.dumps import DUMPS, GROUPS
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.error_pages import Missing, served_release
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import sent
from rallynov_graph.site.web.reader import view
from rallynov_graph.site.web.signposting import links_of_dump, set_links

blueprint = Blueprint("downloads", __name__)

_LOG: Final = logging.getLogger(__name__)
_PURPOSES: Final = {
    "spreadsheet": "csv",
    "network": "gexf",
    "database": "sqlite",
    "program": "nq",
    "once": "ttl",
    "thesaurus": "skos",
    "references": "ris",
    "archive": "rocrate",
}
"""The purposes of files, each with the best dump for it."""


@blueprint.get("/downloads")
def downloads() -> str:
    """Show each file with its size and its SHA-256."""
    dumps = _dump_files()
    if dumps is None:
        g.passing = True
        return page("downloads/downloads.html", groups=())
    first = {it.name: it for it in reversed(dumps.dumps)}
    of_name = {it.name: [of for of in dumps.dumps if of.name == it.name] for it in DUMPS}
    failed = dict(dumps.failed)
    of_group = {group: [it for it in DUMPS if it.group == group] for group in GROUPS}
    groups = {
        group: [(it, of_name[it.name], failed.get(it.name, "")) for it in formats]
        for group, formats in of_group.items()
    }
    return page(
        "downloads/downloads.html",
        groups=groups,
        purposes=[(it, first[name]) for it, name in _PURPOSES.items() if name in first],
        size=partial(size, language=view().language),
        sums=SUMS,
    )


@blueprint.get(f"/downloads/{SUMS}")
def sums() -> Response:
    """Serve the hashes as ``sha256sum --check`` reads them."""
    dumps = _dump_files()
    if dumps is None:
        raise Missing
    return sent(dumps.sums())


@blueprint.get(f"/downloads/<name>{dump_files.SUM}")
def sum_of(name: str) -> Response:
    """Serve the hash of one file, as the command line writes it beside the file."""
    dumps = _dump_files()
    dump_file = dumps.file(name) if dumps is not None else None
    if dump_file is None:
        raise Missing
    return sent(dump_file.sum)


@blueprint.get("/downloads/<name>")
def file(name: str) -> AnyResponse:
    """Serve a file, or the requested range of it."""
    dumps = _dump_files()
    dump_file = dumps.file(name) if dumps is not None else None
    if dumps is None or dump_file is None:
        raise Missing
    set_links(links_of_dump())
    response = send_file(
        (dumps.folder / dump_file.file).absolute(),  # Flask takes a relative one for its own
        mimetype=dump_file.media_type.partition(";")[0],
        as_attachment=True,
        download_name=dump_file.file,
        conditional=True,
        etag=dump_file.sha256,
        last_modified=_issued(served_release()),
    )
    response.headers["Content-Type"] = dump_file.media_type
    response.headers["Cache-Control"] = "no-cache"
    response.headers.pop("Date", None)  # the server says it
    digest = base64.b64encode(bytes.fromhex(dump_file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response


def _dump_files() -> DumpFolder | None:
    """Return the files of the release, made now if that is quick; None if there are none."""
    release = served_release()
    dumps = dump_files.found(release)
    if dumps is None and dump_files.may_fill(release):
        try:
            return dump_files.stored(release)
        except OSError:
            _LOG.exception("The downloads cannot be made in %s", release.path)
    return dumps


def _issued(release: Release) -> datetime | None:
    """Return the day on which the release was issued; None if its date is not a complete day."""
    try:
        return datetime.fromisoformat(release.manifest.issued[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
