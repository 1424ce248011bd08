"""``rallynov check``: check an existing release again."""

from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  rallynov check releases
  rallynov check releases/0123456789abcdef

Exit status: 0 the release is whole and right, 1 its data break one of its shapes or our
checks, 2 a file is missing, changed, or of a newer version."""
)
@click.argument("folder", metavar="RELEASE", type=click.Path(path_type=Path))
def command(folder: Path) -> int:
    """Check a release again: its hashes and counts, then its data against its own shapes.

    Of a folder of releases, the latest is meant.
    """
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
