"""``rallynov export``: the data of a release in a format of the user's choice."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from rallynov_graph.commands.opening import release_of, release_option
from rallynov_graph.rdf import formats

if TYPE_CHECKING:
    from rallynov_graph.releases.release import Release

FORMATS = (*formats.EXPORTS, formats.CALENDAR)
NAMES = [form.name for form in FORMATS]


@click.command(
    epilog="""\b
Examples:
  rallynov export --format ttl --out rallynov.ttl
  rallynov export --format nq | gzip > rallynov.nq.gz
  rallynov export --format jsonld --release releases
  rallynov export --format ics --out stages.ics

nq, trig and jsonld keep the graphs that tell where each fact comes from; ttl, nt and
rdfxml hold each fact once. ics has the stages and the closing event, in French."""
)
@click.option("--format", "name", required=True, metavar=f"[{'|'.join(NAMES)}]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; it appears when it is complete. Without it, standard output.",
)
@release_option
def command(name: str, out: Path | None, folder: Path | None) -> None:
    """Write the graph in a format of your choice."""
    form = formats.by_name(name, FORMATS)
    with release_of(folder) as release:
        if out is None:
            _write(release, form, sys.stdout.buffer)
            return
        with _whole(out) as file:
            _write(release, form, file)


def _write(release: "Release", form: formats.Format, file: IO[bytes]) -> None:
    if form is not formats.CALENDAR:
        from rallynov_graph.exports import rdf

        rdf.write(release, form, file)
        return
    from rallynov_graph.engines.embedded import EmbeddedStore
    from rallynov_graph.errors import ReleaseError
    from rallynov_graph.exports import ics, stages
    from rallynov_graph.questions.page_queries import PageQueries

    queries = PageQueries(EmbeddedStore.of_release(release).pages())
    found = stages.calendar(queries, "fr", "tentative")
    if found is None:
        raise ReleaseError("The data do not say of when they are: dcterms:issued is missing.")
    file.write(ics.written(found))


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes its place when everything is in it, and vanishes when it fails.

    A device or a pipe is written to: it must stay what it is.
    """
    from rallynov_graph.errors import SourceError

    try:
        special = out.exists() and not out.is_file()
        with out.open("wb") if special else _in_its_place(out) as file:
            yield file
    except OSError as error:
        raise SourceError.unwritten(out, error) from error


@contextmanager
def _in_its_place(out: Path) -> Iterator[IO[bytes]]:
    descriptor, beside = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(beside).chmod(0o666 & ~umask)
        Path(beside).replace(out)
    finally:
        Path(beside).unlink(missing_ok=True)
