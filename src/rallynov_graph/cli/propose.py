"""``rallynov propose``: what a document may state, for a person to decide."""

import json
from pathlib import Path
from typing import Final

import click

from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.cli.language import told_in_language

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
@told_in_language("The language in which proposals say why.", DEFAULT_LANGUAGE)
def command(folder: Path, document: Path, only_text: bool, lang: str) -> None:
    """Print what the text or PDF in DOCUMENT may state, as a W3C annotation page.

    FOLDER is the folder of a programme, or of its data, and may be empty: what it knows is
    proposed by its addresses. Nothing is stored, and nothing is stated until a person does.
    """
    from rallynov_graph.desk.extraction.reading_document import extract

    extracted = extract(document)
    for remark in extracted.remarks:
        click.echo(_NOTES[lang].format(document, remark.text(lang)), err=True)
    if only_text:
        click.echo(extracted.text, nl=False)
        return
    from rallynov_graph.desk.proposing.annotation_page import annotation_page
    from rallynov_graph.desk.proposing.known_names import known_in
    from rallynov_graph.desk.proposing.proposers_found import propose, remarks

    known = known_in(folder)
    proposals = propose(extracted.text, known)
    for unused in remarks():
        click.echo(_REMARKS[lang].format(unused.text(lang)), err=True)
    page = annotation_page(extracted, proposals, lang, known.extractions)
    click.echo(json.dumps(page, ensure_ascii=False, indent=1))
