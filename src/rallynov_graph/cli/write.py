"""``rallynov write``: write the TriG of documents as their readers decided."""

from datetime import UTC, datetime
from pathlib import Path

import click

from rallynov_graph.cli.programmes import data_of


@click.command(
    epilog="""\b
Examples:
  rallynov write my-newsletters
  rallynov write my-newsletters --document lettre-2 --dry-run

Exit status: 0 the files are as it was decided, 2 something is to be mended, and nothing of that
document was written."""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--document", metavar="NAME", help="This document alone.")
@click.option("--dry-run", is_flag=True, help="Tell what would be written, and write nothing.")
def command(folder: Path, document: str | None, dry_run: bool) -> int:
    """Write the TriG of the documents in FOLDER as their readers decided.

    The same decisions give the same files. One that was changed by hand since is not touched:
    rallynov import takes the change in first. After two readings the settled one is written.
    """
    from rallynov_graph.base.errors import SourceError
    from rallynov_graph.desk import trig_writing
    from rallynov_graph.desk.document_folder import (
        current_reading,
        document_folders,
        known_folder,
    )

    data = data_of(folder)
    folders = [known_folder(data, document)] if document else document_folders(data)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, count = 0, 0
    for each in folders:
        try:
            for it in each.decisions():
                if it.remark:
                    click.echo(f"rallynov: {it.remark}", err=True)
            current = current_reading(each)
            if current is None:
                continue
            written = trig_writing.write(each, current, now, rehearse=dry_run)
        except SourceError as error:
            click.echo(f"rallynov: {error}", err=True)
            status = 2
            continue
        count += 1
        for file in written:
            if file.fate is not trig_writing.Fate.SAME:
                click.echo(f"{file.path}: {'would be ' if dry_run else ''}{file.fate}")
    click.echo(f"{count} document{'' if count == 1 else 's'} as decided.")
    return status
