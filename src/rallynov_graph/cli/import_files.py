"""``rallynov import``: take facts from files into the decisions on a document."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.options import texts_option
from rallynov_graph.cli.programmes import data_of

if TYPE_CHECKING:
    from rallynov_graph.desk.trig_import import Imported

_CURATORS: Final = "agent/curateurs"
_TOLD: Final = {
    "fr": {
        "done": "{} décision(s) notée(s).",
        "left": "{} chose(s) n’ont pas trouvé de place :",
        "next": "rallynov write DOSSIER écrit les fichiers.",
    },
    "en": {
        "done": "{} decision(s) written down.",
        "left": "{} could not be placed:",
        "next": "rallynov write FOLDER writes the files.",
    },
}


@click.command(
    "import",
    epilog="""\b
Examples:
  rallynov import my-newsletters my-newsletters/data/documents/lettre-2
  rallynov import my-newsletters facts.csv --source lettre-2.txt --document lettre-2
  rallynov import my-newsletters hypothesis.json --source lettre-2.txt --document lettre-2

Exit status: 0 everything has its place, 1 something has not (the rest was taken in), 2 a file
cannot be read, and nothing was taken in.""",
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("files", metavar="FILE", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--document", metavar="NAME", help="The document; that of the text or file if not.")
@click.option(
    "--reader", metavar="AGENT", default=_CURATORS, show_default=True, help="Whose reading it is."
)
@texts_option("The text of the document, in which quotations are found; texts/ of FOLDER if not.")
@told_in_language()
def command(
    folder: Path,
    files: tuple[Path, ...],
    document: str | None,
    reader: str,
    texts: tuple[Path, ...],
    lang: str,
) -> int:
    """Take facts from FILE into the decisions on a document of FOLDER.

    A FILE is a table (CSV, a row a fact), annotations as the W3C defines them (of Hypothesis or
    Recogito), or the TriG of a document, which may be its whole folder. What could not be placed is
    listed with its place and the reason.
    """
    from rallynov_graph.desk import importing
    from rallynov_graph.release.documents import SourceFile

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    given = tuple(map(SourceFile.read, texts))
    wanted = importing.Wanted(
        data_of(folder), document, reader, given, now, importing.texts_in(folder)
    )
    done = importing.take_in(wanted, files)
    for remark in dict.fromkeys(wanted.remarks):
        click.echo(f"rallynov: {remark.text(lang)}", err=True)
    return _tell(done, lang)


def _tell(done: "Sequence[Imported]", lang: str) -> int:
    words = _TOLD[lang]
    acts = sum(it.acts for it in done)
    click.echo(words["done"].format(acts))
    unplaced = [one for it in done for one in it.unplaced]
    if unplaced:
        click.echo(words["left"].format(len(unplaced)))
        for one in unplaced:
            click.echo(f"  {one.text(lang)}")
    if acts:
        click.echo(words["next"])
    return 1 if unplaced else 0
