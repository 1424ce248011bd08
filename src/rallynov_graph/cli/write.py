"""``rallynov write``: write the TriG of documents as their readers decided."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.programmes import data_of

_WORDS: Final = {
    "fr": {
        "fault": "rallynov : {}",
        "file": "{} : {}",
        "written": "écrit",
        "removed": "supprimé",
        "would be written": "serait écrit",
        "would be removed": "serait supprimé",
        "one": "1 document selon les décisions.",
        "count": "{} documents selon les décisions.",
    },
    "en": {
        "fault": "rallynov: {}",
        "file": "{}: {}",
        "written": "written",
        "removed": "removed",
        "would be written": "would be written",
        "would be removed": "would be removed",
        "one": "1 document as decided.",
        "count": "{} documents as decided.",
    },
}


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
@told_in_language()
def command(folder: Path, document: str | None, dry_run: bool, lang: str) -> int:
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

    words = _WORDS[lang]
    data = data_of(folder)
    folders = [known_folder(data, document)] if document else document_folders(data)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, count = 0, 0
    for each in folders:
        try:
            for it in each.decisions():
                if it.remark is not None:
                    click.echo(words["fault"].format(it.remark.text(lang)), err=True)
            current = current_reading(each)
            if current is None:
                continue
            written = trig_writing.write(each, current, now, rehearse=dry_run)
        except SourceError as error:
            click.echo(words["fault"].format(error.text(lang)), err=True)
            status = 2
            continue
        count += 1
        for file in written:
            if file.fate is not trig_writing.Fate.SAME:
                fate = ("would be " if dry_run else "") + file.fate
                click.echo(words["file"].format(file.path, words[fate]))
    click.echo(words["one" if count == 1 else "count"].format(count))
    return status
