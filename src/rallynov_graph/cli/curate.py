"""``rallynov withdraw`` and ``reanchor``: commands that change the data."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.options import PATH, data_folder_option, dry_run_option
from rallynov_graph.cli.words import Command, t

if TYPE_CHECKING:
    from rallynov_graph.release.reanchoring import AnchoredPassage
    from rallynov_graph.release.withdrawals import FileLine


@click.command("withdraw", cls=Command)
@click.argument("iri")
@data_folder_option
@dry_run_option
def withdraw(iri: str, data: Path | None, dry_run: bool) -> None:
    """Remove a thing from the data."""
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.release import withdrawals

    withdrawal = withdrawals.withdraw(iri, data or data_dir(), rehearse=dry_run)
    dry = "_dry" * dry_run
    _list_lines(f"withdraw.said_of_it{dry}", withdrawal.statements)
    _list_lines(f"withdraw.said_of_others{dry}", withdrawal.mentions)
    for graph in withdrawal.emptied:
        click.echo(t("withdraw.emptied", graph=graph))
    _list_lines("withdraw.left", withdrawal.traces)
    click.echo(t(f"withdraw.done{dry}", iri=withdrawal.iri, hash=withdrawal.hash))
    if withdrawal.traces:
        click.echo(t("withdraw.look"))
    if not dry_run:
        click.echo(t("withdraw.validate"))


def _list_lines(key: str, places: "Iterable[FileLine]") -> None:
    lines = [*places]
    title = t(key, count=len(lines))
    click.echo(t("withdraw.some", title=title) if lines else f"{title}.")
    for place in lines:
        click.echo(t("withdraw.line", file=place.file, line=place.line, text=place.text))


@click.command("reanchor", cls=Command)
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@data_folder_option
@click.option("--method", default="", metavar="NAME")
@click.option("--changed", is_flag=True)
@click.option("--write", is_flag=True)
def reanchor(
    old: Path, new: Path, data: Path | None, method: str, changed: bool, write: bool
) -> int:
    """Move passages to a better text of their document."""
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.release import reanchoring
    from rallynov_graph.release.documents import SourceFile

    done = reanchoring.reanchor(
        SourceFile.read(old),
        SourceFile.read(new),
        data or data_dir(),
        method=method,
        with_changed=changed,
        rehearse=not write,
    )
    altered = [it for it in done.carried if it.outcome is reanchoring.Outcome.CHANGED]
    _list_passages("reanchor.altered", altered)
    _list_passages("reanchor.left", done.left)
    dry = "" if write else "_dry"
    counts = {"carried": len(done.carried), "all": len(done.carried) + len(done.left)}
    kind = "_new" * done.is_new + dry
    click.echo(t(f"reanchor.done{kind}", old=done.old, new=done.new, **counts))
    for file in done.files:
        click.echo(t(f"reanchor.file{dry}", file=file))
    if done.files:
        click.echo(t("reanchor.validate" if write else "reanchor.write"))
    return 1 if done.left else 0


def _list_passages(key: str, passages: "Sequence[AnchoredPassage]") -> None:
    if passages:
        click.echo(t(key, count=len(passages)))
    for it in passages:
        outcome = t(f"reanchor.outcomes.{it.outcome.name.lower()}")
        place = {"name": it.name, "start": it.old.start, "end": it.old.end, "outcome": outcome}
        if it.new:
            place |= {"new_start": it.new.start, "new_end": it.new.end}
        click.echo(t("reanchor.passage_placed" if it.new else "reanchor.passage", **place))
