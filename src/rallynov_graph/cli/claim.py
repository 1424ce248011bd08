"""``rallynov claim``: check a claim against the graph."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.cli.language import told_in_language
from rallynov_graph.cli.opened_stores import (
    data_option,
    only_one,
    release_of,
    release_option,
    store_of_files,
)
from rallynov_graph.cli.options import form_option

if TYPE_CHECKING:
    from rallynov_graph.claims.claim_check import ClaimChecker
    from rallynov_graph.claims.claim_report import ClaimReport

    Checking = tuple[ClaimChecker, ClaimReport]


@click.command(
    epilog="""\b
Examples:
  rallynov claim Legeni "liée au thème" Gouvernance
  rallynov claim stage/bge-franche-comte rn:number 1 --certainty explicit
  rallynov claim Mamhique "portée par" MFFC --format json

Things and properties are named by an IRI, whole or short, or by a name: as it is printed, an
acronym, nearly as it is spelt.
Exit status: 0 it holds, 1 it does not hold (contradicted, retracted, open, not stated), 2 error."""
)
@click.argument("subject")
@click.argument("relation")
@click.argument("value", metavar="OBJECT")
@click.option(
    "--certainty",
    type=click.Choice(CERTAINTIES),
    default=LEAST_SURE,
    show_default=True,
    help="How sure it must be at least.",
)
@form_option
@told_in_language("The language of names and sentences.", default="fr")
@release_option
@data_option
def command(
    subject: str,
    relation: str,
    value: str,
    certainty: str,
    form: str,
    lang: str,
    folder: Path | None,
    files: tuple[Path, ...],
) -> int:
    """Tell whether the claim SUBJECT RELATION OBJECT holds, is contradicted, retracted, open or not
    stated, with its evidence and what speaks against it."""
    from rallynov_graph.claims.checked_claim import ClaimWords, Verdict

    only_one(release=folder, data=files)
    # The engine cannot be interrupted: Ctrl-C has to end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    words = ClaimWords(subject, relation, value, certainty)
    with _checking(folder, files, lang, (subject, relation, value)) as (checker, report):
        checked = checker.check(words)
        if form == "json":
            click.echo(json.dumps(report.plain(checked), ensure_ascii=False, indent=2))
        else:
            click.echo(report.text(checked))
    return 0 if checked.verdict is Verdict.HOLDS else 1


@contextmanager
def _checking(
    folder: Path | None, files: tuple[Path, ...], language: str, names: tuple[str, ...]
) -> "Iterator[Checking]":
    """Yield what checks claims; raise UnknownNameError for a thing that was withdrawn."""
    from rallynov_graph.claims.claim_check import ClaimChecker
    from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
    from rallynov_graph.questions.labels import Labels
    from rallynov_graph.questions.page_queries import PageQueries
    from rallynov_graph.release import store_location
    from rallynov_graph.release.finder import Finder, SearchIndexFile

    if files:
        store = store_of_files(files).pages()
        queries = PageQueries(store)
        labels = Labels(queries)
        finder = Finder.of(store, labels, None)
        yield (
            ClaimChecker(queries, labels, finder, b"", language),
            ClaimReport(ClaimSource(labels, language)),
        )
        return
    with release_of(folder) as release:
        release.refuse_withdrawn(names)
        store = store_location.of_release(release).pages()
        queries = PageQueries(store)
        labels = Labels(queries)
        finder = Finder.of(store, labels, SearchIndexFile(store, release))
        source = ClaimSource(labels, language, release.id, release.manifest.issued)
        checker = ClaimChecker(queries, labels, finder, release.shapes.read_bytes(), language)
        yield checker, ClaimReport(source)
