"""``rallynov reanchor``: carry passages to a better text of their document."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.cli.options import data_folder_option

if TYPE_CHECKING:
    from rallynov_graph.release.reanchoring import AnchoredPassage, Reanchoring


@click.command(
    epilog="""\b
Examples:
  rallynov reanchor carnet-2.txt carnet-2-corrected.txt --method transcription
  rallynov reanchor carnet-2.txt carnet-2-corrected.txt --method transcription --write

Words are the same if their letters are: white space and the look of apostrophes, quotation
marks, dashes and ligatures do not count. What could not be placed is listed, and stays in OLD.

Exit status: 0 everything was placed, 1 something was not, 2 a file cannot be read."""
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@data_folder_option
@click.option(
    "--method", default="", metavar="NAME", help="How NEW was made, where the data do not say it."
)
@click.option("--changed", is_flag=True, help="Carry passages, too, of which some words changed.")
@click.option("--write", is_flag=True, help="Change the files of the data, and do not only tell.")
def command(
    old: Path, new: Path, data: Path | None, method: str, changed: bool, write: bool
) -> int:
    """Carry the passages in the text file OLD to the better text in NEW.

    Their addresses stay, and so do the facts; positions and their names follow. Nothing of what
    the texts say is written anywhere.
    """
    from rallynov_graph.base.resources import data_dir
    from rallynov_graph.release.documents import SourceFile
    from rallynov_graph.release.reanchoring import reanchor

    done = reanchor(
        SourceFile.read(old),
        SourceFile.read(new),
        data or data_dir(),
        method=method,
        with_changed=changed,
        rehearse=not write,
    )
    _show(done, write)
    return 1 if done.left else 0


def _show(done: "Reanchoring", write: bool) -> None:
    from rallynov_graph.release.reanchoring import Outcome

    altered = [it for it in done.carried if it.outcome is Outcome.CHANGED]
    _list("carried, with other words inside: read them again", altered)
    _list("left where they are", done.left)
    would = "" if write else "would be "
    click.echo(
        f"{len(done.carried)} of {len(done.carried) + len(done.left)} passages and parts "
        f"{would or 'are '}carried from <{done.old}> to {'the new ' * done.is_new}<{done.new}>."
    )
    for file in done.files:
        click.echo(f"  {file} {'is' if write else 'would be'} changed.")
    if write and done.files:
        click.echo("Run rallynov validate: what needs its old place is found there.")
    elif done.files:
        click.echo("Nothing was changed: --write does it.")


def _list(title: str, passages: "list[AnchoredPassage] | tuple[AnchoredPassage, ...]") -> None:
    if not passages:
        return
    click.echo(f"{len(passages)} {title}:")
    for it in passages:
        place = f", {it.new.start} to {it.new.end} in the new text" if it.new else ""
        click.echo(f"  {it.name} ({it.old.start} to {it.old.end}{place}): {it.outcome}.")
