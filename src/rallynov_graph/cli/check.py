"""``rallynov check``: check an existing release, or an edition, again."""

from itertools import islice
from pathlib import Path
from typing import Final

import click

MOST_FAULTS: Final = 20
"""So many files that are not as they were are named."""


@click.command(
    epilog="""\b
Examples:
  rallynov check releases
  rallynov check releases/0123456789abcdef
  rallynov check site

Exit status: 0 it is whole and right, 1 the data of a release break one of its shapes or our
checks, 2 a file is missing, changed, too many, or of a newer version."""
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Check a release again: its hashes and counts, then its data against its own shapes.

    Of a folder of releases, the latest is meant. Of an edition that rallynov publish made, each
    file is compared with its hash.
    """
    from rallynov_graph.edition import edition_manifest as manifest

    if manifest.is_in(folder):
        return _check_edition(folder)
    return _check_release(folder)


def _check_edition(folder: Path) -> int:
    from rallynov_graph.base.errors import EditionError
    from rallynov_graph.cli.progress import steps
    from rallynov_graph.edition import edition_manifest as manifest

    with steps() as step:
        step("comparing hashes")
        found = manifest.read(folder)
        faults = [*islice(manifest.faults(folder), MOST_FAULTS + 1)]
    for fault in faults[:MOST_FAULTS]:
        click.echo(f"{folder}: {fault}", err=True)
    if faults:
        more = "at least " if len(faults) > MOST_FAULTS else ""
        count = min(len(faults), MOST_FAULTS)
        raise EditionError(
            f"{folder} is not what was published: {more}{count} of its files are not as they were; "
            "publish it again."
        )
    click.echo(f"{folder}: every file is what the manifest says.")
    click.echo(f"{folder}: {found.files} files of release {found.release}.")
    return 0


def _check_release(folder: Path) -> int:
    from rallynov_graph.cli.progress import steps
    from rallynov_graph.release import checking

    with steps() as step:
        step("comparing hashes")
        release = checking.intact(folder)
        step("checking the data")
        report = checking.check(release)
    if report.results:
        click.echo(report.text())
    click.echo(f"{release.path}: every file is what the manifest says.")
    click.echo(f"{release.path}: {report.summary()}")
    return 0 if report.conforms else 1
