"""``rallynov withdraw``: remove a thing from the data."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.options import data_folder_option

if TYPE_CHECKING:
    from rallynov_graph.release.withdrawing import FileLine


@click.command(
    epilog="""\b
Examples:
  rallynov withdraw person/first-last --dry-run
  rallynov withdraw https://w3id.org/rallynov/id/person/first-last --data data

What is said of the thing goes, and every statement that names it. What then still bears its name
is listed: other names, texts, comments, addresses. Those are for you to change or withdraw."""
)
@click.argument("iri")
@data_folder_option
@click.option("--dry-run", is_flag=True, help="Tell what would go, and change nothing.")
def command(iri: str, data: Path | None, dry_run: bool) -> None:
    """Take the thing IRI out of the data, and keep a hash of its IRI.

    A release built from the data then tells everyone who asks for the thing that it is gone.
    """
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.release import withdrawing

    withdrawal = withdrawing.withdraw(iri, data or data_dir(), rehearse=dry_run)
    would = "would be " if dry_run else ""
    _show(f"{would}taken out, said of it", withdrawal.statements)
    _show(f"{would}taken out, said of something else", withdrawal.mentions)
    for graph in withdrawal.emptied:
        click.echo(f"<{graph}> says nothing any more: withdraw it too.")
    _show("left, and bears its name", withdrawal.traces)
    click.echo(
        f"<{withdrawal.iri}> {'would be' if dry_run else 'is'} withdrawn as {withdrawal.hash}."
    )
    if withdrawal.traces:
        click.echo("Look through what is left: it may still tell who or what it was.")
    if not dry_run:
        click.echo("Run rallynov validate: things that need what went are found there.")


def _show(title: str, places: "Iterable[FileLine]") -> None:
    lines = [*places]
    click.echo(f"{len(lines)} {title}{':' if lines else '.'}")
    for place in lines:
        click.echo(f"  {place.file}, line {place.line}: {place.text}")
