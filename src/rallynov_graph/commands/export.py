"""``rallynov export``: the data of a release in a format of the user's choice."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from rallynov_graph.commands.opening import release_of, release_option
from rallynov_graph.rdf import formats

NAMES = [form.name for form in formats.EXPORTS]


@click.command(
    epilog="""\b
Examples:
  rallynov export --format ttl --out rallynov.ttl
  rallynov export --format nq | gzip > rallynov.nq.gz
  rallynov export --format jsonld --release releases

nq, trig and jsonld keep the graphs that tell where each fact comes from; ttl, nt and
rdfxml hold each fact once."""
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
    from rallynov_graph.exports import rdf

    form = formats.by_name(name, formats.EXPORTS)
    with release_of(folder) as release:
        if out is None:
            rdf.write(release, form, sys.stdout.buffer)
            return
        with _whole(out) as file:
            rdf.write(release, form, file)


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes its place when everything is in it, and vanishes when it fails."""
    from rallynov_graph.errors import SourceError

    try:
        descriptor, beside = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    except OSError as error:
        raise SourceError(str(out), f"it cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(beside).chmod(0o666 & ~umask)
        Path(beside).replace(out)
    except OSError as error:
        raise SourceError(str(out), f"it cannot be written: {error.strerror}") from error
    finally:
        Path(beside).unlink(missing_ok=True)
