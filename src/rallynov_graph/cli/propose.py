"""``rallynov propose``: what a document may state, for a person to decide."""

import json
from pathlib import Path
from typing import Final

import click

from rallynov_graph.base.languages import DEFAULT_LANGUAGE, LANGUAGES

_NOTES: Final = {"fr": "rallynov : {} : {}.", "en": "rallynov: {}: {}."}
_REMARKS: Final = {"fr": "rallynov : {}.", "en": "rallynov: {}."}


@click.command(
    epilog="""\b
Examples:
  rallynov propose lettres lettre-7.pdf > proposals.json
  rallynov propose lettres lettre-7.pdf --text > lettre-7.txt

The text that --text prints is that in which positions are counted: keep it beside the document,
not in the data. It has what the document has, telephone numbers too; proposals never do.

Exit status: 0 printed, 2 the document or the data cannot be read."""
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("document", type=click.Path(path_type=Path))
@click.option("--text", "only_text", is_flag=True, help="Print the text of the document alone.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=DEFAULT_LANGUAGE,
    show_default=True,
    help="The language in which proposals say why.",
)
def command(folder: Path, document: Path, only_text: bool, language: str) -> None:
    """Print what the text or PDF in DOCUMENT may state, as a W3C annotation page.

    FOLDER is the folder of a programme, or of its data, and may be empty: what it knows is
    proposed by its addresses. Nothing is stored, and nothing is stated until a person does.
    """
    from rallynov_graph.base.errors import RallynovError, SourceError
    from rallynov_graph.desk.extraction.reading_document import extract

    try:
        extracted = extract(document)
        for remark in extracted.remarks:
            click.echo(_NOTES[language].format(document, remark.text(language)), err=True)
        if only_text:
            click.echo(extracted.text, nl=False)
            return
        from rallynov_graph.desk.proposing.annotation_page import annotation_page
        from rallynov_graph.desk.proposing.known_names import known_in
        from rallynov_graph.desk.proposing.proposers_found import propose, remarks

        known = known_in(folder)
        proposals = propose(extracted.text, known)
        for unused in remarks():
            click.echo(_REMARKS[language].format(unused.text(language)), err=True)
    except SourceError as error:
        raise RallynovError(error.text(language)) from error
    page = annotation_page(extracted, proposals, language, known.extractions)
    click.echo(json.dumps(page, ensure_ascii=False, indent=1))
