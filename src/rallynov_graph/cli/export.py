"""``rallynov export``, ``publish`` and ``load``: a release as files, as a site, on a server."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, cast

import click

from rallynov_graph.base.whole_files import replacing_file
from rallynov_graph.cli.options import (
    PATH,
    base_option,
    data_option,
    only_one,
    profile_option,
    refuse_profile,
    release_option,
    releases_option,
)
from rallynov_graph.cli.stores import release_of, releases_of, store_of_files
from rallynov_graph.cli.terminal import bar, counts
from rallynov_graph.cli.words import Command, remark, t
from rallynov_graph.exports.dumps import DUMPS, Dump, by_name
from rallynov_graph.exports.packing import FORMER, SUFFIXES, HashingFile, compressed
from rallynov_graph.questions.evidence_profile import Profile
from rallynov_graph.release.release import Release

NAMES: Final = [dump.name for dump in DUMPS]
_PACKINGS: Final = {suffix: packing for packing, suffix in SUFFIXES.items()}


@click.command("export", cls=Command)
@click.option("--format", "name", metavar=f"[{'|'.join(NAMES)}]")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--compress", type=click.Choice([*SUFFIXES]))
@click.option("--all", "everything", is_flag=True)
@release_option
def export(
    name: str | None,
    out: Path | None,
    compress: str | None,
    everything: bool,
    folder: Path | None,
) -> None:
    """Write the graph in a format."""
    if everything:
        if name or out or compress:
            raise click.UsageError(t("export.all_alone"))
        _make_all(folder)
        return
    if not name:
        raise click.UsageError(t("export.no_format", names=", ".join(NAMES)))
    if out is not None and out.suffix == FORMER:
        raise click.UsageError(t("export.gzip", name=out.stem))
    dump = by_name(name)
    packing = compress or (_PACKINGS.get(out.suffix, "") if out else "")
    with release_of(folder) as release:
        if out is None:
            _write(release, dump, sys.stdout.buffer, packing)
            return
        with _complete_file(out) as file:
            hashed = HashingFile(file)
            _write(release, dump, cast("IO[bytes]", hashed), packing)
        if out.is_file():
            with _complete_file(out.with_name(f"{out.name}.sha256")) as file:
                file.write(f"{hashed.sha256}  {out.name}\n".encode())


def _write(release: "Release", dump: Dump, file: IO[bytes], packing: str) -> None:
    with ExitStack() as stack:
        progress = stack.enter_context(bar(dump.name))
        replaced = dump.write(release, stack.enter_context(compressed(file, packing)), progress)
    if replaced:
        remark(t("export.replaced", count=replaced, form=dump.form.label))


def _make_all(folder: Path | None) -> None:
    from rallynov_graph.base.errors import SourceError
    from rallynov_graph.exports import dump_files
    from rallynov_graph.release import building, release

    opened_release = release.load(folder) if folder is not None else building.current()
    try:
        with bar(t("steps.downloads")) as progress:
            folder_of_dumps = dump_files.stored(opened_release, progress)
    except OSError as error:
        raise SourceError.unwritten(opened_release.path, error) from error
    for dump in folder_of_dumps.dumps:
        click.echo(folder_of_dumps.folder / dump.file)
    for _, reason in folder_of_dumps.failed:
        remark(reason)


@contextmanager
def _complete_file(out: Path) -> Iterator[IO[bytes]]:
    """Yield a file that appears when it is complete, and not at all if writing fails.

    A device or a pipe is written to directly.
    """
    from rallynov_graph.base.errors import SourceError

    try:
        special = out.exists() and not out.is_file()
        with out.open("wb") if special else replacing_file(out, _mode()) as file:
            yield file
    except OSError as error:
        raise SourceError.unwritten(out, error) from error


def _mode() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


@click.command("publish", cls=Command)
@click.argument("out", type=PATH)
@base_option
@releases_option
@data_option
@profile_option
@click.option("--with-text", "sources", multiple=True, metavar="FILE", type=PATH)
def publish(
    out: Path,
    base: str,
    folders: tuple[Path, ...],
    files: tuple[Path, ...],
    profile: "Profile | None",
    sources: tuple[Path, ...],
) -> None:
    """Write a release as files that need no server."""
    from rallynov_graph.edition.publishing import publish
    from rallynov_graph.release.attribution import Publication
    from rallynov_graph.release.documents import SourceFile

    only_one(release=folders, data=files)
    only_one(with_text=sources, data=files)
    refuse_profile(profile, files)
    if files and not base:
        raise click.UsageError(t("publish.data_base"))
    address = Publication.of(base).base
    texts = tuple(SourceFile.read(path) for path in sources)
    # Unfinished work is undone as with Ctrl-C.
    signal.signal(signal.SIGTERM, lambda kind, _: sys.exit(128 + kind))
    data = store_of_files(files) if files else releases_of(folders)
    with counts("publish.steps") as progress:
        made = publish(data, out, address, texts, progress, profile=profile)
    click.echo(t("publish.done", out=out, files=made.files, release=made.release[:16]))
    if not address:
        remark(t("publish.no_base", base=made.base))


@click.command("load", cls=Command)
@click.option("--endpoint", required=True, metavar="URL")
@click.option("--update-endpoint", metavar="URL")
@click.option("--auth-env", metavar="NAME")
@release_option
@click.option("--replace", is_flag=True)
def load(
    endpoint: str,
    update_endpoint: str | None,
    auth_env: str | None,
    folder: Path | None,
    replace: bool,
) -> None:
    """Load a release into another SPARQL server."""
    from rallynov_graph.release import loading
    from rallynov_graph.sparql.remote_server import Credentials, Server

    query_url, update_url = _addresses(endpoint, update_endpoint)
    server = Server(
        query_url,
        update_url=update_url,
        credentials=Credentials.in_environment(auth_env),
        attempts=5,
    )
    with release_of(folder) as release, bar(t("steps.loading")) as progress:
        loaded = loading.load(release, server, replace=replace, progress=progress)
    counts = {"triples": loaded.triples, "graphs": loaded.graphs, "sent": loaded.sent}
    told = t("load.done", release=release.id[:16], url=query_url, removed=loaded.removed, **counts)
    click.echo(told)


def _addresses(endpoint: str, update_endpoint: str | None) -> tuple[str, str]:
    """Return the addresses for queries and updates; for most servers one follows from the other."""
    if update_endpoint is None and endpoint.endswith("/update"):
        return f"{endpoint.removesuffix('/update')}/query", endpoint
    if update_endpoint is None and endpoint.endswith("/query"):
        return endpoint, f"{endpoint.removesuffix('/query')}/update"
    return endpoint, update_endpoint or endpoint
