"""The options for the data of a command, and the release or store that they name."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.progress import bar, steps

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.store_location import StoreKind
    from rallynov_graph.sparql.embedded import EmbeddedStore

release_option = click.option(
    "--release",
    "folder",
    type=click.Path(path_type=Path),
    help="A release folder, or a folder of releases. Without it, the shipped data.",
)
data_option = click.option(
    "--data",
    "files",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="RDF files of your own, of every format; may be repeated.",
)


def _kind(_context: click.Context, _parameter: click.Parameter, value: str) -> "StoreKind":
    from rallynov_graph.release.store_location import StoreKind

    return StoreKind(value)


store_option = click.option(
    "--store",
    "kind",
    type=click.Choice(["auto", "memory", "disk"]),
    default="auto",
    show_default=True,
    callback=_kind,
    help="Keep the release in memory, or on disk in its folder; auto decides by its size.",
)


def only_one(**options: object) -> None:
    """Raise UsageError when more than one of these options is given."""
    named = [f"--{name.replace('_', '-')}" for name, value in options.items() if value]
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(named)} exclude each other: name one of them.")


@contextmanager
def release_of(folder: Path | None) -> Iterator["Release"]:
    """Yield the release in a folder, else that of the shipped data, a temporary one if none is."""
    from rallynov_graph.release import building, release

    opened = release.load(folder) if folder is not None else building.up_to_date()
    if opened is not None:
        yield opened
        return
    with tempfile.TemporaryDirectory(prefix="rallynov-") as temporary:
        with steps() as step:
            built = building.build(Path(temporary), step=step)
        yield built


def store_of_files(files: Sequence[Path]) -> "EmbeddedStore":
    """Return the store of RDF files, read under a progress bar."""
    from rallynov_graph.rdf import sources
    from rallynov_graph.sparql.embedded import EmbeddedStore

    with bar("reading") as progress:
        return EmbeddedStore.of_quads(sources.quads(files, progress=progress))


def releases_of(folders: tuple[Path, ...]) -> "list[Release]":
    """Return the releases in folders, by default that of the shipped data, built where needed.

    Raises ReleaseError where they cannot be served together.
    """
    from rallynov_graph.release import building, release, release_set

    if not folders:
        with steps() as step:
            return [building.current(step=step)]
    releases = [release.load(folder) for folder in folders]
    release_set.refuse_incompatible(releases)
    return releases
