"""``rallynov prepare``: work out what pages need of a whole release before it is served."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.opened_stores import store_option
from rallynov_graph.cli.progress import bar
from rallynov_graph.release.building import RELEASES

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release
    from rallynov_graph.release.store_location import StoreKind


@click.command(
    epilog="""\b
Examples:
  rallynov prepare
  rallynov prepare /srv/rallynov

rallynov build does this as its last step. Exit status: 0 all is kept, 2 something is wrong
with the release, or its folder cannot be written to."""
)
@click.argument("release", type=click.Path(path_type=Path), default=RELEASES)
@store_option
def command(release: Path, kind: "StoreKind") -> None:
    """Work out ahead what a start of a release, and its first readers, would wait for.

    Counts and orders of lists, the terms that the editor proposes, the network, the index of the
    search and, for a large release, columns to count on are kept in the release's folder, beside
    what is hashed. What is there already is used again. The argument is a release folder, or a
    folder of releases; without it, releases.
    """
    from rallynov_graph.release.release import load
    from rallynov_graph.server.preparing import prepare

    loaded = load(release)
    with bar("preparing") as progress:
        prepare(loaded, kind, progress)
    click.echo(str(loaded.path))


def prepare_in_child(release: "Release") -> None:
    """Prepare a release in a child process; an error is printed on stderr.

    Its memory is freed when it ends, and where it is killed the release is still good.
    """
    command = [sys.executable, "-P", "-m", "rallynov_graph", "prepare", str(release.path)]
    finished = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    if finished.stderr:
        click.echo(finished.stderr, err=True, nl=False)
    if finished.returncode < 0:
        click.echo(
            f"rallynov: {release.path}: what prepares it was ended by the system; the rest is "
            "worked out when it is asked for, or by rallynov prepare.",
            err=True,
        )
