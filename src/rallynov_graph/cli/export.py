"""``rallynov export``: write a release in a format of the user's choice."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import click

from rallynov_graph.base.whole_files import replacing_file
from rallynov_graph.cli.opened_stores import (
    release_of,
    release_option,
)
from rallynov_graph.cli.progress import bar
from rallynov_graph.exports.dumps import DUMPS, Dump, by_name
from rallynov_graph.exports.packing import FORMER, SUFFIXES, HashingFile, compressed

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

NAMES: Final = [dump.name for dump in DUMPS]
_PACKINGS: Final = {suffix: packing for packing, suffix in SUFFIXES.items()}


@click.command(
    epilog="""\b
Examples:
  rallynov export --format ttl --out rallynov.ttl
  rallynov export --format nq --out rallynov.nq.gz
  rallynov export --format jsonld --release releases
  rallynov export --format csv --out tables.zip
  rallynov export --all

nq, trig, jsonld and rdf12 keep the graphs that tell where each fact comes from; ttl, nt
and rdfxml hold each fact once; nanopub has each assertion set by itself. skos has the
thesaurus; csv (a zip) and sqlite the tables; gexf and graphml the network; csljson, bibtex
and ris what is cited; rocrate (a zip) is the research package.
Beside a file lies FILE.sha256."""
)
@click.option("--format", "name", metavar=f"[{'|'.join(NAMES)}]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; it appears when it is complete. Without it, standard output.",
)
@click.option(
    "--compress",
    type=click.Choice([*SUFFIXES]),
    help="Compress what is written; without it, as the file's suffix (.gz) says.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Make every file that the page /downloads offers, beside the release.",
)
@release_option
def command(
    name: str | None,
    out: Path | None,
    compress: str | None,
    everything: bool,
    folder: Path | None,
) -> None:
    """Write the graph in a format of your choice."""
    if everything:
        if name or out or compress:
            raise click.UsageError("--all is given alone, or with --release.")
        _make_all(folder)
        return
    if not name:
        raise click.UsageError(f"--format names one of {', '.join(NAMES)}.")
    if out is not None and out.suffix == FORMER:
        raise click.UsageError(f"Files are compressed by gzip alone: name {out.stem}.gz.")
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
        remark = f"{replaced} characters that {dump.form.label} cannot hold stand as U+FFFD in it."
        click.echo(f"rallynov: {remark}", err=True)


def _make_all(folder: Path | None) -> None:
    from rallynov_graph.base.errors import ReleaseError
    from rallynov_graph.exports import dump_files
    from rallynov_graph.release import building, release

    opened_release = release.load(folder) if folder is not None else building.current()
    try:
        with bar("downloads") as progress:
            folder_of_dumps = dump_files.stored(opened_release, opened_release.path, progress)
    except OSError as error:
        raise ReleaseError(f"{opened_release.path}: {error.strerror}.") from error
    for dump in folder_of_dumps.dumps:
        click.echo(folder_of_dumps.folder / dump.file)
    for _, reason in folder_of_dumps.failed:
        click.echo(f"rallynov: {reason}", err=True)


@contextmanager
def _complete_file(out: Path) -> Iterator[IO[bytes]]:
    """Yield a file that appears when it is complete, and not at all when writing fails.

    A device or a pipe is written to directly: it must stay what it is.
    """
    from rallynov_graph.base.errors import SourceError

    try:
        special = out.exists() and not out.is_file()
        with out.open("wb") if special else replacing_file(out, _mode()) as file:
            yield file
    except OSError as error:
        raise SourceError.unwritten(out, error) from error


def _mode() -> int:
    """Return the permissions of a new file."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
